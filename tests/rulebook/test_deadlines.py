"""Deadlines after a calendar was loaded. The rows are real ones: a table made for this test alone."""

from datetime import date

import pytest
from django.db import connection, models

from rulebook.deadlines import Term, due_after, moved, recompute
from rulebook.workdays import WorkingDay


class Promise(Term):
    """A deadline of nothing in particular."""

    class Meta:
        app_label = "rulebook"
        managed = False
        db_table = "promise"

    objects = models.Manager()


@pytest.fixture
def promise(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE promise (id bigint GENERATED ALWAYS AS IDENTITY, term_start date,"
            " term_days smallint, term_counting varchar(7), due_on date, due_provisional boolean) ON COMMIT DROP"
        )

    def made(start, days, counting=Term.Counting.WORKING_DAYS):
        row = Promise()
        row.start_term(start, days, counting)
        row.save()
        return row

    return made


@pytest.mark.parametrize(
    ("start", "days", "counting", "due"),
    [
        (date(2026, 9, 28), 10, "working", WorkingDay(date(2026, 10, 16))),
        (date(2026, 7, 3), 90, "rolled", WorkingDay(date(2026, 10, 8))),  # binds payers: rolls over the holiday
        (date(2026, 7, 3), 90, "days", WorkingDay(date(2026, 10, 1))),  # binds offices and firms: does not roll
        (date(2026, 12, 30), 2, "working", WorkingDay(date(2027, 1, 4), True)),
        (date(2026, 12, 30), 2, "rolled", WorkingDay(date(2027, 1, 4), True)),
    ],
)
def test_a_period_ends(db, start, days, counting, due):
    assert due_after(start, days, counting) == due


OLD = WorkingDay(date(2027, 2, 10), True)


@pytest.mark.parametrize(
    ("new", "told", "stands"),
    [
        (WorkingDay(date(2027, 2, 12)), True, WorkingDay(date(2027, 2, 12))),  # later: moves
        (WorkingDay(date(2027, 2, 8)), True, WorkingDay(date(2027, 2, 10))),  # earlier and told: stays
        (WorkingDay(date(2027, 2, 8)), False, WorkingDay(date(2027, 2, 8))),  # earlier and not told: moves
        (WorkingDay(date(2027, 2, 10)), True, WorkingDay(date(2027, 2, 10))),  # the same, but sure now
    ],
)
def test_a_deadline_that_was_told_never_moves_earlier(new, told, stands):
    assert moved(OLD, new, told=told) == stands


def test_a_loaded_year_puts_open_deadlines_right(promise, a_year):
    later = promise(date(2027, 9, 30), 2)
    sure = promise(date(2026, 11, 23), 3)
    assert (later.due_on, later.due_provisional) == (date(2027, 10, 5), True)
    assert recompute(Promise.objects.all(), told=True) == 0
    a_year(2027, "{year}-10-09 班 国庆节")
    assert recompute(Promise.objects.all(), told=True) == 1
    assert recompute(Promise.objects.all(), told=True) == 0
    later.refresh_from_db()
    sure.refresh_from_db()
    assert (later.due_on, later.due_provisional) == (date(2027, 10, 9), False)
    assert (sure.due_on, sure.due_provisional) == (date(2026, 11, 26), False)


def test_a_made_up_saturday_moves_only_what_was_not_told(promise, a_year):
    told, untold = promise(date(2027, 3, 5), 1), promise(date(2027, 3, 5), 1)
    assert told.due_on == date(2027, 3, 8)
    a_year(2027, "{year}-03-06 班 调休")
    recompute(Promise.objects.filter(pk=told.pk), told=True)
    recompute(Promise.objects.filter(pk=untold.pk), told=False)
    told.refresh_from_db()
    untold.refresh_from_db()
    assert (told.due_on, told.due_provisional) == (date(2027, 3, 8), False)
    assert (untold.due_on, untold.due_provisional) == (date(2027, 3, 6), False)


def test_rows_without_a_term_are_left_alone(promise):
    Promise.objects.create()
    assert recompute(Promise.objects.all(), told=False) == 0
