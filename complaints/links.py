"""The link by which somebody without an account sees all of their complaint: 80 bits, kept only as a fingerprint.

The link can be made again from the row and a secret outside the database, because the text of a message is made when
it is sent; the database alone holds no way to it.
"""

import base64
import hashlib

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from .models import Complainant

BYTES = 10  # 80 bits


def token(complainant: Complainant) -> str:
    """16 letters and digits; another version gives another token."""
    said = f"{complainant.pk}:{complainant.link_version}"
    digest = salted_hmac("complaints.links", said, algorithm="sha256").digest()
    return base64.b32encode(digest[:BYTES]).decode().lower()


def seal(complainant: Complainant) -> None:
    """Keeps the fingerprint by which the link is found again."""
    complainant.link_digest = fingerprint(token(complainant))
    complainant.save(update_fields=["link_digest"])


def fingerprint(typed: str) -> str:
    return hashlib.sha256(typed.encode()).hexdigest()


def path(complainant: Complainant) -> str:
    return reverse("complaints:mine", args=[token(complainant)])


def address(complainant: Complainant) -> str:
    """The whole address, for a text message."""
    return f"{settings.SITE['url']}{path(complainant)}"


def find(typed: str) -> Complainant | None:
    """Whose link it is; None where it is nobody's. The time it takes tells nothing: it is one look at an index."""
    rows = Complainant.objects.select_related("contact__phone", "complaint__merged_into")
    return rows.filter(link_digest=fingerprint(typed.lower())).first()
