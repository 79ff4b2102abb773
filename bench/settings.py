"""Settings of the benches: the project's own, on embedded servers of their own in ``var/bench``."""

import os
from pathlib import Path

os.environ.setdefault("EMBEDDED_DIR", str(Path(__file__).resolve().parent.parent / "var" / "bench"))
os.environ.setdefault("EMBEDDED_FOR_TESTS", "1")

from config.settings import *  # noqa: F403
from config.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ.get("BENCH_DATABASE") or DATABASES["default"]["NAME"]
ROOT_URLCONF = "bench.urls"
ALLOWED_HOSTS = ["*"]
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
if not os.environ.get("EMAIL_URL"):
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
