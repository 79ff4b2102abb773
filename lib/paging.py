"""Long lists page by page, without counting what nobody counts to the end."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

A_PAGE = 25
MOST_COUNTED = 1000
MOST_PAGES = 10_000  # an address may ask for any number


class Pages(Paginator):
    """A paginator that counts to a thousand and no further; a longer list is told as "more than 1000".

    Counting 100,000 rows costs more than the page that says so.
    """

    def __init__(self, rows: QuerySet, per_page: int = A_PAGE):
        super().__init__(rows, per_page)

    @cached_property
    def count(self) -> int:
        """How many rows; of a long list, one more than were counted."""
        return self.object_list.order_by().values("pk")[: MOST_COUNTED + 1].count()

    @property
    def is_long(self) -> bool:
        return self.count > MOST_COUNTED

    @property
    def most_counted(self) -> int:
        return MOST_COUNTED

    @cached_property
    def num_pages(self) -> int:
        return MOST_PAGES if self.is_long else super().num_pages

    def page(self, number) -> Page:
        if not self.is_long:
            return super().page(number)
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        return LongPage(list(self.object_list[first : first + self.per_page + 1]), number, self)

    def get_page(self, number) -> Page:
        """The page asked for; the first one for what is no number or lies beyond the end of a long list."""
        page = super().get_page(number)
        return page if page.object_list else super().get_page(1)


class LongPage(Page):
    """A page of a list whose end is not known: the row after it tells whether there is a next one."""

    def __init__(self, rows: list, number: int, pages: Pages):
        super().__init__(rows[: pages.per_page], number, pages)
        self.more = len(rows) > pages.per_page

    def has_next(self) -> bool:
        return self.more


def page_of(rows: QuerySet, number) -> Page:
    """The page of 25 that ``?page=`` asks for; a number that is none, or lies beyond the end, is forgiven."""
    return Pages(rows).get_page(number)
