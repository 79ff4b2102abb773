"""Who may what, since when, by whom; looked at once a year; when somebody last came, only roughly. Issue 5 §7"""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import grants, people, sessions
from accounts.models import RoleGrant, RoleReview, User
from accounts.roles import Role
from lib.states import WrongState
from tests import queries

pytestmark = pytest.mark.django_db
LIST = reverse("accounts:role-list")


def review(grant) -> str:
    return reverse("accounts:role-review", args=[grant.pk])


def test_who_may_what_since_when_by_whom(as_, administrator, town_head, clerk, now, today):
    grant = grants.propose(user=clerk, role=Role.FUND_CLERK, by=administrator, first_day=today, now=now)
    grants.check(grant=grant, by=town_head, now=now)
    page = as_(administrator).get(LIST, {"q": "李敏"}).content.decode()
    for said in ("李敏", "维修资金经办", "孙管理授予", "赵建平复核", "从没登录过"):
        assert said in page


def test_filters(as_, administrator, town_head, clerk):
    found = as_(administrator).get(LIST, {"role": "town_clerk"}).context["page"]
    assert [grant.user for grant in found] == [clerk]
    assert not list(as_(administrator).get(LIST, {"only": "ending"}).context["page"])
    assert as_(administrator).get(LIST, {"role": "x", "only": "x", "page": "x", "q": "\0"}).status_code == 200


@pytest.mark.parametrize(("year", "words"), [(None, "从没登录过"), (2026, "今年登录过"), (2025, "今年还没登录")])
def test_when_somebody_last_came(clerk, year, words):
    clerk.last_year = year
    assert people.came_last(clerk, today=date(2026, 11, 25)) == words


def test_only_the_year_is_kept(clerk, rf, stranger):
    request = rf.get("/")
    request.session = stranger.session
    sessions.begin(request, clerk)
    clerk.refresh_from_db()
    assert clerk.last_year == timezone.localdate().year and not hasattr(clerk, "date_joined")
    assert User._meta.get_field("last_year").get_internal_type() == "PositiveSmallIntegerField"


def test_looked_at_once_a_year_by_somebody_else(administrator, town_head, clerk, now, today):
    grant = clerk.grants.get()
    assert grant in RoleGrant.objects.to_review(today)
    grants.review(grant=grant, by=town_head, now=now)
    assert grant not in RoleGrant.objects.to_review(today)
    with pytest.raises(WrongState):
        grants.review(grant=grant, by=administrator, now=now)
    assert grant in RoleGrant.objects.to_review(date(today.year + 1, 1, 1))


def test_a_role_of_this_year_waits_for_the_next(clerk, today):
    RoleGrant.objects.update(first_day=date(today.year, 1, 1))
    assert not RoleGrant.objects.to_review(today).exists()


def test_a_review_stays(town_head, clerk, now):
    grants.review(grant=clerk.grants.get(), by=town_head, now=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        RoleReview.objects.update(year=2000)


def test_once_by_the_database(town_head, clerk, now):
    from tests.communities.test_constraints import refused_by

    row = {"grant": clerk.grants.get(), "year": 2026, "by": town_head, "at": now}
    refused_by("role_review_once", RoleReview(**row), RoleReview(**row))


def test_on_the_page(as_, administrator, town_head, clerk):
    client = as_(town_head)
    page = client.get(LIST, {"only": "review"}).content.decode()
    assert "还需要" in page and "由别人来看" in page
    assert client.post(review(clerk.grants.get())).status_code == 302
    assert RoleReview.objects.get().by == town_head
    assert client.post(review(town_head.grants.get())).status_code == 403
    assert client.get(review(clerk.grants.get())).status_code == 405


def test_a_clerk_only_looks(as_clerk, town_head):
    page = as_clerk.get(LIST).content.decode()
    assert "还需要" not in page
    assert as_clerk.post(review(town_head.grants.get())).status_code == 403


def test_not_for_others(as_cadre, as_station_head, stranger):
    assert as_cadre.get(LIST).status_code == as_station_head.get(LIST).status_code == 403
    assert stranger.get(LIST).status_code == 302


def test_the_list_takes_the_same_queries(as_, administrator, make_user):
    few = queries.of(as_(administrator), LIST)
    for number in range(8):
        make_user(f"n{number}", f"人{number}", Role.TOWN_CLERK)
    assert queries.of(as_(administrator), LIST) == few
