"""The rules that stand in the database, each by its name."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from complaints.models import Complaint, Look, Rating
from inspections.models import CheckItem, Finding
from tests.complaints.conftest import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db


def refuses(name: str, act) -> None:
    """The database refuses the act, and names the rule (or the table that is sealed)."""
    with pytest.raises((IntegrityError, ProgrammingError)) as refused, transaction.atomic():
        act()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert name in str(refused.value)


CHANGES = {
    "complaint_says_what": {"text": ""},
    "complaint_refused_why": {"state": "not_accepted", "closed_on": date(2026, 11, 23)},
    "complaint_merged_into_one": {"state": "merged", "closed_on": date(2026, 11, 23)},
    "complaint_replied_when": {"state": "replied"},
    "complaint_closed_when": {"state": "closed"},
    "complaint_platform_term_of_order": {"platform_due": date(2026, 11, 23)},
    "complaint_urgent_until_when": {"urgency": "safety"},
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_complaint_is_refused(complaint, name):
    refuses(name, lambda: Complaint.objects.filter(pk=complaint.pk).update(**CHANGES[name]))


def test_more_of_a_complaint(complaint, make_complaint, neighbour_community):
    rows = Complaint.objects.filter(pk=complaint.pk)
    refuses("complaint_not_into_itself", lambda: rows.update(merged_into=complaint, state="merged", closed_on=MONDAY))
    elsewhere = neighbour_community.buildings.create(code="01", name="1幢")
    refuses("complaint_building_here", lambda: rows.update(building=elsewhere))
    other = make_complaint(community=neighbour_community)
    merged = {"merged_into": other, "state": "merged", "closed_on": MONDAY}
    refuses("complaint_merged_here", lambda: rows.update(**merged))
    rows.update(platform_number="GD1")
    again = Complaint.objects.filter(pk=other.pk)
    refuses("complaint_platform_once", lambda: again.update(platform_number="GD1"))
    wrong = Complaint(number="X1", community=complaint.community, text="字", registered_at=MONDAY)
    wrong.registered_on = wrong.accept_by = MONDAY.date()
    refuses("complaint_number_shape", wrong.save)


def test_the_finding_lies_in_the_same_community(complaint, neighbour_community, cadre):
    item = CheckItem.objects.first()
    words = {"severity": "general", "text": "垃圾", "handling": "notice", "found_on": MONDAY.date()}
    elsewhere = Finding.objects.create(community=neighbour_community, item=item, found_by=cadre, **words)
    refuses("complaint_finding_here", lambda: Complaint.objects.update(finding=elsewhere))


def test_complaint_kept(complaint, other_firm_row):
    rows = Complaint.objects.filter(pk=complaint.pk)
    refuses("不能删", lambda: rows._raw_delete(rows.db))
    refuses("不能改", lambda: rows.update(number="TS20261123-0009"))
    refuses("不能改", lambda: rows.update(client_id=uuid4()))
    refuses("不能单改物业", lambda: rows.update(firm=other_firm_row))
    rows.update(state="withdrawn", closed_on=MONDAY.date())
    refuses("不能再改状态", lambda: rows.update(state="accepted", closed_on=None))  # complaint_kept


def test_an_answered_complaint_stays_where_it_is(answered, neighbour_community):
    rows = Complaint.objects.filter(pk=answered.pk)
    refuses("以后不能改", lambda: rows.update(community=neighbour_community, firm=None))  # complaint_kept


def test_letters_and_petitions(complaint, station_clerk):
    from complaints.models import MailboxLetter, Petition

    letter = {"client_id": uuid4(), "text": "问", "received_at": MONDAY}
    refuses("mailbox_letter_question_has_term", lambda: MailboxLetter.objects.create(**letter))
    days = {"received_on": MONDAY.date(), "notice_by": MONDAY.date(), "decide_by": MONDAY.date()}
    row = Petition.objects.create(complaint=complaint, by=station_clerk, **days)
    for name, more in [
        ("petition_notice_numbered", {"noticed_on": MONDAY.date()}),
        ("petition_days_in_order", {"noticed_on": date(2026, 11, 1), "notice_letter": "1号"}),
        ("petition_decision_numbered", {"decided_on": MONDAY.date(), "decision_letter": "2号"}),
        ("petition_extended_why", {"extended_on": MONDAY.date()}),
    ]:
        refuses(name, lambda more=more: Petition.objects.filter(pk=row.pk).update(**more))
    ended = {"noticed_on": MONDAY.date(), "notice_letter": "1号", "decided_on": MONDAY.date(), "decision_letter": "2号"}
    Petition.objects.filter(pk=row.pk).update(**ended)
    refuses("已经结束", lambda: Petition.objects.update(decision_letter="3号"))  # petition_decided_once


def sealed_rows(answered, complainant, station_clerk):
    from complaints import decisions

    complainant.contact.readings.create(by=station_clerk, at=MONDAY, why="回电话")
    decisions.uphold(complaint=answered, is_upheld=True, reason="没清", by=station_clerk, now=TUESDAY)
    Rating.objects.create(complainant=complainant, round=0, score=4, at=TUESDAY)
    answered.mediations.create(
        level="station",
        held_on=MONDAY.date(),
        parties="双方",
        proposals="清",
        outcome="goes_on",
        by=station_clerk,
        at=MONDAY,
    )
    finding = Finding.objects.create(
        community=answered.community,
        item=CheckItem.objects.first(),
        found_by=station_clerk,
        severity="general",
        text="垃圾",
        handling="notice",
        found_on=MONDAY.date(),
    )
    look = {"complainant": complainant, "finding": finding, "round": 1, "at": MONDAY}
    Look.objects.create(fixed=True, **look)
    refuses("look_once", lambda: Look.objects.create(fixed=False, **look))
    return {
        "complaints_look": "fixed = false",
        "complaints_complaintevent": "at = now()",
        "complaints_rating": "score = 5",
        "complaints_contactreading": "why = 'x'",
        "complaints_mediation": "parties = 'x'",
        "complaints_upheldcomplaint": "reason = 'x'",
        "complaints_answer": "text = 'x'",
    }


def test_the_past_is_sealed(answered, complainant, station_clerk):
    for table, change in sealed_rows(answered, complainant, station_clerk).items():
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as c:
            c.execute(f"UPDATE {table} SET {change}")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as c:
            c.execute(f"DELETE FROM {table}")


def test_people(complaint, complainant, make_complaint):
    contact = complainant.contact
    contact.erased_on = MONDAY.date()
    refuses("complaint_contact_erased_wholly", contact.save)
    second = make_complaint().complainants.get()
    second.complaint = complaint
    refuses("complainant_one_first", second.save)
    rate = Rating.objects.create
    refuses("rating_five_steps", lambda: rate(complainant=complainant, round=0, score=6, at=MONDAY))
    refuses("rating_bad_says_why", lambda: rate(complainant=complainant, round=0, score=1, at=MONDAY))
    rate(complainant=complainant, round=0, score=3, at=MONDAY)
    refuses("rating_once", lambda: rate(complainant=complainant, round=0, score=3, at=MONDAY))


def test_what_was_done(answered, complainant, station_clerk, firm):
    pause = {"kind": "weather", "first_day": MONDAY.date(), "by": station_clerk}
    refuses("pause_says_why", lambda: answered.pauses.create(reason="", **pause))
    before = {"last_day": date(2026, 11, 1)}
    refuses("pause_days_in_order", lambda: answered.pauses.create(reason="雨", **pause, **before))
    row = answered.pauses.create(reason="雨", **pause)
    refuses("pause_one_at_a_time", lambda: answered.pauses.create(reason="雨", **pause))
    answered.pauses.update(last_day=MONDAY.date())
    refuses("已经结束", lambda: answered.pauses.filter(pk=row.pk).update(days=3))  # complaint_pause_ended
    say = {"round": 0, "level": "town", "by": firm, "at": MONDAY}
    refuses("answer_says_something", lambda: answered.answers.create(text="", **say))
    refuses("answer_checked_when", lambda: answered.answers.create(text="字", checked_by=station_clerk, **say))
    own = {"checked_by": firm, "checked_at": MONDAY}
    refuses("answer_two_people", lambda: answered.answers.create(text="字", **own, **say))
    draft = answered.answers.create(text="字", is_final=True, **say)
    refuses("answer_one_draft", lambda: answered.answers.create(text="字", is_final=True, **say))
    answered.answers.filter(pk=draft.pk).update(sent_back="改")
    refuses("已经结束", lambda: answered.answers.filter(pk=draft.pk).update(sent_back=""))  # answer_checked_once


def test_transfers_mediations_readings(answered, complainant, station_clerk):
    days = {"sent_on": MONDAY.date(), "chase_on": MONDAY.date(), "by": station_clerk}
    refuses("complaint_transfer_numbered", lambda: answered.transfers.create(department="局", letter="", **days))
    named = {"department": "局", "letter": "1号"} | days
    refuses("complaint_transfer_answered", lambda: answered.transfers.create(answer="好", **named))
    row = answered.transfers.create(**named)
    refuses("complaint_transfer_one_open", lambda: answered.transfers.create(**named))
    answered.transfers.update(answer="好", answered_on=MONDAY.date())
    refuses("已经结束", lambda: answered.transfers.filter(pk=row.pk).update(answer="坏"))  # complaint_transfer_ended
    sitting = {"level": "station", "held_on": MONDAY.date(), "parties": "双方", "proposals": "清", "by": station_clerk}
    agreed = {"outcome": "agreed", "at": MONDAY}
    refuses("mediation_agreed_on_what", lambda: answered.mediations.create(**sitting, **agreed))
    reading = {"by": station_clerk, "at": MONDAY, "why": ""}
    refuses("contact_reading_says_why", lambda: complainant.contact.readings.create(**reading))


def test_facts_and_templates(answered, station_clerk):
    from complaints.models import ReplyTemplate, UpheldComplaint

    fact = {"complaint": answered, "is_upheld": True, "community": answered.community, "category": "hygiene"}
    say = {"day": MONDAY.date(), "by": station_clerk, "at": MONDAY}
    refuses("upheld_says_why", lambda: UpheldComplaint.objects.create(reason="", **fact, **say))
    template = {"title": "清运", "text": "已清运", "kept_by": station_clerk, "first_day": MONDAY.date()}
    ReplyTemplate.objects.create(**template)
    refuses("reply_template_title", lambda: ReplyTemplate.objects.create(**template))


def test_photos_have_nine_places(complaint):
    def photo(position):
        return complaint.photos.create(
            client_id=uuid4(), sha256="0" * 64, size=1, received_at=timezone.now(), position=position
        )

    photo(0)
    refuses("complaint_photo_nine", lambda: photo(9))
    refuses("complaint_photo_place", lambda: photo(0))
