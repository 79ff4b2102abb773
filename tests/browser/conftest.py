"""A real browser, held as a person holds it: a phone by default, Chinese, in Beijing; silent in the console.

The browser is the one named by CHROMIUM, else Debian's chromium, else Chrome. Pictures go to var/shots (ignored).
"""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.browser.eyes import PHONE, SIZES

SLOW = 20_000  # milliseconds that a busy machine may take until a page shows what it must
expect.set_options(timeout=SLOW)

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs in the thread of the test


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("browser")


def chromium() -> str | None:
    """The browser to use; without one of these names playwright looks for its own."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    args = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": chromium(), "args": args}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": SIZES[PHONE],
        "has_touch": True,
        "reduced_motion": "reduce",
        "service_workers": "block",  # they hide requests from page.route; test_without_signal.py allows them
    }


@pytest.fixture(scope="session")
def base_url(live_server):
    """Addresses in tests are paths: `page.goto("/patrols/")`."""
    return live_server.url


@pytest.fixture
def context(context):
    """All tabs of a test wait alike."""
    context.set_default_timeout(SLOW)
    return context


@pytest.fixture
def page(page):
    """A page whose console stays silent: an error there fails the test, whatever the page looked like."""
    said = []
    page.on("console", lambda message: said.append(_words(message)) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.expected_errors = []
    yield page
    unexpected = [text for text in said if not any(part in text for part in page.expected_errors)]
    assert not unexpected, f"the browser's console said: {unexpected}"


def _words(message) -> str:
    return f"{message.text} {message.location.get('url', '')}"


@pytest.fixture
def blank_page(page):
    """An empty page of the site, to try one script in."""
    empty = '<!doctype html><html lang="zh-CN"><link rel="icon" href="data:,"><title>空</title>'
    page.route("**/blank", lambda route: route.fulfill(body=empty, content_type="text/html"))
    page.goto("/blank")
    return page


@pytest.fixture
def signed_in(page, base_url, as_):
    """`signed_in(cadre)` gives the page the cadre's session, without the way through the sign-in form."""

    def sign_in(user):
        cookie = as_(user).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": base_url}])
        return page

    return sign_in
