"""How many queries a page takes; a list takes the same for few rows as for many."""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def of(client, url: str, query: dict | None = None) -> int:
    """Queries of the page, all included: session, user, roles, unread messages, demo mark. What a process remembers
    it has read before."""
    client.get(url, query)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url, query).status_code == 200
    return len(seen)
