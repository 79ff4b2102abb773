"""The plans of the source as data: their own days exactly, others shifted. Issue 10 §1"""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from campaigns import plan_templates, planning
from campaigns.models import PlanTemplate

pytestmark = pytest.mark.django_db

OWN = {  # code: the first day that its phases name, and every phase as the source has it
    "plan1": (
        "2020-04-20",
        [
            ("MOBILISE", "2020-04-20", "2020-04-30"),
            ("DEEPEN", "2020-05-01", "2020-09-30"),
            ("FILL_GAPS", "2020-10-01", "2020-11-30"),
            ("NORMALISE", "2020-12-01", "2020-12-31"),
        ],
    ),
    "plan3": (
        "2020-01-31",
        [
            ("PUBLICITY", "2020-01-31", "2020-02-01"),
            ("SELF_RECTIFY", "2020-02-02", "2020-02-03"),
            ("INSPECT", "2020-02-04", "2020-02-05"),
            ("ATTACK", "2020-02-06", "2020-02-07"),
        ],
    ),
    "plan4": (
        "2021-02-28",
        [
            ("DEPLOY", None, "2021-02-28"),
            ("IMPLEMENT", "2021-03-01", "2021-11-30"),
            ("SUMMARISE", "2021-12-01", "2021-12-31"),
        ],
    ),
    "plan5": (
        "2012-07-31",
        [
            ("DEPLOY", None, "2012-07-31"),
            ("IMPLEMENT", "2012-08-01", "2012-09-30"),
            ("ATTACK", "2012-10-01", None),
            ("SUMMARISE", None, None),
        ],
    ),
    "plan6": (
        "2013-05-25",
        [
            ("SELF_CHECK", "2013-05-25", "2013-06-02"),
            ("RECTIFY", "2013-06-02", "2013-06-15"),
            ("ACCEPT", "2013-06-15", "2013-06-25"),
        ],
    ),
}


def phases(campaign):
    return [
        (phase.code, *(day and day.isoformat() for day in (phase.first_day, phase.last_day)))
        for phase in campaign.ordered_phases
    ]


@pytest.mark.parametrize("code", OWN)
def test_a_plan_opened_on_its_own_day_has_the_days_of_the_source(code, clerk, now):
    starts_on, expected = OWN[code]
    opened = planning.open_from_template(template=code, starts_on=date.fromisoformat(starts_on), by=clerk, now=now)
    assert phases(opened) == expected
    body = PlanTemplate.objects.get(code=code).body
    own_days = sorted(task["due"] for task in body["tasks"] if task.get("due"))
    assert sorted(task.due_on.isoformat() for task in opened.tasks.exclude(due_on=None)) == own_days


def test_days_keep_their_distance_from_the_start(clerk, now):
    opened = planning.open_from_template(template="plan3", starts_on=date(2026, 11, 22), by=clerk, now=now)
    assert phases(opened)[0] == ("PUBLICITY", "2026-11-22", "2026-11-23")
    assert phases(opened)[-1] == ("ATTACK", "2026-11-28", "2026-11-29")


def test_a_start_on_the_same_day_of_another_year_keeps_month_and_day(clerk, now):
    opened = planning.open_from_template(template="plan1", starts_on=date(2024, 4, 20), by=clerk, now=now)
    assert phases(opened)[-1] == ("NORMALISE", "2024-12-01", "2024-12-31")


def test_a_year_of_duties_keeps_month_and_day_whenever_it_starts(clerk, now):
    opened = planning.open_from_template(template="plan4", starts_on=date(2028, 1, 5), by=clerk, now=now)
    assert phases(opened)[0] == ("DEPLOY", None, "2028-02-29")
    dues = {task.text: task.due_on for task in opened.tasks.exclude(due_on=None)}
    assert dues["信息公开栏不少于 4 平方米"] == date(2028, 6, 30)
    assert opened.tasks.filter(due_on=None).exclude(when="").count() == 5


def test_what_a_template_says_is_all_there(clerk, now):
    opened = planning.open_from_template(template="plan6", starts_on=date(2026, 12, 1), by=clerk, now=now)
    assert opened.lead.name == "住建局物管办" and opened.bodies.count() == 3
    assert len(opened.standards) == 7 and opened.items.count() == 7
    assert [step.code for step in opened.ordered_steps] == ["SELF_CHECK", "RECTIFY", "INSPECT", "ACCEPT", "LOOK_BACK"]
    assert opened.state == "draft" and opened.events.get().kind == "drafted"


def test_an_unknown_template_is_said(clerk, now):
    with pytest.raises(ValidationError, match="没有编号是“plan9”的模板"):
        planning.open_from_template(template="plan9", starts_on=date(2026, 12, 1), by=clerk, now=now)


def test_every_template_that_comes_with_the_project_is_one():
    for template in PlanTemplate.objects.all():
        plan_templates.check(template.body)


def test_a_template_with_faults_is_told_each():
    body = PlanTemplate.objects.get(code="plan3").body
    body["tasks"][0] |= {"due": "二月", "lead": "没有的局", "phase": "NOWHERE", "coffee": 1}
    with pytest.raises(ValidationError) as error:
        plan_templates.check(body | {"kind": "party"})
    said = "".join(error.value.messages)
    for words in ("kind 写", "写成 2026-11-24", "牵头单位不在单位里", "没有代号是 NOWHERE", "不认识 coffee"):
        assert words in said
