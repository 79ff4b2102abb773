"""Who sees which book, and the words of the ledger."""

from django.db import models

from accounts.roles import OFFICE, Act, may, may_check


def _is_office(user) -> bool:
    return user.is_authenticated and not OFFICE.isdisjoint(user.roles)


class OfFundQuerySet(models.QuerySet):
    """Rows of one community's book."""

    def visible_to(self, user):
        """Staff of the office; others see their household or their community by pages of their own."""
        return self if _is_office(user) else self.none()


class ProposalQuerySet(OfFundQuerySet):
    def open(self) -> "ProposalQuerySet":
        return self.filter(state="open")

    def to_check_by(self, user) -> "ProposalQuerySet":
        """Those that wait for somebody else's check. DOMAIN 0.4"""
        return self.open().exclude(made_by=user) if may_check(user, Act.FUND_VOUCHER) else self.none()

    def made_by_user(self, user) -> "ProposalQuerySet":
        return self.open().filter(made_by=user) if may(user, Act.FUND_VOUCHER) else self.none()


class LineQuerySet(OfFundQuerySet):
    def of_household(self, unit) -> "LineQuerySet":
        """A household's account 分户账, oldest first."""
        return self.filter(unit=unit, account__code="3001").order_by("id")


class BalanceQuerySet(OfFundQuerySet):
    def households(self) -> "BalanceQuerySet":
        return self.filter(account__code="3001")
