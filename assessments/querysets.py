"""The words of scores and deposits: who sees which sheet, what waits for whom, what is current."""

from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.roles import OFFICE, Act, Role, may, may_check
from communities.models import Community, Firm
from lib.dated import DatedQuerySet
from lib.uploads import PhotoQuerySet

SEES_ALL = OFFICE | {Role.LEADER}
WORKING = ("draft", "to_check", "checked")


def sees_all(user) -> bool:
    return user.is_authenticated and not SEES_ALL.isdisjoint(user.roles)


class ScoreTableQuerySet(DatedQuerySet):
    def visible_to(self, user) -> "ScoreTableQuerySet":
        return self if user.is_authenticated else self.none()

    def checked(self) -> "ScoreTableQuerySet":
        """What counts: it came with a migration, or a second person has checked it."""
        return self.filter(Q(origin="migration") | Q(checked_at__isnull=False))

    def waiting(self) -> "ScoreTableQuerySet":
        return self.filter(origin="person", checked_at__isnull=True)


class OfTableQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_authenticated else self.none()


class ScoreSheetQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ScoreSheetQuerySet":
        """Office and leaders see all, a station its communities', a firm its own once checked, a committee what is
        published of its community. DOMAIN D.7
        """
        if not user.is_authenticated:
            return self.none()
        if sees_all(user):
            return self
        seen = Q(community__in=Community.objects.overseen_by(user))
        own = Q(firm__in=Firm.objects.employing(user), notified_on__isnull=False)
        published = Q(community__in=Community.objects.governed_by(user), state="published")
        return self.filter(seen | own | published)

    def months(self) -> "ScoreSheetQuerySet":
        return self.filter(period_kind="month")

    def of_month(self, first_day: date) -> "ScoreSheetQuerySet":
        return self.months().filter(first_day=first_day)

    def current(self) -> "ScoreSheetQuerySet":
        """The highest version of each contract and period that was not put away."""
        later = self._others(version__gt=OuterRef("version")).exclude(state="replaced")
        return self.filter(~Exists(later)).exclude(state="replaced")

    def in_force(self) -> "ScoreSheetQuerySet":
        """Published, and not yet put right by a later published version."""
        later = self._others(version__gt=OuterRef("version"), state="published")
        return self.filter(~Exists(later), state="published")

    def versions_of(self, sheet) -> "ScoreSheetQuerySet":
        """All versions of the sheet's contract and period, itself too, the newest first."""
        same = {name: getattr(sheet, name) for name in ("contract_id", "period_kind", "first_day")}
        return self.filter(**same).order_by("-version")

    def _others(self, **more):
        same = {name: OuterRef(name) for name in ("contract", "period_kind", "first_day")}
        return self.model.objects.filter(**same, **more).order_by()

    def with_row_parts(self) -> "ScoreSheetQuerySet":
        return self.select_related("community", "firm", "table").annotate(
            open_appeal=Exists(_appeals().filter(sheet=OuterRef("pk"), state="open"))
        )

    def with_before(self) -> "ScoreSheetQuerySet":
        """Adds ``before_deci``, the score in force of the month before, and how far this one is from it."""
        before = self.model.objects.in_force().months().filter(community=OuterRef("community"), firm=OuterRef("firm"))
        before = before.filter(first_day__lt=OuterRef("first_day")).order_by("-first_day").values("score_deci")[:1]
        return self.annotate(before_deci=Subquery(before)).annotate(change_deci=F("score_deci") - F("before_deci"))

    def to_assess(self, *, today: date) -> "ScoreSheetQuerySet":
        """Drafts of periods that are over: the assessor's turn."""
        return self.filter(state="draft", last_day__lt=today)

    def to_check(self) -> "ScoreSheetQuerySet":
        return self.filter(state="to_check")

    def to_publish(self, *, today: date) -> "ScoreSheetQuerySet":
        """Checked, the window of appeal is over, and no appeal waits. DOMAIN D.5"""
        return self.filter(
            ~Exists(_appeals().filter(sheet=OuterRef("pk"), state="open")), state="checked", appeal_until__lt=today
        )

    def to_assess_by(self, user, *, today: date) -> "ScoreSheetQuerySet":
        """Drafts of periods that are over, where the user is the scoring body's assessor. DOMAIN D.1, D.7"""
        own = _of_body(user, may)
        if may(user, Act.SCORE_SETTLEMENT):
            own |= Q(version__gt=1)  # the town also puts right what stations scored
        return self.to_assess(today=today).filter(own) if own else self.none()

    def to_check_by(self, user) -> "ScoreSheetQuerySet":
        """Those that wait for a check by the user, who took no part in them. DOMAIN D.1"""
        own = _of_body(user, may_check)
        if not own:
            return self.none()
        return (
            self.to_check()
            .filter(own)
            .exclude(assessed_by=user)
            .exclude(veto_by=user)
            .exclude(Exists(parts_of(user, OuterRef("pk"))))
        )

    def to_publish_by(self, user, *, today: date) -> "ScoreSheetQuerySet":
        """Those that the user may publish today."""
        own = _of_body(user, may_check)
        return self.to_publish(today=today).filter(own).exclude(assessed_by=user) if own else self.none()

    def unbooked(self) -> "ScoreSheetQuerySet":
        return self.months().filter(state="published", booking=None)

    def search(self, words: str) -> "ScoreSheetQuerySet":
        return _said(self, words)


def _said(rows, words: str):
    """Rows whose community or firm answers to every word."""
    for word in words.split():
        rows = rows.filter(Q(community__in=Community.objects.search(word)) | Q(firm__in=Firm.objects.search(word)))
    return rows


def _of_body(user, allowed) -> Q:
    """Sheets of the kinds of communities that the user scores or checks, by ``may`` or ``may_check``; else nothing."""
    own = Q()
    if allowed(user, Act.SCORE_SETTLEMENT):
        own |= Q(kind=Community.Kind.SETTLEMENT)
    if allowed(user, Act.SCORE_OTHER):
        own |= ~Q(kind=Community.Kind.SETTLEMENT) & Q(community__in=Community.objects.overseen_by(user))
    return own


def parts_of(user, sheet):
    """Charges of a sheet in which the user had a part: decided them, or issued the notice or fact behind them."""
    from .models import Charge

    behind = Q(decided_by=user) | Q(evidence__manual__by=user) | Q(evidence__notice__issued_by=user)
    behind |= Q(evidence__finding__notices__issued_by=user) | Q(evidence__round__notice__issued_by=user)
    behind |= Q(evidence__finding__found_by=user) | Q(evidence__upheld__by=user) | Q(evidence__failure__by=user)
    return Charge.objects.filter(behind, sheet=sheet)


def _appeals():
    from .models import Appeal

    return Appeal.objects.all()


class OfSheetQuerySet(models.QuerySet):
    def visible_to(self, user):
        from .models import ScoreSheet

        return self.filter(sheet__in=ScoreSheet.objects.visible_to(user))


class ChargeQuerySet(OfSheetQuerySet):
    def with_page_parts(self) -> "ChargeQuerySet":
        """What a sheet's page shows of its charges and of the facts behind them, in one query."""
        ways = (
            *("item__area", "decided_by", "evidence__finding__item", "evidence__finding__building"),
            *("evidence__round__notice__finding__item", "evidence__round__notice__finding__building"),
            *("evidence__notice__finding__item", "evidence__notice__finding__building"),
            *("evidence__complaint", "evidence__complaint__building", "evidence__upheld__complaint__building"),
            *("evidence__manual", "evidence__failure__place_step__place__campaign"),
        )
        return self.select_related(*ways).prefetch_related("evidence__manual__photos")

    def in_order(self) -> "ChargeQuerySet":
        return self.order_by("item__area__position", "item__position", "evidence__day", "pk")

    def undecided(self) -> "ChargeQuerySet":
        return self.filter(decision="", exempt="")


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user) -> "EvidenceQuerySet":
        """Staff; a firm sees the facts of its own contracts."""
        if not user.is_authenticated:
            return self.none()
        if sees_all(user):
            return self
        seen = Q(community__in=Community.objects.overseen_by(user))
        return self.filter(seen | Q(contract__firm__in=Firm.objects.employing(user)))


class ManualFactQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ManualFactQuerySet":
        """Staff; the firm once the sheet was checked and it was told."""
        if not user.is_authenticated:
            return self.none()
        if sees_all(user):
            return self
        told = Q(contract__firm__in=Firm.objects.employing(user), evidence__charges__sheet__notified_on__isnull=False)
        return self.filter(Q(community__in=Community.objects.overseen_by(user)) | told).distinct()


class AssessmentPhotoQuerySet(PhotoQuerySet):
    def visible_to(self, user) -> "AssessmentPhotoQuerySet":
        """Seen by those who see the fact or appeal; one not yet sent in, by its sender."""
        from .models import Appeal, ManualFact

        if not user.is_authenticated:
            return self.none()
        return self.filter(
            Q(manual__in=ManualFact.objects.visible_to(user))
            | Q(appeal__in=Appeal.objects.visible_to(user))
            | Q(manual=None, appeal=None, uploaded_by=user)
        )

    def loose(self) -> "AssessmentPhotoQuerySet":
        return self.filter(manual=None, appeal=None)


class AppealQuerySet(OfSheetQuerySet):
    def open(self) -> "AppealQuerySet":
        return self.filter(state="open")

    def to_decide_by(self, user) -> "AppealQuerySet":
        """Open ones in whose sheet the user took no part. DOMAIN D.5"""
        if not (may(user, Act.APPEAL) or may_check(user, Act.APPEAL)):
            return self.none()
        mine = Q(sheet__assessed_by=user) | Q(sheet__checked_by=user) | Exists(parts_of(user, OuterRef("sheet")))
        return self.open().exclude(mine)


# ---------------------------------------------------------------- deposits


class DepositQuerySet(models.QuerySet):
    def visible_to(self, user) -> "DepositQuerySet":
        """Office and leaders see all, a firm its own. The public sees bands only. DOMAIN D.7"""
        if not user.is_authenticated:
            return self.none()
        return self if sees_all(user) else self.filter(firm__in=Firm.objects.employing(user))

    def with_row_parts(self) -> "DepositQuerySet":
        from .models import ReplenishNotice

        short = ReplenishNotice.objects.open().filter(deposit=OuterRef("pk"))
        return self.select_related("community", "firm", "contract").annotate(is_short=Exists(short))

    def search(self, words: str) -> "DepositQuerySet":
        return _said(self, words)

    def to_return(self, *, today: date) -> "DepositQuerySet":
        """Of contracts that have ended, what still holds money, the longest ago first. DOMAIN D.6"""
        return self.filter(contract__last_day__lt=today, balance_fen__gt=0).order_by("contract__last_day")


class OfDepositQuerySet(models.QuerySet):
    def visible_to(self, user):
        from .models import Deposit

        return self.filter(deposit__in=Deposit.objects.visible_to(user))


class DepositLineQuerySet(OfDepositQuerySet):
    pass


class DepositEntryQuerySet(OfDepositQuerySet):
    def open(self) -> "DepositEntryQuerySet":
        return self.filter(state="open")

    def to_check_by(self, user) -> "DepositEntryQuerySet":
        return self.open().exclude(made_by=user) if may_check(user, Act.DEPOSIT) else self.none()


class DepositBankLineQuerySet(models.QuerySet):
    def visible_to(self, user) -> "DepositBankLineQuerySet":
        return self if user.is_authenticated and not OFFICE.isdisjoint(user.roles) else self.none()

    def unmatched(self) -> "DepositBankLineQuerySet":
        """Nobody has booked it yet; an entry that was sent back holds its line no longer."""
        return self.filter(entry=None)


class BookingQuerySet(OfSheetQuerySet):
    def in_force(self) -> "BookingQuerySet":
        """Those of the newest booked version of each month."""
        same = {f"sheet__{name}": OuterRef(f"sheet__{name}") for name in ("contract", "period_kind", "first_day")}
        return self.exclude(Exists(self.model.objects.filter(**same, sheet__version__gt=OuterRef("sheet__version"))))


class AwardBudgetQuerySet(DatedQuerySet):
    def visible_to(self, user) -> "AwardBudgetQuerySet":
        return self if sees_all(user) else self.none()

    def with_spent(self) -> "AwardBudgetQuerySet":
        """Adds what rewards took of it, a month once."""
        from .models import Booking

        taken = Booking.objects.in_force().filter(budget=OuterRef("pk")).order_by().values("budget")
        return self.annotate(spent_fen=Coalesce(Subquery(taken.annotate(fen=Sum("reward_fen")).values("fen")), 0))


class ReplenishNoticeQuerySet(OfDepositQuerySet):
    def open(self) -> "ReplenishNoticeQuerySet":
        return self.filter(state="open")

    def overdue(self, *, today: date) -> "ReplenishNoticeQuerySet":
        return self.open().filter(due_on__lt=today)


# ---------------------------------------------------------------- what follows


class OfFirmFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Office and leaders; a firm its own."""
        if not user.is_authenticated:
            return self.none()
        return self if sees_all(user) else self.filter(firm__in=Firm.objects.employing(user))


class TalkQuerySet(OfFirmFileQuerySet):
    def to_hold(self) -> "TalkQuerySet":
        return self.filter(held_on=None)


class CreditEventQuerySet(OfFirmFileQuerySet):
    def visible_to(self, user):
        """Office and leaders; a firm what was decided about it, not what is only proposed."""
        rows = super().visible_to(user)
        return rows if sees_all(user) else rows.exclude(state="proposed")

    def proposed(self) -> "CreditEventQuerySet":
        return self.filter(state="proposed")

    def in_force(self, day: date) -> "CreditEventQuerySet":
        """Confirmed and not yet expired."""
        return self.filter(state="confirmed", expires_on__gte=day)


class StarCriterionQuerySet(DatedQuerySet):
    def visible_to(self, user) -> "StarCriterionQuerySet":
        return self if user.is_authenticated else self.none()


class StarRatingQuerySet(models.QuerySet):
    def visible_to(self, user) -> "StarRatingQuerySet":
        if not user.is_authenticated:
            return self.none()
        return self if sees_all(user) else self.published()

    def published(self) -> "StarRatingQuerySet":
        return self.filter(state="published")


class SpotCheckQuerySet(OfSheetQuerySet):
    def open(self) -> "SpotCheckQuerySet":
        return self.filter(result="")
