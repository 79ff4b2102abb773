"""Figures of a month with the rows behind them; what strangers may know of a community. Issue 7 §8"""

from datetime import date

import pytest
from django.urls import reverse

from complaints import analysis, charts, handling, judging, merging
from complaints.kinds import Level
from lib.periods import Month
from tests import queries
from tests.complaints.conftest import FRIDAY, MONDAY, TUESDAY, at

pytestmark = pytest.mark.django_db
NOVEMBER = Month(2026, 11)
URL = reverse("complaints:analysis")


@pytest.fixture
def some(make_complaint, answered, complainant, station_clerk, firm, building):
    """One answered after a day and judged well, one after three days, one refused, one merged, one open."""
    slow = make_complaint(text="垃圾又满了", building=building)
    handling.accept(complaint=slow, by=station_clerk, now=MONDAY)
    handling.assign(complaint=slow, level=Level.FIRM, by=station_clerk, now=MONDAY)
    handling.answer(complaint=slow, text="清了", by=firm, now=at("2026-11-28 09:00"))
    handling.refuse(complaint=make_complaint(), reason="重复", go_to="物业", by=station_clerk, now=MONDAY)
    main = make_complaint(text="电梯坏了", building=building)
    merging.merge(main=main, others=make_complaint(text="电梯又坏了"), by=station_clerk, now=MONDAY)
    judging.rate(complainant=complainant, score=5, now=FRIDAY)


def line_of(lines, name):
    return next(line for line in lines if line.name == name)


def test_the_figures_of_a_category(some, clerk):
    lines = analysis.of_month(clerk, NOVEMBER, "category")
    hygiene, lift = line_of(lines, "垃圾和环境卫生"), line_of(lines, "电梯")
    assert (hygiene.cases, hygiene.answered, hygiene.late, hygiene.refused) == (3, 2, 1, 1)
    assert (hygiene.days, hygiene.satisfaction, hygiene.refused_share) == (3.0, "100%", "33%")
    assert (lift.cases, lift.merged, lift.merged_share, lift.satisfaction) == (1, 1, "50%", "—")


def test_the_median_lies_between_one_and_five_days(some, clerk):
    assert line_of(analysis.of_month(clerk, NOVEMBER, "firm"), "演示·安居物业").days == 3.0


def test_satisfaction_is_rounded_down():
    line = analysis.Line(1, "x", 3, 3, 3, 0, 1.0, 3, 2, 0, 0)
    assert (line.satisfaction_bp, line.satisfaction) == (6666, "66%")


@pytest.mark.parametrize("by", ["category", "firm", "community"])
def test_a_figure_counts_exactly_its_rows(some, as_clerk, by):
    """Every number of a line leads to exactly its rows."""
    page = as_clerk.get(URL, {"month": "2026-11", "by": by})
    for line, rows in page.context["lines"]:
        figures = {"counted": line.cases, "answered": line.answered, "late": line.late}
        figures |= {"refused": line.refused, "merged": line.merged, "rated": line.rated}
        for name, number in figures.items():
            listed = as_clerk.get(f"{reverse('complaints:desk')}?{rows[name]}").context["page"].paginator.count
            assert (name, listed) == (name, number)


def test_a_place_of_many_complaints_leads_to_them(make_complaint, building, as_clerk):
    for number in range(3):
        make_complaint(text=f"垃圾又满了 {number}", building=building)
    (again,) = as_clerk.get(URL, {"month": "2026-11"}).context["repeats"]
    listed = as_clerk.get(f"{reverse('complaints:desk')}?{again.query}").context["page"].paginator.count
    assert listed == again.number == 3


def test_places_that_come_again(make_complaint, building, clerk):
    for _ in range(3):
        make_complaint(building=building)
    (again,) = analysis.repeats(clerk, NOVEMBER)
    assert (again.building, again.number) == ("3幢", 3)


@pytest.mark.parametrize("by", ["firm", "community", "category", "moon"])
def test_the_page(some, as_clerk, by):
    assert "2026年11月投诉分析" in as_clerk.get(URL, {"month": "2026-11", "by": by}).content.decode()


@pytest.mark.parametrize("month", ["", "moon", "2026-13", "9999-01", "0001-01", "2026-00", "²-1"])
def test_what_is_no_month_is_this_one(as_clerk, month, db):
    assert as_clerk.get(URL, {"month": month}).status_code == 200


def test_queries_do_not_grow(as_clerk, make_complaint):
    query = {"month": "2026-11", "by": "category"}
    make_complaint()
    one = queries.of(as_clerk, URL, query)
    for text in ("电梯坏了", "停电", "路灯不亮", "楼上太吵"):
        make_complaint(text=text)
    assert queries.of(as_clerk, URL, query) == one


def test_another_station_counts_its_own(some, as_, other_station_head):
    page = as_(other_station_head).get(URL, {"month": "2026-11"})
    assert page.context["lines"] == []


def test_strangers_know_how_many_how_fast_how_satisfied_and_no_words(some, stranger, community, complaint):
    page = stranger.get(reverse("complaints:community-numbers", args=[community.code])).content.decode()
    for words in ("4 件", "满意的占 100%", "垃圾和环境卫生"):
        assert words in page
    for words in ("电梯又坏了", "垃圾桶", "王", complaint.number):
        assert words not in page


def test_a_community_without_complaints(stranger, neighbour_community):
    page = stranger.get(reverse("complaints:community-numbers", args=[neighbour_community.code]))
    assert "没有人反映问题" in page.content.decode()
    assert stranger.get(reverse("complaints:community-numbers", args=["ZZZZZZ"])).status_code == 404


def test_a_chart_has_its_values_on_its_bars():
    chart = charts.bars([("10月", 4, 2), ("11月", 0, 0)])
    assert [bar.value for bar in chart.bars] == [4, 2, 0, 0]
    assert chart.bars[0].height == 2 * chart.bars[1].height
    assert charts.bars([]).bars == []


def test_what_messages_say(answered, complainant, firm):
    from accounts import notifications
    from accounts.models import Message

    read = notifications.read_texts(list(Message.objects.all()))
    assert all(message.text for message in read)
    for message in read:
        assert "垃圾桶" not in message.text.body and "王女士" not in message.text.body
    sms = next(message for message in read if message.kind == "complaint-answered")
    assert answered.spaced_number in sms.text.body and sms.text.url.startswith("/complaints/my/")


def test_the_day_of_the_figures_is_the_registration(some, clerk):
    assert analysis.of_month(clerk, Month(2026, 10), "firm") == []
    assert analysis.by_month(clerk, NOVEMBER)[-1][:2] == (NOVEMBER, 4)
    assert date(2026, 11, 23) in NOVEMBER and TUESDAY > MONDAY
