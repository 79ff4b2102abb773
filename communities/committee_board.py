"""The list of committees and the page of one: what is known, what is due, what is wrong."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.http import FileResponse

from accounts.models import User
from accounts.roles import Act, may
from lib import workbook
from lib.periods import DAY
from rulebook import rules

from . import committees, records, takings
from .models import (
    CommitteeConcern,
    CommitteeMember,
    Community,
    OwnersCommittee,
    PartyBranch,
    Record,
)

COLUMNS = [
    workbook.Column("小区", 24),
    workbook.Column("村居", 16),
    workbook.Column("第几届", 8, workbook.WHOLE),
    workbook.Column("主任", 12),
    workbook.Column("应有委员", 10, workbook.WHOLE),
    workbook.Column("现有委员", 10, workbook.WHOLE),
    workbook.Column("其中党员", 10, workbook.WHOLE),
    workbook.Column("任期从", 12, workbook.DAY),
    workbook.Column("任期到", 12, workbook.DAY),
    workbook.Column("选出日期", 12, workbook.DAY),
    workbook.Column("备案日期", 12, workbook.DAY),
    workbook.Column("备案号", 20),
    workbook.Column("党支部", 24),
    workbook.Column("电话", 16),
    workbook.Column("问题", 40),
]
RECORDS_SHOWN = 8


@dataclass
class Row:
    """A community with its committee of today, if there is one."""

    community: Community
    committee: OwnersCommittee | None = None
    chair: CommitteeMember | None = None
    seated: int = 0
    branch: PartyBranch | None = None
    concerns: list[CommitteeConcern] = field(default_factory=list)
    is_ending: bool = False
    is_unfiled: bool = False

    @property
    def is_noted(self) -> bool:
        """There is something to say beside the facts."""
        short = self.committee is not None and self.seated < self.committee.seats
        return self.is_ending or short or bool(self.concerns)


def warn_days(today: date) -> int:
    """How many days before its end a term is spoken of."""
    return rules.on(today, "committee.term_warn_days")


def filing_days(today: date) -> int:
    return rules.on(today, "committee.filing_days")


def in_state(communities: QuerySet[Community], state: str, *, today: date) -> QuerySet[Community]:
    """Communities whose committee is in office, ending, unfiled, troubled; or that have none."""
    rows = OwnersCommittee.objects.all()
    found = {
        "in": lambda: rows.on(today),
        "ending": lambda: rows.ending(today=today, within=warn_days(today)),
        "unfiled": lambda: rows.unfiled(today=today, days=filing_days(today)),
        "troubled": lambda: rows.on(today).troubled(today),
    }.get(state)
    if state == "none":
        return communities.without_committee(today)
    return communities.filter(pk__in=found().values("community")) if found else communities


def counts(*, today: date) -> dict[str, Count]:
    """To be aggregated over communities: how many are in each state that somebody should look at."""
    every, states = Community.objects.order_by(), ("none", "ending", "unfiled", "troubled")
    return {s: Count("pk", filter=Q(pk__in=in_state(every, s, today=today).values("pk"))) for s in states}


def rows(communities: Iterable[Community], *, today: date) -> list[Row]:
    """The lines of the list, in four queries whatever their number."""
    lines = {community.pk: Row(community) for community in communities}
    for committee in OwnersCommittee.objects.on(today).filter(community__in=lines):
        line = lines[committee.community_id]
        line.committee = committee
        line.is_ending = committee.last_day <= today + warn_days(today) * DAY
        line.is_unfiled = committee.filed_on is None and committees.filing_due(committee) < today
    members = CommitteeMember.objects.on(today).filter(committee__community__in=lines)
    for member in members.exclude(post=CommitteeMember.Post.ALTERNATE).select_related("person", "committee"):
        line = lines[member.committee.community_id]
        line.seated += 1
        line.chair = member if member.post == CommitteeMember.Post.CHAIR else line.chair
    for branch in PartyBranch.objects.on(today).filter(community__in=lines):
        lines[branch.community_id].branch = branch
    concerns = CommitteeConcern.objects.filter(last_day=None, committee__community__in=lines)
    for concern in concerns.select_related("committee"):
        if lines[concern.committee.community_id].committee == concern.committee:
            lines[concern.committee.community_id].concerns.append(concern)
    return list(lines.values())


def export(communities: QuerySet[Community], *, by: User, today: date) -> FileResponse:
    """The list as a workbook; who took it away is noted."""
    lines = rows(communities, today=today)
    takings.note(by, "业委会名单", len(lines))
    cells = (_cells(line) for line in lines)
    return workbook.response(f"业委会{today:%Y%m%d}.xlsx", title="业委会", columns=COLUMNS, rows=cells)


def _cells(line: Row) -> list:
    place, committee = [line.community.name, line.community.village_committee.name], line.committee
    if committee is None:
        return [*place, *[None] * 11, None, "没有业委会"]
    people = [line.chair.person.name if line.chair else None, committee.seats, line.seated, committee.party_members]
    days = [committee.first_day, committee.last_day, committee.elected_on, committee.filed_on]
    wrong = "；".join(f"{concern.get_kind_display()}：{concern.reason}" for concern in line.concerns)
    branch = line.branch.name if line.branch else None
    return [*place, committee.number, *people, *days, committee.filing_number, branch, committee.phone, wrong]


# ---------------------------------------------------------------- one committee


def page_of_committee(committee: OwnersCommittee, user: User, *, today: date) -> dict:
    """The context of one committee's page. ``turn`` is who must do what, or nothing."""
    members = committee.members.select_related("person__phone", "person__user", "committee").in_order()
    seated = [member for member in members if member.first_day <= today <= member.until]
    branch = committee.community.party_branches.on(today).select_related("secretary").first()
    linked = committees.linked_cadre(committee.community, today)
    keeps = may(user, Act.REGISTRY) and Community.objects.kept_by(user).filter(pk=committee.community_id).exists()
    sat = [member for member in seated if member.post != CommitteeMember.Post.ALTERNATE]
    return {
        "committee": committee,
        "today": today,
        "is_now": committee.holds_on(today),
        "members": seated,
        "former": [member for member in members if member not in seated],
        "empty_seats": max(0, committee.seats - len(sat)),
        "filing_due": committees.filing_due(committee),
        "certificate_due": committees.certificate_due(committee),
        "warn": committee.holds_on(today) and committee.last_day <= today + warn_days(today) * DAY,
        "branch": branch,
        "linked": linked,
        "branch_is_behind": branch is not None and linked is not None and branch.secretary_id != linked.pk,
        "concerns": committee.concerns.all(),
        "exit": getattr(committee, "exit", None),
        "registers": _registers(committee, user),
        "others": committee.community.committees.exclude(pk=committee.pk).order_by("-first_day"),
        "keeps": keeps,
        "writes": may(user, Act.RECORD) and records.may_write(user, community=committee.community),
    }


def _registers(committee: OwnersCommittee, user: User) -> list[tuple[str, str, list[Record]]]:
    """Each register of the community with its newest entries: kind, label, entries."""
    by_kind = defaultdict(list)
    entries = Record.objects.visible_to(user).standing().filter(committee=committee)
    for entry in entries.prefetch_related("files")[: RECORDS_SHOWN * len(records.OF_COMMUNITY)]:
        by_kind[entry.kind].append(entry)
    return [(kind, Record.Kind(kind).label, by_kind[kind][:RECORDS_SHOWN]) for kind in records.OF_COMMUNITY]
