"""Every page of the URL table, as the role that sees most of it: axe, themes, large letters, 320 px, console.

A new page is looked at without a word here; what it needs to be opened is in tests/access_cast.py.
"""

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from accounts import notifications, who_can
from tests import access_cast
from tests.browser import eyes
from tests.test_access import urls

# The error pages that anybody can meet, beside those of the URL table.
ODD_PAGES = {"404": "/there-is-no-such-page/"}
ROOMS = sorted({page.name.partition(":")[0] for page in who_can.pages()})


@pytest.fixture
def cast(live_server, transactional_db, monkeypatch):
    kind = notifications.Kind("测试", access_cast.canary_text, ())
    monkeypatch.setitem(notifications.KINDS, "canary", kind)
    return access_cast.build()


def richest(cast, found) -> tuple[str, str] | None:
    """The address and the role for which a page says most; None if it is no page for people."""
    best = {}
    for who, client in cast.clients.items():
        if not found.audience.admits(cast.people.get(who, AnonymousUser())):
            continue
        for relation, url in urls(found, cast, who)[:1]:
            answer = client.get(url) if relation in ("own", "plain") else None
            if answer is not None and answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                best[len(answer.content)] = (who, url)
    return best[max(best)] if best else None


@pytest.mark.timeout(1200)  # a room has dozens of pages, each looked at six times
@pytest.mark.parametrize("room", ROOMS)
def test_every_page_can_be_read_by_everybody(cast, page, base_url, room):
    page.expected_errors += ["/photos/"]  # those of the cast have no file
    faults = []
    for found in (found for found in who_can.pages() if found.name.partition(":")[0] == room):
        seen = richest(cast, found) if "GET" in found.methods else None
        if seen:
            who, url = seen
            as_person(page, cast.clients[who], base_url)
            page.goto(url)
            faults += [f"{found.name} as {who}: {fault}" for fault in eyes.faults_of(page, name_of(found.name))]
    assert not faults, "\n".join(faults)


def test_error_pages_can_be_read_by_everybody(cast, page, base_url):
    page.expected_errors += ["404"]
    for name, url in ODD_PAGES.items():
        page.goto(url)
        eyes.look(page, f"error-{name}")


def as_person(page, client, base_url):
    page.context.clear_cookies()
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    if cookie:
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": base_url}])


def name_of(name: str) -> str:
    return "page-" + name.replace(":", "-")
