"""Pages of long lists, counted as far as anybody reads."""

import pytest

from communities.models import VillageCommittee
from lib import paging
from lib.paging import page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def sixty():
    """Sixty rows, of which forty are counted."""
    VillageCommittee.objects.bulk_create(VillageCommittee(name=f"村{n:02}", pinyin=f"cun{n:02}") for n in range(60))
    return VillageCommittee.objects.order_by("pinyin")


@pytest.fixture
def count_to_forty(monkeypatch):
    monkeypatch.setattr(paging, "MOST_COUNTED", 40)


def names(page) -> list[str]:
    return [row.name for row in page]


def test_a_short_list_is_counted(sixty):
    page = page_of(sixty, "2")
    assert page.paginator.count == 60 and not page.paginator.is_long
    assert page.has_next() and page.has_previous() and names(page)[0] == "村25"


def test_as_many_as_are_counted_is_not_yet_long(sixty, monkeypatch):
    monkeypatch.setattr(paging, "MOST_COUNTED", 60)
    assert not page_of(sixty, 1).paginator.is_long
    monkeypatch.setattr(paging, "MOST_COUNTED", 59)
    assert page_of(sixty, 1).paginator.is_long


def test_a_long_list_goes_on_behind_what_was_counted(sixty, count_to_forty):
    page = page_of(sixty, "3")
    assert page.paginator.is_long and names(page) == [f"村{n}" for n in range(50, 60)]
    assert not page.has_next() and page.previous_page_number() == 2


def test_each_page_of_a_long_list_knows_of_the_next(sixty, count_to_forty):
    first, second = page_of(sixty, None), page_of(sixty, "2")
    assert len(names(first)) == 25 and first.has_next() and not first.has_previous()
    assert second.has_next() and second.next_page_number() == 3


def test_a_page_that_ends_with_the_list_has_no_next(sixty, count_to_forty):
    page = page_of(sixty.filter(pinyin__lt="cun50"), "2")
    assert len(names(page)) == 25 and not page.has_next()


@pytest.mark.parametrize("number", ["", "x", "-1", "0", "²", "9" * 30, None, "1.5"])
def test_what_is_no_page_is_forgiven(sixty, count_to_forty, number):
    assert len(names(page_of(sixty, number))) == 25


def test_beyond_the_end_of_a_long_list_is_its_beginning(sixty, count_to_forty):
    assert page_of(sixty, "4").number == 1


def test_beyond_the_end_of_a_short_list_is_its_end(sixty):
    assert page_of(sixty, "4").number == 3


def test_an_empty_list_has_one_empty_page():
    page = page_of(VillageCommittee.objects.order_by("pk"), "1")
    assert names(page) == [] and not page.has_next()


def test_a_page_is_two_queries(sixty, count_to_forty, django_assert_num_queries):
    with django_assert_num_queries(2):
        names(page_of(sixty, "2"))
