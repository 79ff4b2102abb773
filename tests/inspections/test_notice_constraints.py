"""Each constraint and trigger of notices by its name: what would break it is refused by the database itself."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from inspections import notices, rechecks
from inspections.models import (
    Department,
    Dissuasion,
    Extension,
    Finding,
    Notice,
    NoticeEvent,
    NoticeRound,
    Objection,
    Recheck,
    RootCause,
    Takeover,
    Transfer,
)
from tests.inspections.phone import NOW, day, finding, fresh_photos, sent_photo
from tests.inspections.test_constraints import changed, refused_by

pytestmark = pytest.mark.django_db
TODAY = day("2026-11-19")


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def made(model, **columns):
    return lambda: model.objects.create(**columns)


# ---------------------------------------------------------------- the notice


def test_notice_one_addressee(notice, village):
    refused_by("notice_kept", changed(notice, village=village))  # what was sent never changes
    more = {"finding": notice.finding, "community": notice.community, "issued_by": notice.issued_by}
    more |= {"issued_at": NOW, "issued_on": TODAY, "number": "抄告〔2026〕9999"}
    refused_by("notice_one_addressee", made(Notice, firm=notice.firm, village=village, **more))
    refused_by("notice_one_addressee", made(Notice, **more))


def test_notice_once_an_addressee(notice):
    more = {"finding": notice.finding, "community": notice.community, "issued_by": notice.issued_by}
    more |= {"issued_at": NOW, "issued_on": TODAY, "number": "抄告〔2026〕9999", "firm": notice.firm}
    refused_by("notice_once_an_addressee", made(Notice, **more))


def test_notice_finding_here(notice, neighbour_community):
    more = {"finding": notice.finding, "community": neighbour_community, "issued_by": notice.issued_by}
    more |= {"issued_at": NOW, "issued_on": TODAY, "number": "抄告〔2026〕9999", "body": "自治小组"}
    refused_by("notice_finding_here", made(Notice, **more))


def test_notice_number_is_its_own(notice, cadre, community):
    more = {"finding": notice.finding, "community": community, "issued_by": cadre, "issued_at": NOW}
    taken = made(Notice, number=notice.number, body="自治小组", issued_on=TODAY, **more)
    refused_by("inspections_notice_number_key", taken)


def test_notice_closed_when(notice):
    refused_by("notice_closed_when", changed(notice, closed_on=TODAY))
    refused_by("notice_closed_when", changed(notice, state="closed"))


def test_notice_withdrawn_why(notice):
    refused_by("notice_withdrawn_why", changed(notice, state="withdrawn"))


def test_notice_plan_whole(notice):
    refused_by("notice_plan_whole", changed(notice, plan_person="林志明"))


def test_notice_interim_whole(notice):
    refused_by("notice_interim_whole", changed(notice, interim_at=NOW))


@pytest.mark.parametrize("column", [{"number": "抄告〔2026〕8888"}, {"issued_on": day("2026-11-18")}])
def test_notice_kept(notice, column):
    refused_by("notice_kept", changed(notice, **column))
    refused_by("notice_kept", lambda: Notice.objects.filter(pk=notice.pk)._raw_delete("default"))


def test_notice_final(closed_notice):
    refused_by("notice_final", changed(closed_notice, state="received", closed_on=None))


def test_notice_agrees(notice):
    """State and present round say the same; an ended notice has no open round."""
    refused_by("notice_agrees", changed(notice, state="received"))
    refused_by("notice_agrees", changed(notice, state="withdrawn", withdrawn_reason="写错了"))
    refused_by("notice_agrees", changed(notice.round, received_on=TODAY))


def test_notice_closed_by_recheck(replied):
    def close():
        NoticeRound.objects.filter(notice=replied).update(outcome="passed")
        Notice.objects.filter(pk=replied.pk).update(state="closed", closed_on=TODAY)

    refused_by("notice_closed_by_recheck", close)


def test_notice_transferred_by_letter(received):
    def transfer():
        NoticeRound.objects.filter(notice=received).update(outcome="ended")
        Notice.objects.filter(pk=received.pk).update(state="transferred")

    refused_by("notice_transferred_by_letter", transfer)


def test_notice_withdrawn_by_decision(received):
    """What was signed for is withdrawn by an objection that is upheld, or when another body gets it."""

    def withdraw():
        NoticeRound.objects.filter(notice=received).update(outcome="ended")
        Notice.objects.filter(pk=received.pk).update(state="withdrawn", withdrawn_reason="写错了")

    refused_by("notice_withdrawn_by_decision", withdraw)


def test_finding_open_with_notice(notice, cadre, community):
    """A finding does not end before its notice, and a settled one gets no notice."""
    refused_by("finding_open_with_notice", changed(notice.finding, state="closed", closed_on=TODAY))
    refused_by("finding_open_with_notice", changed(notice.finding, state="withdrawn", withdrawn_reason="写错了"))
    more = {"item": notice.finding.item, "severity": "general", "text": "x", "handling": "notice", "found_by": cadre}
    ended = {"state": "closed", "found_on": TODAY, "closed_on": TODAY}
    settled = Finding.objects.create(community=community, **more, **ended)
    more = {"finding": settled, "community": community, "issued_by": cadre, "issued_at": NOW, "issued_on": TODAY}

    def send():
        row = Notice.objects.create(number="抄告〔2026〕9999", firm=notice.firm, **more)
        NoticeRound.objects.create(notice=row, no=1, issued_on=TODAY, deemed_on=TODAY)

    refused_by("finding_open_with_notice", send)


def test_notice_number_shape(notice):
    more = {"finding": notice.finding, "community": notice.community, "issued_by": notice.issued_by}
    more |= {"issued_at": NOW, "issued_on": TODAY, "body": "自治小组"}
    for number in ("抄告2026-1", "抄告〔26〕0001", "抄告〔2026〕1"):
        refused_by("notice_number_shape", made(Notice, number=number, **more))


# ---------------------------------------------------------------- contracts that end


def test_takeover_where_no_firm_had_it(cadre, community, send, other_firm_row):
    group = send(cadre, community, finding()).findings.get().notices.get()
    refused_by("takeover_of_an_open_notice", made(Takeover, notice=group, firm=other_firm_row, at=NOW))


def test_takeover_of_an_open_notice(closed_notice, other_firm_row):
    refused_by("takeover_of_an_open_notice", made(Takeover, notice=closed_notice, firm=other_firm_row, at=NOW))


def test_takeover_by_another(received, firm_row):
    refused_by("takeover_of_an_open_notice", made(Takeover, notice=received, firm=firm_row, at=NOW))


def test_successor_took_over(received, other_firm_row):
    refused_by("successor_took_over", changed(received, successor=other_firm_row))


def test_recheck_not_by_a_firm_that_took_over(received, other_firm_row, other_firm):
    Takeover.objects.create(notice=received, firm=other_firm_row, at=NOW)
    notices.reply(notice=fresh(received), text="清了", photos=fresh_photos(other_firm), by=other_firm, now=NOW)
    refused_by("recheck_not_by_firm", made(Recheck, round=received.round, passed=True, by=other_firm, at=NOW))


# ---------------------------------------------------------------- rounds


def test_round_once(notice):
    kept = {"issued_on": TODAY, "deemed_on": TODAY, "outcome": "ended"}
    refused_by("round_once", made(NoticeRound, notice=notice, no=1, **kept))


def test_round_follows_failed(notice):
    refused_by("round_follows_failed", made(NoticeRound, notice=notice, no=2, issued_on=TODAY, deemed_on=TODAY))


def test_round_from_one(notice):
    refused_by("round_from_one", made(NoticeRound, notice=notice, no=0, issued_on=TODAY, deemed_on=TODAY))


def test_round_replied_whole(received):
    refused_by("round_replied_whole", changed(received.round, replied_at=NOW))


def test_round_rechecked_after_reply(received):
    refused_by("round_rechecked_after_reply", changed(received.round, outcome="passed"))


def test_round_deemed_on_its_day(notice):
    refused_by("round_deemed_on_its_day", changed(notice.round, is_deemed=True, received_on=TODAY))


def test_round_kept(replied, cadre):
    """No round is deleted; what was signed, replied or decided is not written anew."""
    turn = replied.round
    refused_by("round_kept", changed(turn, received_on=day("2026-11-18")))
    refused_by("round_kept", changed(turn, reply_text="别的"))
    refused_by("round_kept", lambda: NoticeRound.objects.filter(pk=turn.pk)._raw_delete("default"))
    rechecks.recheck(notice=replied, passed=False, note="没好", by=cadre, now=NOW)
    refused_by("round_kept", changed(turn, outcome="passed"))


def test_notice_follows_round(notice):
    """The term of the present round stands in the notice, whoever wrote it."""
    NoticeRound.objects.filter(notice=notice).update(due_on=day("2026-12-24"), due_provisional=True)
    notice.refresh_from_db()
    assert (notice.due_on, notice.due_provisional) == (day("2026-12-24"), True)


def test_reply_has_photo(received, firm):
    said = {"reply_text": "清了", "replied_at": NOW, "replied_on": TODAY, "replied_by": firm, "recheck_by": TODAY}

    def reply():
        NoticeRound.objects.filter(notice=received).update(**said)
        Notice.objects.filter(pk=received.pk).update(state="replied")

    refused_by("reply_has_photo", reply)


def test_round_photo_stays(replied):
    photo = replied.round.photos.get(kind="reply")
    refused_by("round_photo_stays", changed(photo, round=None))
    refused_by("round_photo_stays", changed(photo, dropped=True))
    refused_by("round_photo_stays", photo.delete)


def test_patrol_photo_of_round(replied, firm):
    other = sent_photo(firm)
    refused_by("patrol_photo_of_round", changed(other, round=replied.round, kind="reply"))


# ---------------------------------------------------------------- rechecks


def test_recheck_failed_why(replied, cadre):
    refused_by("recheck_failed_why", made(Recheck, round=replied.round, passed=False, by=cadre, at=NOW))


def test_recheck_of_a_reply(received, cadre):
    refused_by("recheck_of_a_reply", made(Recheck, round=received.round, passed=True, by=cadre, at=NOW))


def test_recheck_not_by_firm(replied, firm):
    refused_by("recheck_not_by_firm", made(Recheck, round=replied.round, passed=True, by=firm, at=NOW))


def test_recheck_by_another(replied_major, cadre):
    refused_by("recheck_by_another", made(Recheck, round=replied_major.round, passed=True, by=cadre, at=NOW))


def test_one_recheck_a_round(replied, cadre, station_head):
    Recheck.objects.create(round=replied.round, passed=True, by=cadre, at=NOW)
    second = made(Recheck, round=replied.round, passed=True, by=station_head, at=NOW)
    refused_by("inspections_recheck_round_id_key", second)


# ---------------------------------------------------------------- extension, objection


def test_extension_some_days(notice, firm):
    refused_by("extension_some_days", made(Extension, notice=notice, days=0, asked_by=firm, asked_at=NOW))


def test_extension_decided_by_somebody(notice, firm):
    kept = {"notice": notice, "days": 1, "asked_by": firm, "asked_at": NOW, "state": "granted"}
    refused_by("extension_decided_by_somebody", made(Extension, **kept))
    refused_by("extension_by_another", made(Extension, decided_by=firm, decided_at=NOW, **kept))


def test_extension_by_another(notice, firm, cadre):
    kept = {"notice": notice, "days": 1, "asked_by": firm, "asked_at": NOW, "state": "granted", "decided_at": NOW}
    refused_by("extension_by_another", made(Extension, decided_by=firm, **kept))
    Extension.objects.create(decided_by=cadre, **kept)
    refused_by("inspections_extension_notice_id_key", made(Extension, decided_by=cadre, **kept))


def test_objection_says_what(notice, firm):
    refused_by("objection_says_what", made(Objection, notice=notice, by=firm, at=NOW))


def test_objection_decided_why(notice, firm, clerk):
    kept = {"notice": notice, "by": firm, "at": NOW, "text": "不是我们", "state": "upheld"}
    refused_by("objection_decided_why", made(Objection, decided_by=clerk, decided_at=NOW, **kept))
    Objection.objects.create(decided_by=clerk, decided_at=NOW, answer="是", **kept)
    again = made(Objection, **kept, decided_by=clerk, decided_at=NOW, answer="是")
    refused_by("inspections_objection_notice_id_key", again)


# ---------------------------------------------------------------- transfers, causes, the firm's own


def a_transfer(finding, **columns):
    return made(Transfer, finding=finding, department=Department.objects.first(), drafted_at=NOW, **columns)


def test_transfer_one_open(a_finding):
    a_transfer(a_finding)()
    refused_by("transfer_one_open", a_transfer(a_finding))


def test_transfer_sent_whole(a_finding):
    refused_by("transfer_sent_whole", a_transfer(a_finding, state="sent"))


def test_transfer_settled_why(a_finding):
    refused_by("transfer_settled_why", a_transfer(a_finding, state="dropped"))


def test_root_cause_task_whole(a_finding):
    kept = {"community": a_finding.community, "item": a_finding.item, "proposed_at": NOW}
    refused_by("root_cause_task_whole", made(RootCause, state="accepted", **kept))


def test_root_cause_done_how(a_finding, clerk):
    kept = {"community": a_finding.community, "item": a_finding.item, "proposed_at": NOW, "task": "装摄像头"}
    kept |= {"person": "林志明", "due_on": TODAY, "decided_by": clerk}
    refused_by("root_cause_done_how", made(RootCause, state="done", **kept))


def test_root_cause_here(a_finding, neighbour_community, building):
    kept = {"community": neighbour_community, "building": building, "item": a_finding.item, "proposed_at": NOW}
    refused_by("root_cause_here", made(RootCause, **kept))


def a_dissuasion(community, firm, firm_row, **columns):
    kept = {"community": community, "firm": firm_row, "kind": "dissuaded", "text": "5 幢搭棚", "person": "林志明"}
    return made(Dissuasion, **{**kept, "day": TODAY, "by": firm, "at": NOW, **columns})


def test_dissuasion_says_what(community, firm, firm_row):
    refused_by("dissuasion_says_what", a_dissuasion(community, firm, firm_row, text=""))


def test_dissuasion_by_whom(community, firm, firm_row):
    refused_by("dissuasion_by_whom", a_dissuasion(community, firm, firm_row, person=""))


def test_dissuasion_accepted_by_another(community, firm, firm_row):
    accepted = {"accepted_by": firm, "accepted_at": NOW}
    refused_by("dissuasion_accepted_by_another", a_dissuasion(community, firm, firm_row, **accepted))


def test_patrol_photo_of_dissuasion(community, firm, firm_row):
    row = a_dissuasion(community, firm, firm_row)()
    first, second = sent_photo(firm), sent_photo(firm)
    changed(first, dissuasion=row)()
    refused_by("patrol_photo_of_dissuasion", changed(second, dissuasion=row))


def test_finding_self_reported_whole(a_finding):
    refused_by("finding_self_reported_whole", changed(a_finding, source="self_report"))


# ---------------------------------------------------------------- sealed

SEALED = ["noticeevent", "recheck"]


@pytest.mark.parametrize("table", SEALED)
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_application_may_not_change(closed_notice, table, change):
    assert NoticeEvent.objects.exists() and Recheck.objects.exists()
    with pytest.raises(DatabaseError, match=r"permission denied|不能改"), transaction.atomic():
        connection.cursor().execute(change.format(f"inspections_{table}"))


def test_every_constraint_is_tried():
    """A new constraint of a model needs a test that names it, here or beside."""
    said = Path(__file__).read_text() + Path(__file__).with_name("test_constraints.py").read_text()
    names = {c.name for model in apps.get_app_config("inspections").get_models() for c in model._meta.constraints}
    names -= {"patrol_of_its_community", "finding_of_its_community"}  # targets of composite keys, tried by those
    assert {name for name in names if f"def test_{name}" not in said} == set()
