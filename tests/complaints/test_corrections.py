"""A wrong category or community is put right with a reason; what it was stands in the story. Issue 7 §4"""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import Message
from complaints import corrections, handling
from complaints.models import Complaint, State
from lib.states import WrongState
from tests.complaints.conftest import TUESDAY

pytestmark = pytest.mark.django_db


def test_another_category_with_what_it_was(with_firm, station_clerk):
    say = {"complaint": with_firm, "by": station_clerk, "now": TUESDAY}
    with pytest.raises(ValidationError):
        corrections.recategorise(category="lift", reason="", **say)
    with pytest.raises(ValidationError):
        corrections.recategorise(category="hygiene", reason="看错", **say)
    corrections.recategorise(category="pile", reason="是堆物", **say)
    row = Complaint.objects.get()
    assert (row.category, row.level) == ("pile", "firm")
    assert row.events.get(kind="changed").text == "类别从垃圾和环境卫生改为乱堆乱放：是堆物"


def test_another_community_begins_there_with_its_firm(
    with_firm, clerk, neighbour_community, other_firm_row, other_station_head
):
    before = with_firm.reply_by
    corrections.relocate(complaint=with_firm, community=neighbour_community, reason="走错门", by=clerk, now=TUESDAY)
    row = Complaint.objects.get()
    assert (row.community, row.firm, row.state) == (neighbour_community, other_firm_row, State.REGISTERED)
    assert (row.firm_was_asked, row.reply_by, row.accept_by) == (False, before, date(2026, 11, 25))
    assert "小区从" in row.events.get(kind="changed").text
    assert Message.objects.filter(kind="complaint-new", about_key=str(row.pk)).exists()


def test_without_a_firm_there_the_station_answers(with_firm, clerk, neighbour_community):
    corrections.relocate(complaint=with_firm, community=neighbour_community, reason="走错门", by=clerk, now=TUESDAY)
    row = Complaint.objects.get()
    assert (row.level, row.firm, row.reply_by) == ("station", None, date(2026, 11, 30))


def test_what_stays_where_it_is(answered, complaint, make_complaint, clerk, station_clerk, neighbour_community, firm):
    say = {"community": neighbour_community, "reason": "走错门", "now": TUESDAY}
    with pytest.raises(WrongState):
        corrections.relocate(complaint=answered, by=clerk, **say)
    other = make_complaint()
    with pytest.raises(PermissionDenied):
        corrections.relocate(complaint=other, by=firm, **say)
    with pytest.raises(ValidationError):
        corrections.relocate(complaint=other, by=clerk, **(say | {"community": other.community}))


def test_page_by_page_and_back_to_the_desk_when_it_is_elsewhere(as_, station_clerk, complaint, neighbour_community):
    client = as_(station_clerk)

    def act(doing, **typed):
        return client.post(reverse("complaints:act", args=[complaint.pk, doing]), typed)

    assert act("recategorise", category="lift").status_code == 422
    assert act("recategorise", category="lift", reason="是电梯").status_code == 302
    assert "没有这个小区" in act("relocate", community="月亮", reason="x").content.decode()
    moved = act("relocate", community=neighbour_community.name, reason="走错门")
    assert moved["Location"] == reverse("complaints:desk")
    assert client.get(reverse("complaints:detail", args=[complaint.pk])).status_code == 404


def test_a_handler_is_chosen_among_the_level(as_, station_clerk, complaint, firm, clerk, other_firm):
    client = as_(station_clerk)
    accept = reverse("complaints:act", args=[complaint.pk, "accept"])
    page = client.get(accept).content.decode()
    assert f'value="{firm.pk}"' in page and f'value="{other_firm.pk}"' not in page
    wrong = client.post(accept, {"level": "station", "handler": firm.pk})
    assert wrong.status_code == 422 and "请另选经办人" in wrong.content.decode()
    assert Complaint.objects.get().state == State.REGISTERED
    assert client.post(accept, {"level": "firm", "handler": firm.pk}).status_code == 302
    assert Complaint.objects.get().handler == firm
    with pytest.raises(ValidationError):
        handling.assign(complaint=Complaint.objects.get(), level="town", handler=firm, by=clerk, now=TUESDAY)
