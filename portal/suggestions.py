"""Suggestions about the portal itself."""

from datetime import datetime

from accounts.models import Suggestion


def send(*, text: str, page: str, by, now: datetime) -> Suggestion:
    """Keeps a suggestion; ``by`` may be a stranger."""
    return Suggestion.objects.create(text=text, page=page, by=by if by.is_authenticated else None, at=now)
