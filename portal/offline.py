"""What the service worker keeps in a phone: its own text, the files and pages of the shell, and their version."""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.urls import reverse

SOURCE = settings.BASE_DIR / "static" / "service_worker.js"
FILES = (
    *("bootstrap/css/bootstrap.min.css", "portal.css", "icons.svg", "favicon.svg", "portal.js"),
    *("drafts.js", "photos.js", "phone.js", "queue.js", "queue_page.js"),
    *("album.js", "patrol_check.js", "patrol.js", "offline_form.js", "complaint.js", "album_form.js"),
    *("recheck.js", "on_site.js"),
)


def pages() -> dict[str, str]:
    """Address → the page kept for it; "*" for every other. Each is the same for everybody."""
    form = reverse("inspections:patrol-offline")
    waiting = reverse("inspections:queue")
    again = reverse("inspections:recheck-offline")
    kept = {reverse("inspections:patrol-new"): form, form: form, waiting: waiting}
    return kept | {reverse("inspections:recheck"): again, again: again, "*": reverse("portal:offline")}


@cache
def version() -> str:
    """Changes with every file and every template that a release brings."""
    manifest = getattr(staticfiles_storage, "manifest_hash", "")
    digest = hashlib.sha256(f"{settings.VERSION}{manifest}".encode())
    for path in [SOURCE, *_templates()]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _templates() -> list[Path]:
    return sorted((settings.BASE_DIR / "templates").rglob("*.html"))


def worker() -> str:
    """The text of /sw.js."""
    known = {
        "VERSION": version(),
        "STATIC": staticfiles_storage.base_url,
        "FILES": [static(name) for name in FILES],
        "PAGES": pages(),
    }
    lines = [f"const {name} = {json.dumps(value)};" for name, value in known.items()]
    return "\n".join([*lines, SOURCE.read_text()])
