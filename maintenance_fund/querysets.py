"""Who sees which book, and the words of the ledger. DOMAIN 0.5, D.7"""

from datetime import date

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.roles import OFFICE, Act, may_check
from communities.models import Community, Ownership, Unit
from lib.periods import beijing_date


def is_office(user) -> bool:
    return user.is_authenticated and not OFFICE.isdisjoint(user.roles)


def _own(user):
    """Ownerships of the user today."""
    return Ownership.objects.on(beijing_date(timezone.now())).filter(person__user=user)


def households_of(user):
    """Units whose account the user may open: the office's are all, an owner's are those they own today."""
    if not user.is_authenticated:
        return Unit.objects.none()
    return Unit.objects.all() if is_office(user) else Unit.objects.filter(pk__in=_own(user).values("unit"))


def governed_books(user):
    """Books of communities in whose committee the user sits today."""
    from .models import Fund

    return Fund.objects.filter(community__in=Community.objects.governed_by(user)).select_related("community")


class FundQuerySet(models.QuerySet):
    def visible_to(self, user) -> "FundQuerySet":
        """The office sees every book, a committee that of its community."""
        if not user.is_authenticated:
            return self.none()
        return self if is_office(user) else self.filter(community__in=Community.objects.governed_by(user))

    def listed_to(self, user) -> "FundQuerySet":
        """Books whose list of who has renewed the user may read: the office, the committee, that community's owners."""
        if is_office(user):
            return self
        own = Q(community__in=Community.objects.governed_by(user))
        return self.filter(own | Q(community__in=_own(user).values("unit__community")))

    def public(self) -> "FundQuerySet":
        """Totals of every book, for everybody. DOMAIN F.14"""
        return self.filter(community__in=Community.objects.public())

    def with_totals(self) -> "FundQuerySet":
        """Adds what stands at the bank and what the households have, in fen."""
        from .models import Total

        def total(*codes):
            rows = Total.objects.filter(community=OuterRef("community"), account__code__in=codes)
            return Coalesce(
                models.Subquery(rows.order_by().values("community").annotate(fen=Sum("amount")).values("fen")), 0
            )

        return self.annotate(
            bank_fen=total("100101", "100102"), households_fen=total("3001"), bonds_fen=total("1101")
        ).select_related("community")


class OfFundQuerySet(models.QuerySet):
    """Rows of one community's book."""

    def visible_to(self, user):
        """The office sees all, a committee the vouchers of its community: totals, no household's lines."""
        if not user.is_authenticated:
            return self.none()
        return self if is_office(user) else self.filter(community__in=Community.objects.governed_by(user))


class OfOfficeQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if is_office(user) else self.none()


class ProposalQuerySet(OfOfficeQuerySet):
    def open(self) -> "ProposalQuerySet":
        return self.filter(state="open")

    def standing(self) -> "ProposalQuerySet":
        """Those that are open, or sealed and not reversed."""
        return self.exclude(state="withdrawn").exclude(_reversed("pk"))

    def to_check_by(self, user) -> "ProposalQuerySet":
        """Those that wait for somebody else's check. DOMAIN 0.4"""
        return self.open().exclude(made_by=user) if may_check(user, Act.FUND_VOUCHER) else self.none()

    def with_amount(self) -> "ProposalQuerySet":
        """With the sum of its debits, and the people."""
        return self.annotate(amount_fen=Sum("lines__debit")).select_related("made_by", "community", "approved_by")


class TransactionQuerySet(OfFundQuerySet):
    def newest_first(self) -> "TransactionQuerySet":
        return self.order_by("-seq")

    def with_reversed(self) -> "TransactionQuerySet":
        """Adds whether a later voucher reversed it."""
        return self.annotate(is_reversed=Exists(self.model.objects.filter(reverses=OuterRef("pk"))))


class LineQuerySet(OfOfficeQuerySet):
    def of_household(self, unit: int) -> "LineQuerySet":
        """A household's account 分户账, oldest first."""
        return self.filter(unit=unit, account__code="3001").order_by("id")


class BankLineQuerySet(OfOfficeQuerySet):
    def with_match(self) -> "BankLineQuerySet":
        """With account and live match, and the voucher that came of it."""
        return self.select_related("bank_account").prefetch_related("matches__proposal__transaction")

    def matched(self, wanted: bool = True) -> "BankLineQuerySet":
        """Those for which a proposal or voucher stands, or those for which none does."""
        from .models import BankMatch

        stands = Exists(BankMatch.objects.filter(line=OuterRef("pk"), is_live=True))
        return self.filter(stands if wanted else ~stands)


class ConstructionCostQuerySet(OfOfficeQuerySet):
    def on(self, day: date):
        """The cost that holds on a day; None while none was published and checked. DOMAIN F.3"""
        return self.filter(state="checked", first_day__lte=day).order_by("-first_day").first()


class AssessmentQuerySet(OfOfficeQuerySet):
    def with_sums(self) -> "AssessmentQuerySet":
        """Adds how many live units there are, what each side has to pay, and how much of it nobody paid yet, fen."""
        from .models import AssessedUnit

        live = AssessedUnit.objects.live().filter(assessment=OuterRef("pk"))
        unpaid = {side: live.unpaid_by(side.upper()) for side in ("developer", "owner")}
        return self.annotate(
            homes=_total(live, Count("pk")),
            developer_fen=_total(live, Sum("developer_fen")),
            owner_fen=_total(live, Sum("owner_fen")),
            developer_unpaid=_total(unpaid["developer"], Sum("developer_fen")),
            owner_unpaid=_total(unpaid["owner"], Sum("owner_fen")),
        )


def _total(rows, what):
    counted = rows.order_by().values("assessment").annotate(total=what).values("total")
    return Coalesce(models.Subquery(counted), 0, output_field=models.BigIntegerField())


class ReceiptQuerySet(OfOfficeQuerySet):
    def with_voucher(self) -> "ReceiptQuerySet":
        """Adds the key and number of the voucher that took it in."""
        from .models import Line

        line = Line.objects.filter(receipt=OuterRef("pk"))
        return self.annotate(
            voucher=models.Subquery(line.values("transaction")[:1]),
            voucher_number=models.Subquery(line.values("transaction__number")[:1]),
        )


class AssessedUnitQuerySet(models.QuerySet):
    def live(self) -> "AssessedUnitQuerySet":
        return self.filter(is_live=True)

    def unpaid_by(self, payer: str) -> "AssessedUnitQuerySet":
        """Live rows for which that payer, DEVELOPER or OWNER, still has to pay something."""
        side = payer.lower()
        return self.live().filter(**{f"{side}_fen__gt": 0}).exclude(**{f"{side}_paid__in": _standing()})

    def paid(self) -> "AssessedUnitQuerySet":
        """Rows for which a voucher or an open proposal of either payer stands."""
        standing = _standing()
        return self.filter(Q(developer_paid__in=standing) | Q(owner_paid__in=standing))

    def for_table(self) -> "AssessedUnitQuerySet":
        return self.select_related("unit", "developer_paid", "owner_paid").annotate(
            developer_back=_reversed("developer_paid"), owner_back=_reversed("owner_paid")
        )


def _standing() -> ProposalQuerySet:
    from .models import PostingProposal

    return PostingProposal.objects.standing()


def _reversed(path: str) -> Exists:
    from .models import PostingProposal

    return Exists(PostingProposal.objects.filter(reverses__proposal=OuterRef(path), state="sealed"))


class BalanceQuerySet(OfOfficeQuerySet):
    def households(self) -> "BalanceQuerySet":
        return self.filter(account__code="3001")


class CollectionQuerySet(OfOfficeQuerySet):
    def standing(self) -> "CollectionQuerySet":
        return self.filter(struck_because="")

    def not_passed_on(self) -> "CollectionQuerySet":
        """Taken, and not yet in the special account: no voucher stands or waits for it."""
        return self.standing().exclude(proposal__in=_standing())

    def overdue(self, *, today: date) -> "CollectionQuerySet":
        return self.not_passed_on().filter(due_on__lt=today)


class InvestmentQuerySet(OfFundQuerySet):
    def held(self) -> "InvestmentQuerySet":
        """Bought by a sealed voucher that stands, and not come back."""
        standing = _standing()
        return self.filter(bought__in=standing, bought__state="sealed").exclude(redeemed__in=standing)

    def standing(self) -> "InvestmentQuerySet":
        return self.filter(bought__in=_standing())


class ObjectionQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ObjectionQuerySet":
        """The office sees all, an owner their own."""
        if not user.is_authenticated:
            return self.none()
        return self if is_office(user) else self.filter(made_by=user)

    def open(self) -> "ObjectionQuerySet":
        return self.filter(answer="")

    def overdue(self, *, today: date) -> "ObjectionQuerySet":
        return self.open().filter(due_on__lt=today)


class RenewalNoticeQuerySet(models.QuerySet):
    def visible_to(self, user) -> "RenewalNoticeQuerySet":
        """The office sees all, an owner those of units that they own today."""
        if not user.is_authenticated:
            return self.none()
        return self if is_office(user) else self.filter(unit__in=_own(user).values("unit"))

    def newest(self) -> "RenewalNoticeQuerySet":
        """The newest notice of each unit, those taken back left out, in order of the units."""
        rows = self.exclude(state="withdrawn").order_by("unit__code", "-pk")
        return rows.distinct("unit__code").select_related("unit")

    def open(self) -> "RenewalNoticeQuerySet":
        return self.filter(state="open")

    def overdue(self, *, today: date) -> "RenewalNoticeQuerySet":
        return self.open().filter(due_on__lt=today)
