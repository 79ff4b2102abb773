"""Owners' committees of the demo town with their registers, and the people of its firms."""

from datetime import date, datetime, timedelta

from accounts.models import Address
from accounts.roles import Role
from communities.exits import OF_COMMITTEE
from communities.models import (
    Certificate,
    CommitteeConcern,
    CommitteeElection,
    CommitteeMember,
    Community,
    ExitHandover,
    ExitItem,
    Firm,
    FirmStaff,
    OwnersCommittee,
    PartyBranch,
    PatrolDuty,
    Person,
    Record,
)
from lib.periods import BEIJING, DAY
from portal.demo.draft import Draft
from portal.demo.words import GIVEN, OTHER, SURNAMES

WITHOUT = {"听松居", "湖畔春晓", "荆溪华庭", "石塘新村"}  # should have one and have none
ENDING, UNFILED, WEAK = "望江苑", "桂花园", "柳岸新村"
MINE = "松苑小区"  # of the demo account of a committee's member
POSTS = ["chair", "deputy", "member", "member", "member"]
MEETINGS = ["秋季例会", "门禁和监控的维修", "公共收益半年公示", "明年的物业费标准"]
JOBS = ["manager", "order", "order", "cleaning", "cleaning", "repair", "service"]


def make(draft: Draft) -> None:
    """Committees, elections, registers, firms' people."""
    for number, (name, community) in enumerate(draft.communities.items()):
        if draft.places[community.pk].kind == OTHER:
            continue
        if name in WITHOUT:
            _election(draft, community, number)
        else:
            _committee(draft, name, community, number)
    _firm_people(draft)


def _somebody(draft: Draft, number: int) -> Person:
    name = draft.chance.choice(SURNAMES) + draft.chance.choice(GIVEN)
    return Person.objects.create(name=name, phone=Address.objects.create(kind="phone", value=f"199002{number:05}"))


def _election(draft: Draft, community: Community, number: int) -> None:
    ready = draft.today - timedelta(days=30 + 25 * (number % 4))
    row = CommitteeElection(community=community, kind="first", ready_on=ready, basis="入住面积过半，业主书面要求")
    if number % 2:
        row.group_on, row.candidates, row.party_candidates = ready + 20 * DAY, 9, 4
    row.save()


def _committee(draft: Draft, name: str, community: Community, number: int) -> None:
    first = draft.today - timedelta(days=200 + 37 * number % 700)
    last = date(first.year + 4, first.month, min(first.day, 28))
    filed = first + 20 * DAY
    if name == ENDING:
        first, last = date(draft.today.year - 4, 1, 5), draft.today + 40 * DAY
        filed = first + 12 * DAY
    if name == UNFILED:
        first, filed = draft.today - 45 * DAY, None
        last = date(first.year + 3, first.month, min(first.day, 28))
    row = OwnersCommittee.objects.create(
        community=community,
        number=1 + number % 3,
        seats=5,
        party_members=2 + number % 2,
        phone=f"0578-88004{number:02}",
        address=f"{community}物业用房",
        elected_on=first,
        first_day=first,
        last_day=last,
        filed_on=filed,
        filing_number=f"演示备〔{filed.year}〕{number}号" if filed else "",
        certificate_on=filed + 3 * DAY if filed else None,
    )
    _members(draft, row, name, number)
    _registers(draft, row, number)
    _branch(draft, community, row)
    if name == WEAK:
        day = draft.today - 30 * DAY
        CommitteeConcern.objects.create(committee=row, kind="weak", reason="半年没有开会，委员意见不一", first_day=day)
    if name == ENDING:
        _list(row)


def _members(draft: Draft, row: OwnersCommittee, name: str, number: int) -> None:
    short = name == WEAK  # one seat is empty
    for place, post in enumerate(POSTS[: 4 if short else 5]):
        person = _somebody(draft, number * 10 + place)
        if name == MINE and post == "chair":
            user = draft.cast[Role.COMMITTEE_MEMBER]
            Person.objects.filter(pk=person.pk).update(user=user, name=user.name)
        agreed = row.first_day if place == 0 and number % 2 else None
        CommitteeMember.objects.create(
            committee=row, person=person, post=post, first_day=row.first_day, consented_on=agreed
        )


def _registers(draft: Draft, row: OwnersCommittee, number: int) -> None:
    by = draft.station_heads[draft.villages.index(row.community.village_committee)]
    begun = max(row.first_day, draft.today - 300 * DAY)
    entries = [
        ("rules", "议事规则和工作规则", 5),
        ("seal", "物业合同补充协议盖章", 30),
        ("training", "业委会履职培训", 60),
    ]
    entries += [("minutes", title, 20 + 40 * place) for place, title in enumerate(MEETINGS[: 2 + number % 3])]
    for kind, title, days in entries:
        day = min(begun + days * DAY, draft.today)
        late = 20 * DAY if kind == "seal" and number % 4 == 0 else DAY
        at = min(datetime.combine(day + late, datetime.min.time(), BEIJING) + timedelta(hours=9), draft.now)
        Record.objects.create(
            kind=kind, community=row.community, committee=row, happened_on=day, title=title, in_charge="业委会主任",
            number=5, text="演示内容：到会委员一致同意。", entered_by=by, entered_at=at,
        )  # fmt: skip


def _branch(draft: Draft, community: Community, row: OwnersCommittee) -> None:
    linked = PatrolDuty.objects.on(draft.today).filter(community=community, kind="linked").first()
    if linked and draft.chance.randrange(2):
        PartyBranch.objects.create(
            community=community,
            name=f"{community}业委会党支部",
            secretary=linked.user,
            party_members=row.party_members,
            first_day=max(linked.first_day, row.first_day),
        )


def _list(row: OwnersCommittee) -> None:
    listed = ExitHandover.objects.create(
        community=row.community, committee=row, ended_on=row.last_day, due_on=row.last_day + 10 * DAY
    )
    ExitItem.objects.bulk_create(ExitItem(exit=listed, kind=kind, name=name) for kind, name in OF_COMMITTEE)


# ---------------------------------------------------------------- firms


def _firm_people(draft: Draft) -> None:
    """Seven people a firm; some certificates end soon."""
    number = 5000
    for place, firm in enumerate(draft.firms):
        Firm.objects.filter(pk=firm.pk).update(duty_phone=f"0578-88003{place + 51}")
        served = [
            community
            for community in draft.communities.values()
            if (held := draft.firm_on(community, draft.today)) and held.pk == firm.pk
        ]
        for turn, job in enumerate(JOBS if served else []):
            number += 1
            staff = FirmStaff.objects.create(
                firm=firm,
                person=_somebody(draft, number),
                job=job,
                community=served[turn % len(served)],
                badge=f"{place + 1}{turn:02}",
                has_uniform=turn != 3,
                first_day=draft.today - timedelta(days=100 + 30 * turn),
            )
            if job in ("manager", "repair"):
                ends = draft.today + timedelta(days=(place * 45) % 400 - 10)
                name = "物业项目经理证" if job == "manager" else "低压电工证"
                Certificate.objects.create(staff=staff, name=name, number=f"YS{number}", valid_until=ends)
