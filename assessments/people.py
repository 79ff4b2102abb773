"""Who may do what with a sheet: by the kind of its community, and never both sides of it. DOMAIN D.1, D.7"""

from datetime import date

from django.core.exceptions import PermissionDenied

from accounts.models import RoleGrant, User
from accounts.roles import Act, Role, may, may_check
from communities.models import Community, Firm

from .models import CreditEvent, ScoreSheet
from .querysets import parts_of


def act_of(sheet: ScoreSheet) -> Act:
    """Settlement communities are the town's, the others the station's."""
    return Act.SCORE_SETTLEMENT if sheet.is_settlement else Act.SCORE_OTHER


def _oversees(user: User, sheet: ScoreSheet) -> bool:
    return sheet.is_settlement or Community.objects.overseen_by(user).filter(pk=sheet.community_id).exists()


def may_assess(user: User, sheet: ScoreSheet) -> bool:
    """The scoring body's assessor; the town also what a later version puts right. DOMAIN D.7"""
    own = may(user, act_of(sheet)) and _oversees(user, sheet)
    return own or (sheet.version > 1 and may(user, Act.SCORE_SETTLEMENT))


def may_check_sheet(user: User, sheet: ScoreSheet) -> bool:
    """The scoring body's head, or the town's for a station of one; not the assessor, nor anybody who decided a charge
    or issued a notice behind one. DOMAIN D.1
    """
    if not (may_check(user, act_of(sheet)) and _oversees(user, sheet)):
        return False
    return user.pk not in (sheet.assessed_by_id, sheet.veto_by_id) and not parts_of(user, sheet.pk).exists()


def may_publish(user: User, sheet: ScoreSheet) -> bool:
    """The head of the scoring body, or the town's; the assessor never publishes."""
    return may_check(user, act_of(sheet)) and _oversees(user, sheet) and sheet.assessed_by_id != user.pk


def may_appeal(user: User, sheet: ScoreSheet) -> bool:
    return may(user, Act.REPLY) and Firm.objects.employing(user).filter(pk=sheet.firm_id).exists()


def may_decide_appeal(user: User, sheet: ScoreSheet) -> bool:
    """Town or panel, or the leader; nobody who assessed or checked it. DOMAIN D.5"""
    took_part = user.pk in (sheet.assessed_by_id, sheet.checked_by_id)
    asked = may(user, Act.APPEAL) or may_check(user, Act.APPEAL)
    return asked and not took_part and not parts_of(user, sheet.pk).exists()


def may_decide_event(user: User, event: CreditEvent) -> bool:
    """The town's head, once somebody else has examined it. DOMAIN D.8"""
    return may_check(user, Act.CREDIT) and event.made_by_id not in (None, user.pk)


def demand(allowed: bool, words: str) -> None:
    """Raises PermissionDenied with the words."""
    if not allowed:
        raise PermissionDenied(words)


# ---------------------------------------------------------------- whom to tell


def _holding(roles: set[Role], today: date) -> set[int]:
    return set(RoleGrant.objects.on(today).filter(role__in=roles).values_list("user", flat=True))


def assessors(sheet: ScoreSheet, today: date) -> set[int]:
    return _holding({Role.TOWN_CLERK}, today) if sheet.is_settlement else _station(sheet, Role.STATION_CLERK, today)


def checkers(sheet: ScoreSheet, today: date) -> set[int]:
    if sheet.is_settlement:
        return _holding({Role.TOWN_HEAD}, today)
    return _station(sheet, Role.STATION_HEAD, today) or _holding({Role.TOWN_HEAD}, today)


def _station(sheet: ScoreSheet, role: Role, today: date) -> set[int]:
    from communities.models import StationPost

    posts = StationPost.objects.on(today).filter(village_committee__communities=sheet.community_id)
    return set(posts.values_list("user", flat=True)) & _holding({role}, today)


def of_firm(firm: int, today: date) -> set[int]:
    """The managers of a firm."""
    from communities.models import FirmPost

    posts = FirmPost.objects.on(today).filter(firm=firm, kind=FirmPost.Kind.MANAGER)
    return set(posts.values_list("user", flat=True))


def deciders(today: date) -> set[int]:
    return _holding({Role.TOWN_CLERK, Role.LEADER}, today)


def town_heads(today: date) -> set[int]:
    return _holding({Role.TOWN_HEAD}, today)


def town_clerks(today: date) -> set[int]:
    return _holding({Role.TOWN_CLERK}, today)
