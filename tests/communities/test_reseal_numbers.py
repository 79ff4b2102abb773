"""``manage.py reseal_numbers``: the key of the identity numbers is changed, all of them or none."""

import io

import pytest
from django.core.management import CommandError, call_command

from communities.models import Person
from lib import sealed

pytestmark = pytest.mark.django_db
CITIZEN, OTHER_CITIZEN = "110101194912311238", "320106195501010057"


@pytest.fixture
def people(settings):
    """Two whose numbers were sealed with the key before, one without a number."""
    settings.IDENTITY_KEY = "the key of yesterday"
    for number in (CITIZEN, OTHER_CITIZEN):
        person = Person(name="演示")
        person.set_number("citizen", number)
        person.save()
    Person.objects.create(name="没有号码")
    settings.IDENTITY_KEY, settings.IDENTITY_KEY_BEFORE = "the key of today", "the key of yesterday"


def run() -> str:
    out = io.StringIO()
    call_command("reseal_numbers", stdout=out)
    return out.getvalue()


def test_every_number_is_read_and_found_with_the_new_key(people, settings):
    assert "换好了 2 个号码" in run()
    settings.IDENTITY_KEY_BEFORE = ""
    found = Person.objects.get(number_hash=Person.hash_of("citizen", CITIZEN))
    assert found.number == CITIZEN
    with pytest.raises(sealed.Unreadable):
        sealed.unseal(found.number_sealed, key="the key of yesterday")


def test_twice_changes_nothing_more(people):
    run()
    before = list(Person.objects.order_by("pk").values_list("number_sealed", flat=True))
    assert "换好了 0 个号码，2 个原来就是新密钥" in run()
    assert [bytes(data or b"") for data in Person.objects.order_by("pk").values_list("number_sealed", flat=True)] == [
        bytes(data or b"") for data in before
    ]


def test_one_that_no_key_opens_leaves_all_as_they_were(people):
    last = Person.objects.exclude(number_sealed=None).latest("pk")
    Person.objects.filter(pk=last.pk).update(number_sealed=b"\x01" + b"x" * 40)
    with pytest.raises(CommandError, match=f"人员 {last.pk} 的号码两个密钥都解不开"):
        run()
    first = Person.objects.exclude(number_sealed=None).earliest("pk")
    assert sealed.unseal(first.number_sealed, key="the key of yesterday") == CITIZEN


@pytest.mark.parametrize("before", ["", "the key of today"])
def test_both_keys_are_needed(people, settings, before):
    settings.IDENTITY_KEY_BEFORE = before
    with pytest.raises(CommandError, match="两个不能一样"):
        run()
