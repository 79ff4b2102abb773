"""A resident complains without an account and without scripts: four steps, a number, a slip. Issue 7 §1–3"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from complaints.models import Complainant, Complaint, ComplaintPhoto
from tests.complaints.pages import hidden, walk
from tests.lib.photos import jpeg

pytestmark = pytest.mark.django_db


def url_of(community):
    return reverse("complaints:new-here", args=[community.code])


@pytest.mark.parametrize("words", ["松苑", "songyuan", "yssy"])
def test_the_community_is_found_by_name_pinyin_and_initials(stranger, community, words):
    page = stranger.get(reverse("complaints:new"), {"q": words})
    assert url_of(community) in page.content.decode()


def test_all_pages_name_whom_to_call(stranger, community):
    for page in (stranger.get(reverse("complaints:new")), stranger.get(url_of(community))):
        said = page.content.decode()
        assert "tel:119" in said and "0578-8800123" in said
    assert "0578-8800201" in said


def test_an_empty_search_says_what_to_do(stranger, community):
    assert "没有找到这个小区" in stranger.get(reverse("complaints:new"), {"q": "不存在"}).content.decode()


def test_from_the_gate_to_the_slip(stranger, community, firm_row):
    page = walk(stranger, community, place="北门右手边", name="王女士")
    complaint = Complaint.objects.get()
    assert page.status_code == 302
    slip = stranger.get(page["Location"]).content.decode()
    assert complaint.spaced_number in slip and "这天以前，演示·安居物业告诉您结果" in slip
    assert (complaint.place, complaint.registered_by) == ("北门右手边", None)


def test_sent_twice_it_is_one_and_leads_to_the_same_slip(stranger, community):
    check = walk(stranger, community, upto="check")
    sent = hidden(check) | {"category": "hygiene", "same": "", "step": "submit"}
    first, second = (stranger.post(url_of(community), sent) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"text": ""}, "写一句出了什么事"),
        ({"text": "长" * 5000}, "最多 1000 个字"),
        ({"phone": "1380000123"}, "手机号是 11 位数字"),
        ({"phone": ""}, "写上电话"),
        ({"category": "moon"}, "moon"),
        ({"place": "长" * 101}, "最多 100 个字"),
    ],
)
def test_bad_input_is_explained_and_what_was_typed_is_kept(stranger, community, given, words):
    page = walk(stranger, community, **given)
    said = page.content.decode()
    assert page.status_code == 422
    assert words in said
    assert given.get("text") == "" or "垃圾桶" in said or "长长长" in said
    assert Complaint.objects.count() == 0


def test_script_is_shown_as_text(stranger, community):
    said = walk(stranger, community, text="<script>alert(1)</script>", upto="check").content.decode()
    assert "<script>alert" not in said and "&lt;script&gt;alert" in said


def test_danger_to_life_says_first_whom_to_call(stranger, community):
    for step in ("contact", "check"):
        said = walk(stranger, community, text="有人困在电梯里", upto=step).content.decode()
        assert '先打 <a href="tel:119">' in said
    assert "先打 <a" not in walk(stranger, community, upto="check").content.decode()


def test_the_category_is_chosen_by_words_and_says_by_which(stranger, community):
    said = walk(stranger, community, text="路灯不亮", upto="check").content.decode()
    assert "您写了“路灯”" in said
    assert 'value="facility" id="id_category_9" checked' in said or 'value="facility"' in said


def test_going_back_keeps_everything(stranger, community):
    check = walk(stranger, community, upto="check", place="北门")
    back = stranger.post(url_of(community), hidden(check) | {"step": "what"})
    assert back.status_code == 200
    assert "垃圾桶" in back.content.decode() and "北门" in back.content.decode()
    assert hidden(back)["phone"] == "13800001234"


def test_a_photo_without_scripts(stranger, community):
    url = url_of(community)
    first = hidden(stranger.get(url))
    file = SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")
    page = stranger.post(url, first | {"text": "", "step": "contact", "files": file})
    assert page.status_code == 422  # the text is missing; the photo stays
    kept = hidden(page)
    assert kept["photos"] == str(ComplaintPhoto.objects.get().client_id)
    page = stranger.post(url, kept | {"text": "垃圾没人收", "step": "contact"})
    page = stranger.post(url, hidden(page) | {"phone": "13800001234", "step": "check"})
    stranger.post(url, hidden(page) | {"category": "hygiene", "step": "submit"})
    assert Complaint.objects.get().photos.count() == 1


def test_a_broken_photo_gets_a_sentence(stranger, community):
    file = SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")
    page = stranger.post(
        url_of(community), hidden(stranger.get(url_of(community))) | {"text": "垃圾", "step": "contact", "files": file}
    )
    assert page.status_code == 422
    assert "a.jpg：" in page.content.decode()


# ---------------------------------------------------------------- 我也遇到


def test_similar_cases_are_offered_without_their_words(stranger, community, make_complaint):
    from django.utils import timezone

    make_complaint(now=timezone.now(), text="垃圾桶满了，我家住 3-1-502")
    said = walk(stranger, community, upto="check").content.decode()
    assert "我也遇到了" in said and "3-1-502" not in said


def test_joining_instead_of_writing_again(stranger, community, make_complaint):
    from django.utils import timezone

    case = make_complaint(now=timezone.now())
    page = walk(stranger, community, same=str(case.pk), phone="13900005678")
    assert page.status_code == 302
    assert Complaint.objects.count() == 1
    joined = Complainant.objects.get(joined=True)
    said = stranger.get(reverse("complaints:mine", args=[page["Location"].split("/")[-3]])).content.decode()
    assert case.spaced_number in said and case.text not in said
    assert joined.contact.phone.value == "13900005678"


def test_a_community_that_is_not_there(stranger, community):
    assert stranger.get(reverse("complaints:new-here", args=["ZZZZZZ"])).status_code == 404


def test_a_wrong_method(stranger, community):
    assert stranger.put(url_of(community)).status_code == 405
    assert stranger.post(reverse("complaints:new")).status_code == 405


def test_get_writes_nothing(stranger, community):
    stranger.get(url_of(community))
    assert Complaint.objects.count() == 0


def test_one_address_is_stopped_after_its_share(stranger, community, monkeypatch):
    from accounts import limits

    def full(*args, **more):
        raise limits.TooMany("刚才发得太多了，过一会儿再发。急事请打电话。")

    monkeypatch.setattr(limits, "take", full)
    page = walk(stranger, community)
    assert page.status_code == 422 and "刚才发得太多了" in page.content.decode()


# ---------------------------------------------------------------- photos ahead


def test_a_photo_is_sent_ahead_by_anybody(stranger, db):
    from uuid import uuid4

    client_id = uuid4()
    file = SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")
    answer = stranger.post(reverse("complaints:photo-upload"), {"client_id": client_id, "file": file})
    assert answer.json() == {"id": str(client_id)}
    assert stranger.get(reverse("complaints:photo-sent", args=[client_id])).status_code == 404  # not made yet
    from complaints import photos

    photos.process_waiting()
    assert stranger.get(reverse("complaints:photo-sent", args=[client_id])).status_code == 200


def test_what_is_no_photo_is_refused_with_a_sentence(stranger, db):
    answer = stranger.post(reverse("complaints:photo-upload"), {"client_id": "x"})
    assert answer.status_code == 422 and answer.json()["error"]


# ---------------------------------------------------------------- what waited for a signal

RECEIVE = "complaints:receive"


def waited(community, client_id, **more):
    given = {
        "c": community.code,
        "client_id": client_id,
        "text": "垃圾没人收",
        "phone": "13800001234",
        "manifest": "{}",
    }
    return given | more


def test_what_waited_is_taken_in_once(stranger, community):
    sent = waited(community, "7b0f7c4e-8d5e-4a9b-9a51-0d9d6a0f1c11")
    first, second = (stranger.post(reverse(RECEIVE), sent).json() for _ in range(2))
    assert first == second and first["number"] == Complaint.objects.get().number
    assert stranger.get(first["url"]).status_code == 200


def test_photos_that_are_not_here_are_asked_for(stranger, community):
    photo = "11111111-1111-4111-8111-111111111111"
    sent = waited(community, "7b0f7c4e-8d5e-4a9b-9a51-0d9d6a0f1c12", photos=photo, manifest=f'{{"{photo}": ""}}')
    answer = stranger.post(reverse(RECEIVE), sent)
    assert answer.status_code == 409 and answer.json() == {"missing": [photo]}


@pytest.mark.parametrize(
    "wrong", [{"c": "ZZZZZZ"}, {"phone": "1"}, {"text": ""}, {"manifest": "[1]"}, {"manifest": "{"}]
)
def test_what_cannot_be_taken_gets_a_sentence(stranger, community, wrong):
    answer = stranger.post(reverse(RECEIVE), waited(community, "7b0f7c4e-8d5e-4a9b-9a51-0d9d6a0f1c13") | wrong)
    assert answer.status_code == 422 and answer.json()["error"]
    assert Complaint.objects.count() == 0
