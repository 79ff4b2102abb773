"""Who signs, replies, looks again and decides about a notice, and whom it concerns. DOMAIN B.7, D.7"""

from collections import defaultdict
from datetime import date

from accounts.models import User
from accounts.roles import OFFICE, STATION, Act, Role, may, may_check
from communities.models import Community, Firm, FirmPost, PatrolDuty, StationPost

from .models import Notice

# ---------------------------------------------------------------- who may


def oversees(user: User, notice: Notice) -> bool:
    """The community is one of those that the user looks after as staff today."""
    return Community.objects.overseen_by(user).filter(pk=notice.community_id).exists()


def is_of_firm(user: User, notice: Notice) -> bool:
    """The user works today for the firm that must put it right."""
    firm = notice.answering_firm
    return firm is not None and Firm.objects.employing(user).filter(pk=firm.pk).exists()


def is_of_any_firm(user: User, notice: Notice) -> bool:
    """The user works today for a firm that has or had the notice."""
    firms = {notice.firm_id, *notice.takeovers.values_list("firm", flat=True)}
    return Firm.objects.employing(user).filter(pk__in=firms - {None}).exists()


def has_account(notice: Notice, *, today: date) -> bool:
    """Somebody of the firm can sign in; without, its notices go by paper."""
    return FirmPost.objects.on(today).filter(firm=notice.answering_firm, user__is_active=True).exists()


def goes_by_paper(notice: Notice, *, today: date) -> bool:
    return notice.firm_id is not None and not has_account(notice, today=today)


def may_sign(user: User, notice: Notice) -> bool:
    """The firm itself; for a group or a village committee the station's clerk."""
    if notice.firm_id:
        return may(user, Act.REPLY) and is_of_firm(user, notice)
    return may(user, Act.GROUP_REPLY) and oversees(user, notice)


def may_write_for_firm(user: User, notice: Notice, *, today: date) -> bool:
    """Receipt and reply on paper, for a firm without an account: its cadre or the station."""
    acts = may(user, Act.PATROL) or may(user, Act.GROUP_REPLY) or may_check(user, Act.PATROL)
    return acts and oversees(user, notice) and goes_by_paper(notice, today=today)


def may_reply(user: User, notice: Notice, *, today: date) -> bool:
    return may_sign(user, notice) or may_write_for_firm(user, notice, today=today)


def may_recheck(user: User, notice: Notice) -> bool:
    """Whoever looks after the community, never the firm, nor who replied for a group; a major one by another than
    the issuer. DOMAIN B.7
    """
    if not (may(user, Act.RECHECK) and oversees(user, notice)) or is_of_any_firm(user, notice):
        return False
    if notice.firm_id is None and notice.rounds.filter(no=notice.round_no, replied_by=user).exists():
        return False
    return not (notice.is_major and notice.issued_by_id == user.pk)


def may_extend(user: User, notice: Notice) -> bool:
    """The station's head; for a major one the town's clerk. DOMAIN B.6"""
    if notice.is_major:
        return may(user, Act.MAJOR_EXTEND)
    headed = Community.objects.headed_by(user).filter(pk=notice.community_id)
    return may(user, Act.SEVERITY_LOWER) and headed.exists()


def may_decide_objection(user: User, notice: Notice) -> bool:
    """The town's clerk, never the issuer. DOMAIN B.7"""
    return may_check(user, Act.OBJECTION) and notice.issued_by_id != user.pk


# ---------------------------------------------------------------- whom it concerns


def addressees(notice: Notice, *, today: date) -> set[int]:
    """The people of the firm, or the station's where a group or the village committee answers."""
    if notice.firm_id is None:
        return station(notice, today=today)
    return _keys(FirmPost.objects.on(today).filter(firm=notice.answering_firm))


def cadres(notice: Notice, *, today: date) -> set[int]:
    """Who looks after the community today: linked cadre and substitute."""
    duties = PatrolDuty.objects.on(today).filter(community=notice.community_id)
    return _keys(duties.exclude(kind=PatrolDuty.Kind.TEAM))


def station(notice: Notice, *, today: date) -> set[int]:
    village = Community.objects.filter(pk=notice.community_id).values("village_committee")
    return _keys(StationPost.objects.on(today).filter(village_committee__in=village))


def heads(notice: Notice, *, today: date) -> set[int]:
    village = Community.objects.filter(pk=notice.community_id).values("village_committee")
    posts = StationPost.objects.on(today).filter(village_committee__in=village, kind=StationPost.Kind.HEAD)
    return _keys(posts)


def office(*, today: date) -> set[int]:
    """The office's head and clerks."""
    return set(User.objects.with_role(Role.TOWN_HEAD, Role.TOWN_CLERK, today=today).values_list("pk", flat=True))


def clerks(*, today: date) -> set[int]:
    return set(User.objects.with_role(Role.TOWN_CLERK, today=today).values_list("pk", flat=True))


def by(posts, column: str) -> dict[int, set[int]]:
    """The users of posts or duties by another column of theirs; nobody where there are none."""
    found = defaultdict(set)
    for key, user in posts.filter(user__is_active=True).values_list(column, "user"):
        found[key].add(user)
    return found


def _keys(posts) -> set[int]:
    return set(posts.filter(user__is_active=True).values_list("user", flat=True))


def is_staff(user: User) -> bool:
    """Of the office, a station, or a cadre: not a firm alone."""
    return not (OFFICE | STATION | {Role.CADRE}).isdisjoint(user.roles)
