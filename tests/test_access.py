"""Nobody reads or writes what is not theirs: every address × every role × own, stranger's and no row × every method.

The addresses come from the URL table (accounts/who_can.py), the people and rows from tests/access_cast.py.

- nobody signed in is led to the door; a role outside the audience gets 403; a method a page does not take 405;
- a stranger to a row gets 404, as for a row that is not there; somebody who may read but not act gets 403;
- words of other people's rows are in no answer; what was denied left the database as it was.
"""

import re
from dataclasses import dataclass

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.urls import reverse

from accounts import admin_rows, notifications, who_can
from accounts.roles import WHO_MAY, Role
from tests import access_cast

pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST", "PUT", "DELETE")
EVERYBODY = [*Role, "roleless", "anonymous"]
REFUSED = {403, 404, 405}
ADMITTED = {200, 302, 403, 409, 422}
PAGES = {page.name: page for page in who_can.pages()}


@pytest.fixture(scope="module")
def cast(django_db_setup, django_db_blocker):
    """Built once: what is denied writes nothing, and what is not is taken back after each call."""
    kind = notifications.Kind("测试", access_cast.canary_text, ())
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setitem(notifications.KINDS, "canary", kind)
        yield access_cast.build()
        transaction.set_rollback(True)


@dataclass
class Call:
    """One request of the sweep: who calls which address how, and what they are to the row."""

    page: who_can.Page
    who: Role | str
    method: str
    relation: str  # own, stranger, none; plain for an address without arguments
    url: str

    def __str__(self) -> str:
        return f"{self.who} {self.method} {self.page.name} ({self.relation})"

    def make(self, cast):
        client = cast.clients[self.who]
        if self.method == "POST":
            return client.post(self.url, access_cast.DATA.get(self.page.name, {}))
        return client.generic(self.method, self.url)


# ---------------------------------------------------------------- the pages


@pytest.mark.parametrize("name", PAGES)
def test_access(cast, name):
    calls = calls_of(PAGES[name], cast)
    before = fingerprint()
    faults = [fault for call in calls if denial(call, cast) for fault in denied(call, cast)]
    assert faults == []
    assert fingerprint() == before, "something that was denied wrote to the database"
    assert admitted([call for call in calls if not denial(call, cast)], cast) == []


def calls_of(page, cast) -> list[Call]:
    """Every method for every relation; one relation is enough where the audience refuses, which looks at no row."""
    calls = []
    for who in EVERYBODY:
        relations = urls(page, cast, who)
        admits = page.audience.admits(cast.people.get(who, AnonymousUser()))
        for relation, url in relations if admits else relations[:1]:
            calls += [Call(page, who, method, relation, url) for method in METHODS]
    return calls


def urls(page, cast, who) -> list[tuple[str, str]]:
    """The relations of a person to the rows of an address, with the filled address for each; one's own first."""
    if not page.arguments:
        return [("plain", reverse(page.name))]
    assert page.name in access_cast.FILL, f"tests/access_cast.py does not say how to fill {page.name}"
    sight = access_cast.FILL[page.name](cast, who)
    found = [("own", sight.own), ("stranger", sight.stranger), ("none", not_there(page))]
    return [(relation, reverse(page.name, kwargs=kwargs)) for relation, kwargs in found if kwargs is not None]


def not_there(page) -> dict:
    """Arguments that lead to no row, by the converters in the path."""
    return {name: access_cast.NOT_THERE[kind] for kind, name in re.findall(r"<(\w+):(\w+)>", page.path)}


# ---------------------------------------------------------------- what must come of a call


def denial(call: Call, cast) -> int | None:
    """The status by which the audience or the method refuses a call; None when it is let in."""
    audience = call.page.audience
    if call.who == "anonymous":
        if audience.signed_in:
            return 302
    elif not audience.admits(cast.people[call.who]):
        return 403
    return None if call.method in call.page.methods else 405


def denied(call: Call, cast) -> list[str]:
    """Makes a call that must be refused; what was wrong, in words."""
    with transaction.atomic():
        response = call.make(cast)
    wrong = [] if response.status_code == denial(call, cast) else [f"{call}: {response.status_code}"]
    if response.status_code == 302 and not response["Location"].startswith("/account/sign-in/"):
        wrong.append(f"{call}: led to {response['Location']}")
    return wrong + leaks(call, cast, response)


def admitted(calls: list[Call], cast) -> list[str]:
    """Makes calls that are let in and takes each back afterwards; what was wrong, in words."""
    faults, refused = [], set()  # refused: who may not act at all is told so before a row is looked for
    for call in calls:
        with transaction.atomic():
            before, cookies = writes(), cast.clients[call.who].cookies.copy()
            response = call.make(cast)
            wrote = writes() - before
            transaction.set_rollback(True)
        cast.clients[call.who].cookies = cookies  # a session that was ended is there again
        status = response.status_code
        if call.relation == "own" and status == 403:
            refused.add((call.who, call.method))
        if status not in expected(call, refused):
            faults.append(f"{call}: {status}")
        if status in REFUSED and wrote:
            faults.append(f"{call}: {status}, and yet {wrote} rows were written")
        faults += leaks(call, cast, response)
    return faults


def expected(call: Call, refused: set) -> set[int]:
    if call.relation in ("stranger", "none"):
        return {404, 403} if (call.who, call.method) in refused else {404}
    acts = call.who in access_cast.MAY.get(call.page.name, EVERYBODY)
    if not acts and call.method == "POST":
        return {403}
    return ADMITTED | access_cast.ODD.get(call.page.name, set())


def leaks(call: Call, cast, response) -> list[str]:
    """Other people's words in the answer."""
    body = (b"".join(response) if response.streaming else response.content).decode(errors="replace")
    return [
        f"{call} shows {words}" for words, readers in cast.canaries.items() if call.who not in readers and words in body
    ]


# ---------------------------------------------------------------- the admin

ADMIN_PAGES = {page.model._meta.label_lower: page for page in admin_rows.registered()}


@pytest.mark.parametrize("label", ADMIN_PAGES)
def test_admin_access(cast, label):
    page, before = ADMIN_PAGES[label], fingerprint()
    faults = [fault for who in EVERYBODY for fault in admin_faults(page, cast, who)]
    assert faults == []
    assert fingerprint() == before, "looking, or something that was denied, wrote to the database"


def admin_faults(page, cast, who) -> list[str]:
    """Looks at every page of a table in the admin, and tries to add, change and delete."""
    user, client = cast.people.get(who), cast.clients[who]
    faults = []
    for what, method, url, status in admin_calls(page, user):
        response = client.generic(method, url)
        if response.status_code not in status:
            faults.append(f"{who} {method} {what}: {response.status_code} and not {status}")
        faults += leaks(Call(None, who, method, what, url), cast, response) if response.status_code != 200 else []
    return faults


def admin_calls(page, user):
    """What is tried, how, where, and which answers are right."""
    name = f"admin:{page.opts.app_label}_{page.opts.model_name}"
    yield "list", "GET", reverse(f"{name}_changelist"), {sees(page, user)}
    yield "add", "GET", reverse(f"{name}_add"), {adds(page, user), 302}  # some lead to a page of the portal
    for relation, row in admin_rows_of(page, user):
        seen = sees(page, user) if relation == "own" else gone(page, user)
        yield f"{relation} row", "GET", reverse(f"{name}_change", args=[row.pk]), {seen}
        yield f"{relation} row away", "POST", reverse(f"{name}_delete", args=[row.pk]), deletes(page, user, relation)


def deletes(page, user, relation) -> set[int]:
    """Nobody deletes, but for the few tables that say so: there whoever acts is asked to confirm, on own rows."""
    if sees(page, user) == 302:
        return {302}
    says_so = type(page).has_delete_permission is not admin_rows.Rows.has_delete_permission or page.deletable
    acts = says_so and relation == "own" and not WHO_MAY[page.act].make.isdisjoint(user.roles)
    return {403, 200} if acts else {403, 302} if says_so else {403}


def sees(page, user) -> int:
    """Led to the door, refused there, or let in."""
    if user is None or not user.is_staff:
        return 302
    return 403 if page.viewers.isdisjoint(user.roles) else 200


def adds(page, user) -> int:
    status = sees(page, user)
    may = status == 200 and page.act and not page.read_only and not WHO_MAY[page.act].make.isdisjoint(user.roles)
    return status if status != 200 or may else 403


def gone(page, user) -> int:
    """A row that one does not see is not there: the admin leads back to its first page."""
    return 302 if sees(page, user) == 200 else sees(page, user)


def admin_rows_of(page, user):
    """A row that the person sees and one that they do not, as far as there are such."""
    rows = page.model._default_manager.all()
    seen = rows.visible_to(user) if user else rows.none()
    own, stranger = seen.first(), rows.exclude(pk__in=seen.values("pk")).first()
    return [(relation, row) for relation, row in (("own", own), ("stranger", stranger)) if row]


def test_every_page_of_the_admin_shows_the_sites_rows():
    assert [page for page in admin.site._registry.values() if not isinstance(page, admin_rows.Rows)] == []


# ---------------------------------------------------------------- what the database holds


def fingerprint() -> dict[str, str]:
    """What every table holds, as one number each; but for sessions, which carry sentences to the next page."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_session'")
        tables = sorted(name for (name,) in cursor.fetchall())
        rows = "count(*)::text || coalesce(sum(hashtextextended(t::text, 0))::text, '')"
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', {rows} FROM \"{table}\" t" for table in tables))
        return dict(cursor.fetchall())


def writes() -> int:
    """How many rows this transaction has written so far, those taken back included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables")
        return int(cursor.fetchone()[0])
