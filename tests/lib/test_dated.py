"""Rows with a first and a last day, shown on role grants."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.transaction import atomic

from accounts.models import RoleGrant
from accounts.roles import Role
from lib.dated import BeijingDay, holding, holding_between

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 30)


@pytest.fixture
def somebody(make_user):
    return make_user("somebody", "某人")


@pytest.fixture
def grant(somebody):
    def make(first_day, last_day=None, role=Role.CADRE):
        return RoleGrant.objects.create(
            user=somebody, role=role, first_day=first_day, last_day=last_day, origin="setup"
        )

    return make


@pytest.mark.parametrize(
    ("day", "holds"),
    [(date(2026, 4, 30), False), (MAY, True), (date(2026, 6, 1), True), (JUNE, True), (date(2026, 7, 1), False)],
)
def test_both_ends_are_included(grant, day, holds):
    row = grant(MAY, JUNE)
    assert row.holds_on(day) == holds
    assert RoleGrant.objects.on(day).filter(pk=row.pk).exists() == holds
    assert RoleGrant.objects.filter(holding(day), pk=row.pk).exists() == holds
    assert type(row.user).objects.filter(holding(day, "grants__")).exists() == holds


def test_without_a_last_day_it_holds_until_further_notice(grant):
    row = grant(MAY)
    assert row.holds_on(date(2099, 1, 1))
    assert RoleGrant.objects.on(date(2099, 1, 1)).exists()


@pytest.mark.parametrize(
    ("first", "last", "meets"),
    [
        (date(2026, 1, 1), date(2026, 4, 30), False),
        (date(2026, 1, 1), MAY, True),
        (date(2026, 5, 10), date(2026, 5, 10), True),
        (JUNE, date(2026, 12, 31), True),
        (date(2026, 7, 1), date(2026, 12, 31), False),
    ],
)
def test_rows_of_a_span_of_days(grant, first, last, meets):
    grant(MAY, JUNE)
    assert RoleGrant.objects.between(first, last).exists() == meets
    assert RoleGrant.objects.filter(holding_between(first, last)).exists() == meets


def test_constraint_in_order(grant):
    grant(MAY, MAY)
    with pytest.raises(IntegrityError, match="role_grant_days"), atomic():
        grant(JUNE, MAY, Role.RESIDENT)


@pytest.mark.parametrize(
    ("first", "last", "clashes"),
    [
        (date(2026, 4, 1), date(2026, 4, 30), False),
        (date(2026, 4, 1), MAY, True),
        (JUNE, None, True),
        (date(2026, 7, 1), None, False),
    ],
)
def test_constraint_no_overlap(grant, first, last, clashes):
    grant(MAY, JUNE)
    if not clashes:
        assert grant(first, last)
        return
    with pytest.raises(IntegrityError, match="role_grant_once"), atomic():
        grant(first, last)


def test_a_clash_is_explained(grant, somebody):
    grant(MAY)
    with pytest.raises(ValidationError, match="这段日子"):
        RoleGrant(user=somebody, role=Role.CADRE, first_day=JUNE, origin="setup").validate_constraints()


def test_the_beijing_day_of_a_moment_in_sql(grant):
    row = grant(MAY)
    for moment, day in ((datetime(2026, 11, 22, 15, 59, tzinfo=UTC), 22), (datetime(2026, 11, 22, 16, tzinfo=UTC), 23)):
        RoleGrant.objects.filter(pk=row.pk).update(withdrawn_at=moment)
        assert RoleGrant.objects.values_list(BeijingDay("withdrawn_at"), flat=True).get(pk=row.pk) == date(
            2026, 11, day
        )
