"""The box for fire hazards: one page, without a name if one likes, straight to the station. Plan 10, issue 7 §1"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from complaints.models import Complaint, ComplaintPhoto
from tests.complaints.pages import hidden
from tests.lib.photos import jpeg

pytestmark = pytest.mark.django_db


def url_of(community):
    return reverse("complaints:report-box-here", args=[community.code])


def tell(client, community, **typed):
    given = {"text": "消防通道堆了沙发", "place": "三单元楼下"} | typed
    return client.post(url_of(community), hidden(client.get(url_of(community))) | given)


def test_the_way_there(stranger, community):
    chooser = reverse("complaints:report-box")
    assert chooser in stranger.get(reverse("portal:home")).content.decode()
    assert url_of(community) in stranger.get(chooser, {"q": "松苑"}).content.decode()
    assert url_of(community) in stranger.get(reverse("portal:gate", args=[community.code])).content.decode()
    page = stranger.get(url_of(community)).content.decode()
    assert "tel:119" in page and "0578-8800123" in page and "可以不留" in page


def test_told_by_nobody_in_particular(stranger, community, firm_row):
    answer = tell(stranger, community)
    row = Complaint.objects.get()
    assert (row.source, row.category, row.level, row.urgency) == ("report_box", "fire", "station", "safety")
    assert row.hidden_from_neighbours and row.on_site_by is not None
    who = row.complainants.get()
    assert who.contact.is_empty and who.wants_no_answer
    slip = stranger.get(answer["Location"]).content.decode()
    assert row.spaced_number in slip and "没有留电话" in slip


def test_with_a_number_it_is_answered_like_any_other(stranger, community):
    tell(stranger, community, phone="13800001234", name="王女士")
    who = Complaint.objects.get().complainants.get()
    assert who.contact.phone.value == "13800001234" and not who.wants_no_answer


def test_smoke_is_life(stranger, community):
    tell(stranger, community, text="配电间冒烟")
    assert Complaint.objects.get().urgency == "life"


def test_sent_twice_it_is_one(stranger, community):
    sent = hidden(stranger.get(url_of(community))) | {"text": "灭火器过期"}
    first, second = (stranger.post(url_of(community), sent) for _ in range(2))
    assert first["Location"] == second["Location"] and Complaint.objects.count() == 1


def test_the_firm_does_not_see_it_before_it_is_asked(stranger, community, as_firm):
    tell(stranger, community)
    assert as_firm.get(Complaint.objects.get().get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"text": ""}, "写一句出了什么事"),
        ({"phone": "1380000123"}, "手机号是 11 位"),
        ({"text": "长" * 5000}, "最多 1000"),
    ],
)
def test_bad_input_is_explained_and_kept(stranger, community, typed, words):
    page = tell(stranger, community, **typed)
    assert page.status_code == 422 and words in page.content.decode()
    assert "三单元楼下" in page.content.decode() and not Complaint.objects.exists()


def test_photos_without_scripts_stay_when_something_else_is_wrong(stranger, community):
    file = SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")
    page = tell(stranger, community, files=file, phone="1")
    assert page.status_code == 422
    page = tell(stranger, community, files=SimpleUploadedFile("b.jpg", b"no picture", "image/jpeg"))
    assert page.status_code == 422 and "b.jpg：" in page.content.decode()
    tell(stranger, community, files=SimpleUploadedFile("c.jpg", jpeg(), "image/jpeg"))
    assert Complaint.objects.get().photos.count() == 1 and ComplaintPhoto.objects.count() >= 1


def test_a_place_that_is_not_there_and_wrong_methods(stranger, community):
    assert stranger.get(reverse("complaints:report-box-here", args=["ZZZZZZ"])).status_code == 404
    assert stranger.put(url_of(community)).status_code == 405
    assert stranger.post(reverse("complaints:report-box")).status_code == 405
