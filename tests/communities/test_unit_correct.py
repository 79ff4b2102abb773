"""``communities:unit-correct``: what was registered wrongly is put right; another owner is a transfer."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from accounts import history
from communities import corrections
from communities.models import Ownership, Person, PersonCorrection, Unit

pytestmark = pytest.mark.django_db
CITIZEN, OTHER_CITIZEN = "110101194912311238", "320106195501010057"


@pytest.fixture
def unit(community, building):
    return Unit.objects.create(community=community, building=building, code="03-1-0502", area_centi=8956)


@pytest.fixture
def owned(unit):
    person = Person(name="王桂蓝")
    person.set_number("citizen", CITIZEN)
    person.save()
    return Ownership.objects.create(unit=unit, person=person, first_day=date(2020, 1, 1))


def typed(*rows: Ownership, why: str = "照身份证，录错了", **changes) -> dict:
    said = {"why": why}
    for row in rows:
        stands = {"name": "", "number": "", "phone": "", "address": "", "share": row.share_text}
        stands |= {"how": row.how, "paper": row.paper, "first_day": str(row.first_day)}
        said |= {f"row-{row.pk}-{name}": changes.get(name, value) for name, value in stands.items()}
    return said


@pytest.fixture
def correct(as_clerk, owned):
    address = reverse("communities:unit-correct", args=[owned.unit_id])
    return lambda *rows, **changes: as_clerk.post(address, typed(*(rows or [owned]), **changes))


def test_a_name_is_put_right_and_that_it_was_stays_on_record(correct, as_clerk, owned):
    assert correct(name="王桂兰", phone="138 0013 8000").status_code == 302
    owned.person.refresh_from_db()
    assert (owned.person.name, owned.person.initials, owned.person.phone.value) == ("王桂兰", "wgl", "13800138000")
    record = PersonCorrection.objects.get()
    assert (record.what, record.why, record.by.username) == ("姓名、电话", "照身份证，录错了", "limin")
    shown = as_clerk.get(owned.unit.get_absolute_url()).content.decode()
    assert "更正过" in shown and "照身份证，录错了" in shown and "王桂" not in shown


def test_what_stands_is_shown_with_stars_only(as_clerk, owned):
    shown = as_clerk.get(reverse("communities:unit-correct", args=[owned.unit_id])).content.decode()
    assert "现在是 王*蓝" in shown and "110101********1238" in shown and "王桂蓝" not in shown and CITIZEN not in shown


def test_days_and_papers_are_put_right_in_the_history(correct, owned):
    assert correct(first_day="2019-05-01", how="purchase", paper="演示证第1号").status_code == 302
    owned.refresh_from_db()
    assert (owned.first_day, owned.how, owned.paper) == (date(2019, 5, 1), "purchase", "演示证第1号")
    assert not PersonCorrection.objects.exists()
    latest = history.changes_of(owned)[0]
    assert "照身份证，录错了" in str(latest)


def test_shares_of_both_are_put_right_together(as_clerk, owned):
    half = {"share_numerator": 1, "share_denominator": 2}
    Ownership.objects.filter(pk=owned.pk).update(**half)
    other = Ownership.objects.create(
        unit=owned.unit, person=Person.objects.create(name="李建国"), first_day=date(2020, 1, 1), **half
    )
    address = reverse("communities:unit-correct", args=[owned.unit_id])
    owned.refresh_from_db()
    data = typed(owned, other) | {f"row-{owned.pk}-share": "2/3", f"row-{other.pk}-share": "1/3"}
    assert as_clerk.post(address, data).status_code == 302
    assert {row.share_text for row in owned.unit.ownerships.all()} == {"2/3", "1/3"}
    refused = as_clerk.post(address, data | {f"row-{other.pk}-share": "1/2"})
    assert refused.status_code == 422 and "一整份" in refused.content.decode()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"why": ""}, "写一句为什么更正"),
        ({"name": "李建国", "number": OTHER_CITIZEN}, "另一个人"),
        ({"number": "110101194912311230"}, "校验码"),
        ({"phone": "1380013800"}, "一个号码"),
        ({"share": "1/2"}, "一整份"),
        ({"share": ""}, "写上份额"),
        ({"first_day": "2199-01-01"}, "还没到这一天"),
        ({"how": "purchase"}, "凭据"),
    ],
)
def test_what_a_correction_needs(correct, owned, changes, says):
    answer = correct(**changes)
    shown = answer.content.decode()
    assert answer.status_code == 422 and says in shown
    assert changes.get("name", "") in shown  # what was typed is kept
    owned.person.refresh_from_db()
    assert owned.person.name == "王桂蓝" and not PersonCorrection.objects.exists()


def test_a_number_of_somebody_else(correct, owned):
    other = Person(name="王桂蓝")
    other.set_number("citizen", OTHER_CITIZEN)
    other.save()
    assert "另一个人名下" in correct(number=OTHER_CITIZEN).content.decode()


def test_a_day_in_the_time_of_those_before(correct, owned, unit):
    before = Person.objects.create(name="陈平")
    Ownership.objects.create(unit=unit, person=before, first_day=date(2010, 1, 1), last_day=date(2019, 12, 31))
    assert "以前的业主" in correct(first_day="2019-06-01").content.decode()


def test_owners_that_changed_meanwhile(owned, clerk, now):
    Ownership.objects.filter(pk=owned.pk).update(last_day=date(2026, 1, 1))
    with pytest.raises(ValidationError, match="已经换了"):
        corrections.correct(unit=owned.unit, rows=[(owned, {})], why="写错了", by=clerk, now=now)


def test_a_station_leaves_past_days_to_the_office(as_, station_head, owned):
    address = reverse("communities:unit-correct", args=[owned.unit_id])
    assert "由镇物业办来改" in as_(station_head).post(address, typed(owned, first_day="2019-05-01")).content.decode()
    assert as_(station_head).post(address, typed(owned, name="王桂兰")).status_code == 302


def test_the_developers_units_are_not_corrected(correct, owned, unit):
    Ownership.objects.filter(pk=owned.pk).update(how="developer")
    Unit.objects.update(sale_state="unsold")
    owned.refresh_from_db()
    assert "登记过户" in correct(first_day="2019-05-01").content.decode()


def test_nobody_to_correct(as_clerk, unit):
    assert as_clerk.get(reverse("communities:unit-correct", args=[unit.pk])).status_code == 404


def test_who_corrects(as_, as_clerk, owned, cadre, other_station_head, leader):
    address = reverse("communities:unit-correct", args=[owned.unit_id])
    assert as_(cadre).get(address).status_code == 403
    assert as_(leader).get(address).status_code == 403
    assert as_(other_station_head).get(address).status_code == 404
    assert as_clerk.delete(address).status_code == 405


def test_a_record_of_a_correction_stays(owned, clerk, now):
    """Sealed: communities_personcorrection; person_correction_says_why."""
    row = PersonCorrection.objects.create(person=owned.person, by=clerk, at=now, what="姓名", why="录错了")
    with pytest.raises(DatabaseError), transaction.atomic():
        PersonCorrection.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        PersonCorrection.objects.filter(pk=row.pk).update(why="x")
    with pytest.raises(IntegrityError, match="person_correction_says_why"), transaction.atomic():
        PersonCorrection.objects.create(person=owned.person, by=clerk, at=now, what="姓名", why="")
