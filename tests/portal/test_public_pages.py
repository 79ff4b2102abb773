"""What strangers may open: the sign at the gate, telephone numbers, help, suggestions."""

import pytest
from django.urls import reverse

from communities.models import Community, Contract
from complaints.models import MailboxLetter
from tests.inspections.phone import day

CONTACTS, FEEDBACK = reverse("communities:contacts"), reverse("portal:feedback")


def gate(code):
    return reverse("portal:gate", args=[code])


def words(client, url, **query) -> str:
    page = client.get(url, query)
    assert page.status_code == 200
    return page.content.decode()


# ---------------------------------------------------------------- the gate


def test_the_sign_at_the_gate_leads_to_what_is_public(stranger, community):
    page = words(stranger, gate(community.code))
    for name in ("inspections:community-fixed", "complaints:community-numbers"):
        address = reverse(name, args=[community.code])
        assert address in page and stranger.get(address).status_code == 200
    assert "维修资金" not in page  # no book yet


def test_the_sign_at_the_gate_says_whom_to_call(stranger, community, firm_row):
    page = words(stranger, gate(community.code))
    for said in ("演示·松苑小区", "演示·安居物业", "0578-8800301", "城东社区", "0578-8800201", "119"):
        assert said in page
    assert words(stranger, gate(community.code.lower())) == page


def test_without_a_firm_the_station_is_named(stranger, community):
    assert "没有物业企业，找物管站" in words(stranger, gate(community.code))


def test_the_contract_of_today_decides(stranger, community, firm_row):
    Contract.objects.update(last_day=day("2026-11-18"))
    assert "没有物业企业" in words(stranger, gate(community.code))


@pytest.mark.parametrize("code", ["AAAAAA", "x", "\0", "%00", "a" * 200, "ＡＢＣ"])
def test_no_such_sign(stranger, community, code):
    assert stranger.get(gate(code)).status_code == 404


def test_a_community_that_ended_has_none(stranger, community):
    Community.objects.filter(pk=community.pk).update(ended_on=day("2026-01-01"))
    assert stranger.get(gate(community.code)).status_code == 404


def test_nothing_about_patrols_or_people_is_said(stranger, community, firm, patrol, a_finding):
    page = words(stranger, gate(community.code))
    for hidden in (a_finding.text, patrol.number, "陈国平", "林志明"):
        assert hidden not in page


def test_printed_addresses_still_lead_to_the_numbers(stranger, db):
    answer = stranger.get(reverse("portal:contacts"), {"q": "松苑"})
    assert answer.status_code == 301 and answer["Location"] == f"{CONTACTS}?q=%E6%9D%BE%E8%8B%91"


# ---------------------------------------------------------------- plain pages

PLAIN = [reverse(name) for name in ("portal:help", "portal:accessibility", "portal:privacy")]


@pytest.mark.parametrize("url", PLAIN)
def test_plain_pages_open_for_everybody(stranger, as_cadre, url):
    assert "<h1>" in words(stranger, url) and "<h1>" in words(as_cadre, url)


@pytest.mark.parametrize("url", [*PLAIN, CONTACTS, gate("AAAAAA")])
def test_only_reading(stranger, url):
    assert stranger.post(url).status_code == 405


# ---------------------------------------------------------------- suggestions


def test_a_stranger_may_suggest(stranger, db):
    page = words(stranger, FEEDBACK, page="/contacts/")
    assert 'value="/contacts/"' in page
    answer = stranger.post(FEEDBACK, {"text": "字再大一点", "page": "/contacts/"}, follow=True)
    assert "意见收到了" in answer.content.decode()
    row = MailboxLetter.objects.get()
    assert (row.text, row.page, row.by) == ("字再大一点", "/contacts/", None)


def test_somebody_signed_in_is_noted(as_cadre, cadre):
    as_cadre.post(FEEDBACK, {"text": "加一个按钮"})
    assert MailboxLetter.objects.get().by == cadre


def test_an_answer_is_public_where_both_wished_it(stranger, as_clerk, clerk):
    for text, may_publish in (("字再大一点", "on"), ("别公开我的", "")):
        stranger.post(FEEDBACK, {"text": text, "may_publish": may_publish})
    hers, quiet = MailboxLetter.objects.order_by("pk")
    answer = reverse("complaints:mailbox-answer", args=[hers.pk])
    assert "希望公开" in as_clerk.get(reverse("complaints:mailbox-desk")).content.decode()
    assert as_clerk.post(answer, {"text": "加了长辈版", "question": "能不能把字放大"}).status_code == 302
    as_clerk.post(reverse("complaints:mailbox-answer", args=[quiet.pk]), {"text": "好的", "question": "问"})
    page = words(stranger, FEEDBACK)
    assert "能不能把字放大" in page and "加了长辈版" in page and "字再大一点" not in page
    assert "好的" not in page and "加了长辈版" not in words(stranger, reverse("complaints:mailbox"))


@pytest.mark.parametrize(
    "data", [{}, {"text": "  "}, {"text": "长" * 1001}, {"text": "零\0字节"}, {"page": "x" * 201, "text": "好"}]
)
def test_bad_input_is_explained_and_kept(stranger, db, data):
    page = stranger.post(FEEDBACK, data)
    assert page.status_code == 422 and "p-errors" in page.content.decode()
    assert data.get("text", "").strip()[:50].replace("\0", "") in page.content.decode().replace("\0", "")
    assert not MailboxLetter.objects.exists()


def test_a_wrong_method(stranger, db):
    assert stranger.put(FEEDBACK).status_code == 405


def test_the_sixth_within_an_hour_is_asked_to_wait_and_keeps_its_words(stranger, db):
    for number in range(5):
        assert stranger.post(FEEDBACK, {"text": f"第 {number} 条"}).status_code == 302
    page = stranger.post(FEEDBACK, {"text": "第六条的话"})
    assert page.status_code == 422
    assert "发得太多了" in page.content.decode() and "第六条的话" in page.content.decode()
    assert MailboxLetter.objects.count() == 5
    other = stranger.post(FEEDBACK, {"text": "别处来的"}, REMOTE_ADDR="10.0.0.9")
    assert other.status_code == 302


def test_bad_input_does_not_count_towards_the_limit(stranger, db):
    for _ in range(8):
        stranger.post(FEEDBACK, {"text": ""})
    assert stranger.post(FEEDBACK, {"text": "好的"}).status_code == 302
