"""Settings of the tests: the project's own, on embedded servers of their own in ``var/test``."""

import os
from pathlib import Path

os.environ.setdefault("EMBEDDED_DIR", str(Path(__file__).resolve().parent.parent / "var" / "test"))
os.environ.setdefault("EMBEDDED_FOR_TESTS", "1")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the thread of the tests

from config.settings import *  # noqa: F403
from config.settings import DATABASES, REDIS_URL, embedded

suffix = os.environ.get("LINZHI_TEST_SUFFIX", "")
DATABASES["default"]["TEST"] = {"NAME": f"test_linzhi{suffix and '_' + suffix}"}
if os.environ.get("LINZHI_TEST_DATABASE"):  # a worker or server that the tests start uses their database
    DATABASES["default"]["NAME"] = os.environ["LINZHI_TEST_DATABASE"]
number = sum(map(ord, suffix)) % 30 * 2 if suffix else 0
CELERY_BROKER_URL = f"{REDIS_URL}/{number}" if REDIS_URL else embedded.broker_url(number)
CACHES["default"]["LOCATION"] = f"{REDIS_URL}/{number + 1}" if REDIS_URL else embedded.cache_url(number + 1)  # noqa: F405

MEDIA_ROOT = embedded.STATE / f"media{suffix}"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
WHITENOISE_AUTOREFRESH = True  # looks a file up when it is asked for, instead of reading the folder for each client
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
