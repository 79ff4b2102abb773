"""What a firm says by itself: problems that it found (自查自报), owners whom it told to stop (劝阻). B.7a, D.3"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from accounts.roles import Act, demand, may
from communities.models import Building, Community, Contract, Firm
from lib.periods import beijing_date
from lib.states import move
from rulebook import rules

from . import notice_terms, notices, photos, root_causes
from .models import CheckItem, Dissuasion, Finding, Notice


def firm_of(by: User, community: Community, *, today: date) -> Firm | None:
    """The firm of the user that serves the community today."""
    own = Firm.objects.employing(by)
    contract = Contract.objects.on(today).filter(community=community, firm__in=own).select_related("firm").first()
    return contract.firm if contract else None


@transaction.atomic
def report(
    *,
    client_id: UUID,
    community: Community,
    item: CheckItem,
    text: str,
    finish_on: date,
    photos: Sequence[UUID],
    building: Building | None = None,
    by: User,
    now: datetime,
) -> Notice:
    """The firm reports a problem itself: a finding in the same register, with a notice that it has received already.

    Sent twice under one client id, it is one report.

    Raises:
        PermissionDenied: a community that the firm does not serve today.
        Refused: no text, no photo, or a finish day that has passed.
    """
    demand(by, Act.REPLY)
    today = beijing_date(now)
    if not (firm := firm_of(by, community, today=today)):
        raise PermissionDenied("只能报自己服务的小区。")
    if known := Finding.objects.filter(client_id=client_id, found_by=by).first():
        return known.notices.get()
    notices.demand(
        text=(text.strip(), "写一句是什么问题，在哪里。"),
        photos=(len(photos), "拍一张问题的照片。"),
        finish_on=(finish_on >= today, "完成日期写今天或以后。"),
    )
    where = {"community": community, "building": building, "firm": firm}
    found = {"found_by": by, "found_on": today, "finish_on": finish_on}
    finding = _recorded(client_id, item, text, **where, **found)
    return _sent(finding, photos, by, now)


def _recorded(client_id: UUID, item: CheckItem, text: str, **more) -> Finding:
    return Finding.objects.create(
        client_id=client_id,
        source=Finding.Source.SELF_REPORT,
        item=item,
        severity=item.severity,
        text=text.strip()[:500],
        handling=Finding.Handling.NOTICE,
        **more,
    )


def _sent(finding: Finding, shown: Sequence[UUID], by: User, now: datetime) -> Notice:
    photos.bind_to_finding(finding, photos=shown, after=(), by=by, field="report")
    notice = notices.send(finding=finding, by=by, now=now)
    notices.receive(notice=notice, by=by, now=now)
    return notice


def standard_term(item: CheckItem, *, today: date) -> date:
    """Until when a finish day is within the standard term, for a report of today."""
    return notice_terms.rectify_due(issued=today, received=today, severity=item.severity, no=1).due.date


def is_exempt(notice: Notice, *, today: date) -> bool:
    """No deduction for what the firm reported itself: its finish day is within the term and kept, and the same place
    has not been reported within ``selfreport.repeat_days``. DOMAIN B.7a
    """
    finding = notice.finding
    if finding.source != Finding.Source.SELF_REPORT:
        return False
    first = notice.rounds.get(no=1)
    kept = (first.replied_on or today) <= finding.finish_on
    return kept and finding.finish_on <= first.due_on and not _is_repeated(finding)


def _is_repeated(finding: Finding) -> bool:
    days = rules.on(finding.found_on, "selfreport.repeat_days")
    since = finding.found_on - timedelta(days=days)
    return root_causes.at_the_same_place(finding).filter(found_on__gte=since, pk__lt=finding.pk).exists()


# ---------------------------------------------------------------- dissuasion


@transaction.atomic
def dissuade(
    *,
    community: Community,
    kind: str,
    text: str,
    person: str,
    day: date,
    photos: Sequence[UUID],
    finding: Finding | None = None,
    by: User,
    now: datetime,
) -> Dissuasion:
    """已劝阻 or 已报告: what an owner does, who of the firm went, on which day, with a photo.

    Raises:
        PermissionDenied: a community that the firm does not serve today.
        Refused: something is missing, or a day to come.
    """
    demand(by, Act.REPLY)
    today = beijing_date(now)
    if not (firm := firm_of(by, community, today=today) or _firm_then(finding, by)):
        raise PermissionDenied("只能记自己服务的小区。")
    notices.demand(
        text=(text.strip(), "写一句什么事，在哪里。"),
        person=(person.strip(), "写上谁去的。"),
        photos=(len(photos), "要有一张照片。"),
        day=(day <= today, "日期不能在今天以后。"),
    )
    row = Dissuasion.objects.create(
        community=community,
        firm=firm,
        finding=finding,
        kind=kind,
        text=text.strip()[:300],
        person=person.strip(),
        day=day,
        by=by,
        at=now,
    )
    _bind(row, photos, by)
    return row


def _firm_then(finding: Finding | None, by: User) -> Firm | None:
    """The firm of the finding's day, where the user works for it."""
    return finding and Firm.objects.employing(by).filter(pk=finding.firm_id).first()


def _bind(row: Dissuasion, shown: Sequence[UUID], by: User) -> None:
    photos.bind_to_dissuasion(row, photos=shown, by=by)


def may_accept(user: User, row: Dissuasion) -> bool:
    """A cadre or the station's head of the community, not of the firm."""
    staff = may(user, Act.RECHECK) and Community.objects.overseen_by(user).filter(pk=row.community_id).exists()
    return staff and user.pk != row.by_id and not Firm.objects.employing(user).filter(pk=row.firm_id).exists()


@transaction.atomic
def accept(*, row: Dissuasion, by: User, now: datetime) -> None:
    """The cadre believes it; a finding that it is about is then no fault of the firm's. DOMAIN D.3

    Raises:
        PermissionDenied: not the cadre of the community.
        WrongState: accepted before.
    """
    if not may_accept(by, row):
        raise PermissionDenied("劝阻、报告由联系这个小区的干部认可。")
    move(row, accepted_at=None, to={"accepted_by": by, "accepted_at": now}, else_="刚才已经认可了。")
    if row.finding_id:
        Finding.objects.filter(pk=row.finding_id).update(dissuaded=True)
