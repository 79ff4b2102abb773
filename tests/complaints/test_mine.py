"""With the link one sees, adds, judges and takes back one's own complaint; without it there is nothing. RELIABILITY"""

import pytest
from django.urls import reverse

from complaints import handling, links
from complaints.models import Complaint, State
from tests.complaints.conftest import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(complainant):
    return links.token(complainant)


def url(name, token, *more):
    return reverse(name, args=[token, *more])


def test_it_shows_words_story_and_terms(stranger, complaint, token):
    said = stranger.get(url("complaints:mine", token)).content.decode()
    for words in (complaint.text, "等物管站受理", "已登记", "138****1234", "11月24日"):
        assert words in said
    assert "13800001234" not in said


def test_the_slip(stranger, complaint, token):
    assert complaint.spaced_number in stranger.get(url("complaints:mine-slip", token)).content.decode()


def test_internal_notes_are_not_shown(stranger, complaint, token, clerk):
    handling.remark(complaint=complaint, text="住户情绪激动", by=clerk, now=MONDAY)
    assert "住户情绪激动" not in stranger.get(url("complaints:mine", token)).content.decode()


@pytest.mark.parametrize(
    "name", [f"complaints:{name}" for name in "mine mine-slip mine-add mine-rate mine-withdraw".split()]
)
def test_another_link_is_not_there(stranger, complaint, name):
    for wrong in ("aaaaaaaaaaaaaaaa", "x" * 100):
        assert stranger.get(url(name, wrong)).status_code == 404
    assert stranger.put(url(name, "aaaaaaaaaaaaaaaa")).status_code == 405


def test_the_link_has_80_bits_and_only_its_fingerprint_is_kept(complainant, token):
    assert len(token) == 16
    assert complainant.link_digest == links.fingerprint(token)
    assert token not in str(vars(complainant))


def test_something_is_added(stranger, complaint, token):
    page = stranger.post(url("complaints:mine-add", token), {"text": "今天又满了"})
    assert page.status_code == 302
    assert complaint.events.filter(kind="added", text="今天又满了").exists()
    bad = stranger.post(url("complaints:mine-add", token), {"text": ""})
    assert bad.status_code == 422 and "写一句要补充什么" in bad.content.decode()


def test_rated_and_over(stranger, answered, token):
    assert "评价，或者退回重办" in stranger.get(url("complaints:mine", token)).content.decode()
    assert stranger.post(url("complaints:mine-rate", token), {"score": "5"}).status_code == 302
    assert Complaint.objects.get().state == State.CLOSED
    assert "评价，或者退回重办" not in stranger.get(url("complaints:mine", token)).content.decode()


def test_dissatisfied_needs_words_and_keeps_the_choice(stranger, answered, token):
    page = stranger.post(url("complaints:mine-rate", token), {"score": "1", "is_fixed": "no"})
    assert page.status_code == 422
    assert "哪里不满意" in page.content.decode()
    stranger.post(url("complaints:mine-rate", token), {"score": "1", "is_fixed": "no", "reason": "又满了"})
    # the fixture answered on a fixed day: within its ten working days it goes back, later it is only noted
    assert Complaint.objects.get().complainants.get().ratings.get().reason == "又满了"


def test_taken_back(stranger, complaint, token):
    assert stranger.post(url("complaints:mine-withdraw", token), {"reason": ""}).status_code == 422
    assert stranger.post(url("complaints:mine-withdraw", token), {"reason": "清掉了"}).status_code == 302
    assert Complaint.objects.get().state == State.WITHDRAWN


def test_own_photos_alone(stranger, complaint, token, make_complaint):
    from uuid import uuid4

    from django.utils import timezone

    other = make_complaint()
    say = {"sha256": "0" * 64, "size": 1, "received_at": timezone.now()}
    mine, theirs = (row.photos.create(client_id=uuid4(), **say) for row in (complaint, other))
    for name in ("complaints:mine-photo", "complaints:mine-photo-small"):
        assert "还在处理" in stranger.get(url(name, token, mine.client_id)).content.decode()
        assert "还在处理" not in stranger.get(url(name, token, theirs.client_id)).content.decode()
