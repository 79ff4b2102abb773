"""The cast of the access sweep: one person a role, rows of their own and of strangers, and how each address is filled.

An address with arguments needs a function here, marked ``@fills("app:name", …)``: it gets the cast and a role and says
which row is that role's own and which is a stranger's. The sweep (tests/test_access.py) fails for an address that
nobody fills. Rows for it are added in `build`; words that must not leak go into ``cast.canaries``.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace
from typing import NamedTuple
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from accounts import notifications, sessions
from accounts.models import Message, PasswordReset, RoleGrant, SharedPhone, SignIn, User
from accounts.roles import FIRM, OFFICE, STATION, WHO_MAY, Act, Role
from lib.periods import Month, beijing_date, week_of

EVERYWHERE = OFFICE | {Role.LEADER}
LONG_AGO = date(2020, 1, 1)
NOT_THERE = {
    "int": 999_999_999,
    "uuid": uuid4(),
    "str": "not-there",
    "slug": "not-there",
    "week": week_of(date(2020, 1, 6)),
    "month": Month(2019, 1),
    "quarter": date(2031, 1, 1),
}


class Sight(NamedTuple):
    """For one role and one address: arguments of a row of one's own and of a stranger's row; None: there is none."""

    own: dict | None
    stranger: dict | None


@dataclass
class Cast:
    people: dict[Role | str, User]
    clients: dict[Role | str, Client]
    rows: SimpleNamespace
    canaries: dict[str, frozenset[Role]] = field(default_factory=dict)  # words, and the roles that may read them


FILL: dict[str, Callable[[Cast, Role | str], Sight]] = {}
# What a POST must carry to do something if nobody stopped it.
DATA = {
    "accounts:password-reset-new": {"reason": "忘了密码", "known": "on"},
    "accounts:role": {"role": "cadre"},
    "assessments:sheet-send-back": {"reason": "重看"},
    "assessments:entry-refuse": {"why": "没到账"},
    "assessments:talk": {"held_on": "2024-02-01", "who": "林", "record": "整改"},
    "assessments:spot-check": {"same": "yes", "note": "看过"},
    "campaigns:help-request-act": {"reason": "村居自己能办"},
    "complaints:act": {"text": "一句备注"},
    "complaints:contact-read": {"why": "回电话"},
    "inspections:patrol-void": {"reason": "写错了小区"},
    "inspections:patrol-remark": {"text": "补充一句"},
    "inspections:patrol-doubt": {"settled": "confirmed"},
    "inspections:finding-lower": {"severity": "general", "reason": "现场看过"},
    "inspections:missed-reason": {"reason": "台风"},
    "communities:committee-end": {"last_day": "2026-01-01", "why": "改选"},
    "communities:concern-settle": {"settled": "改正了"},
    "communities:election-stop": {"stopped_why": "不具备条件"},
    "communities:exit-close": {"witness": "社区"},
    "communities:record-strike": {"struck_why": "记错了"},
    "maintenance_fund:proposal-seal": {"revision": "2"},
    "maintenance_fund:proposal-withdraw": {"reason": "写错了"},
    "maintenance_fund:voucher-reverse": {"reason": "录错了", "key": "6f9619ff-8b86-d011-b42d-00cf4fc964ff"},
    "inspections:notice-plan": {"person": "林", "limit_on": "2099-01-01", "measure": "搬"},
    "inspections:notice-reply": {"text": "清了"},
    "inspections:notice-call": {"who": "林", "said": "明天来"},
    "inspections:notice-withdraw": {"reason": "写错了"},
    "inspections:notice-objection": {"text": "不是我们"},
    "inspections:notice-extension": {"days": "1", "reason": "等业主"},
    "inspections:root-cause-accept": {"task": "装摄像头", "person": "林", "due_on": "2099-01-01"},
    "inspections:transfer-drop": {"reason": "不用"},
    "portal:handover-confirm": {"phone_is_empty": "on"},
    "portal:handover-withdraw": {"reason": "开错了"},
}
# Who of those who may open a page may also do what it is for; the others read their own row and get 403.
MAY = {
    "accounts:password-reset-approve": WHO_MAY[Act.RESET_GUARDED].check,
    "accounts:password-reset-withdraw": WHO_MAY[Act.RESET_GUARDED].make,
    "accounts:password-reset-find": frozenset({Role.STATION_HEAD, Role.TOWN_HEAD, Role.ADMINISTRATOR}),
    **dict.fromkeys(
        [
            f"communities:{name}"
            for name in """committee-new committee-amend committee-end member-new member-end concern-new concern-settle
            election-new election-steps election-stop election-finish branch-new exit-new exit-item-new exit-item-answer
            exit-close""".split()
        ],
        WHO_MAY[Act.REGISTRY].make,
    ),
    **dict.fromkeys(
        ["communities:staff-new", "communities:staff-amend", "communities:certificate-new"],
        WHO_MAY[Act.FIRM_STAFF].make,
    ),
    **dict.fromkeys(
        [f"communities:{name}" for name in "letters-new owner-list letters-take desk-new account-end".split()],
        WHO_MAY[Act.REGISTRY].make,
    ),
    **dict.fromkeys(
        [f"communities:{name}-new" for name in ("account", "group", "nomination", "investment")]
        + ["communities:group-end"],
        WHO_MAY[Act.REGISTRY].make,
    ),
    "communities:claim-new": WHO_MAY[Act.REGISTRY].make,
    "communities:claim-act": WHO_MAY[Act.CLAIM].make,
    "communities:nomination-review": WHO_MAY[Act.NOMINATION].check,
    **dict.fromkeys(
        [f"accounts:shared-phone-{name}" for name in ("people", "open", "code", "end")],
        WHO_MAY[Act.SHARE_PHONE].make,
    ),
    **dict.fromkeys(["accounts:code-sheet-list", "accounts:code-sheet-new"], WHO_MAY[Act.CODE_SHEET].make),
    "accounts:role-review": WHO_MAY[Act.GRANT].make | WHO_MAY[Act.GRANT].check,
    "communities:credit-export": WHO_MAY[Act.REGISTRY_TOWN].make,
    "communities:member-consent": WHO_MAY[Act.REGISTRY].make | {Role.COMMITTEE_MEMBER},
    "communities:record-strike": WHO_MAY[Act.REGISTRY].make | {Role.COMMITTEE_MEMBER},
    "communities:community-record-new": WHO_MAY[Act.REGISTRY].make | {Role.COMMITTEE_MEMBER},
    "communities:firm-record-new": FIRM,
    "communities:hand-over": WHO_MAY[Act.REGISTRY].make,
    "communities:import": WHO_MAY[Act.REGISTRY].make | WHO_MAY[Act.GRANT].make,
    "communities:export": WHO_MAY[Act.REGISTRY].make | WHO_MAY[Act.GRANT].make,
    **dict.fromkeys(["communities:unit-transfer", "communities:unit-correct"], WHO_MAY[Act.REGISTRY].make),
    "communities:leave-new": WHO_MAY[Act.REGISTRY].make,
    "communities:substitute-new": WHO_MAY[Act.REGISTRY].make,
    "campaigns:decision-done": WHO_MAY[Act.REGISTRY].make,
    "campaigns:help-request-new": WHO_MAY[Act.REGISTRY].make | FIRM,
    "campaigns:journal-new": WHO_MAY[Act.REGISTRY].make | WHO_MAY[Act.PATROL].make,
    "complaints:act": WHO_MAY[Act.COMPLAINT].make,
    "complaints:request-detail": WHO_MAY[Act.COMPLAINT].make,
    "complaints:request-paper": WHO_MAY[Act.COMPLAINT].make,
    "complaints:hotline-desk": WHO_MAY[Act.COMPLAINT].make,
    "complaints:hotline-export": WHO_MAY[Act.COMPLAINT].make,
    "complaints:request-new": WHO_MAY[Act.COMPLAINT].make,
    "complaints:mailbox-answer": WHO_MAY[Act.COMPLAINT].make,
    "complaints:call-back": WHO_MAY[Act.COMPLAINT].make,
    "complaints:contact-read": OFFICE | STATION,
    "complaints:phone-cases": WHO_MAY[Act.COMPLAINT].make,
    "complaints:phone-desk": WHO_MAY[Act.COMPLAINT].make,
    "inspections:finding-lower": WHO_MAY[Act.SEVERITY_LOWER].make,
    "inspections:patrol-doubt": WHO_MAY[Act.PATROL].check,
    "inspections:missed-reason": WHO_MAY[Act.MISSED_REASON].make,
    **dict.fromkeys(
        [
            f"maintenance_fund:{name}"
            for name in """book-new opening deposit-new series renewals-issue renewal-received voucher-reverse
            renewal-plan renewal-batch-copy renewal-withdraw renewal-step collection-new collection-arrived
            collection-strike
            month-close interest-new bank-new bank-line bank-match costs tenders liability-new assessment-new
            assessment-pay assessment-withdraw assessed-reimbursed assessed-area receipt-void
            receipt-handed-in income-new investment-new investment-redeem household-loss year-publish""".split()
        ],
        WHO_MAY[Act.FUND_VOUCHER].make,
    ),
    "maintenance_fund:proposal-seal": WHO_MAY[Act.FUND_VOUCHER].check,
    "maintenance_fund:proposal-withdraw": WHO_MAY[Act.FUND_VOUCHER].check,
    "maintenance_fund:month-check": WHO_MAY[Act.FUND_VOUCHER].check,
    "maintenance_fund:cost-check": WHO_MAY[Act.FUND_VOUCHER].check,
    "maintenance_fund:objection-answer": WHO_MAY[Act.FUND_VOUCHER].make | WHO_MAY[Act.FUND_VOUCHER].check,
    "maintenance_fund:proposal-approve": WHO_MAY[Act.FUND_APPROVAL].make,
    **dict.fromkeys(
        [f"assessments:{name}" for name in "assess sheet-submit sheet-veto sheet-visit on-site-new".split()],
        frozenset({Role.STATION_CLERK}),
    ),
    **dict.fromkeys(
        [f"assessments:{name}" for name in "sheet-approve sheet-send-back sheet-publish".split()],
        WHO_MAY[Act.SCORE_OTHER].check,
    ),
    "assessments:sheet-revise": WHO_MAY[Act.SCORE_SETTLEMENT].make,
    "assessments:half-year-new": WHO_MAY[Act.SCORE_SETTLEMENT].make,
    "assessments:appeal-new": FIRM,
    "assessments:appeal": WHO_MAY[Act.APPEAL].make | WHO_MAY[Act.APPEAL].check,
    **dict.fromkeys(
        [f"assessments:{name}" for name in "deposit-new deposit-amend entry-new bank-lines budget-new".split()],
        WHO_MAY[Act.DEPOSIT].make,
    ),
    "assessments:entry-book": WHO_MAY[Act.DEPOSIT].check,
    "assessments:entry-refuse": WHO_MAY[Act.DEPOSIT].check,
    "assessments:talk": WHO_MAY[Act.CREDIT].make,
    "assessments:credit-event": WHO_MAY[Act.CREDIT].make,
    "assessments:star-new": WHO_MAY[Act.CREDIT].make,
    "assessments:star-confirm": WHO_MAY[Act.CREDIT].check,
    "assessments:spot-draw": WHO_MAY[Act.SPOT_CHECK].make,
    "assessments:spot-check": WHO_MAY[Act.SPOT_CHECK].make,
    **dict.fromkeys(
        [
            f"campaigns:{name}"
            for name in """new write bodies phases copy press act phase-act task-new task-write task-remove task-act
            places-add place-remove team-new team team-dissolve dispatch-new decision-new help-request-act
            quarter-explain""".split()
        ],
        WHO_MAY[Act.CAMPAIGN].make,
    ),
    **dict.fromkeys(
        [f"campaigns:{name}" for name in "problem problem-new problem-settle problem-strike".split()],
        WHO_MAY[Act.REGISTRY].make,
    ),
    "campaigns:step": WHO_MAY[Act.CAMPAIGN].make | WHO_MAY[Act.CAMPAIGN].check | STATION,
    "campaigns:self-check": WHO_MAY[Act.CAMPAIGN].make | WHO_MAY[Act.CAMPAIGN].check | FIRM,
    "campaigns:accept": WHO_MAY[Act.CAMPAIGN].make | WHO_MAY[Act.CAMPAIGN].check | {Role.STATION_HEAD},
    "campaigns:journal-answer": WHO_MAY[Act.TRANSFER].make,
    **dict.fromkeys(
        [
            f"campaigns:{name}"
            for name in """amenity-new amenity-amend amenity-done renovation-item-new renovation-paper
            renovation-choose""".split()
        ],
        WHO_MAY[Act.REGISTRY].make,
    ),
    "inspections:notice-receive": FIRM,
    "inspections:notice-plan": FIRM,
    "inspections:notice-reply": FIRM,
    "inspections:notice-interim": FIRM,
    "inspections:notice-extension": FIRM,
    "inspections:notice-objection": FIRM,
    "inspections:notice-receive-paper": frozenset(),
    "inspections:notice-extension-decide": WHO_MAY[Act.SEVERITY_LOWER].make,
    "inspections:notice-objection-decide": WHO_MAY[Act.OBJECTION].check,
    "inspections:notice-withdraw": frozenset({Role.CADRE}),
    "inspections:notice-fixed": frozenset({Role.CADRE}),
    "inspections:notice-hand-on": WHO_MAY[Act.ROOT_CAUSE].make,
    "inspections:notice-issue": frozenset({Role.CADRE, Role.TOWN_HEAD, Role.TOWN_CLERK}) | STATION,
    "inspections:transfer-new": WHO_MAY[Act.TRANSFER].make,
    "inspections:transfer-send": WHO_MAY[Act.TRANSFER].make,
    "inspections:transfer-settle": WHO_MAY[Act.TRANSFER].make,
    "inspections:transfer-drop": WHO_MAY[Act.TRANSFER].make,
    "inspections:root-cause-accept": WHO_MAY[Act.ROOT_CAUSE].make,
    "inspections:root-cause-decline": WHO_MAY[Act.ROOT_CAUSE].make,
    "inspections:root-cause-finish": WHO_MAY[Act.ROOT_CAUSE].make,
    "inspections:dissuasion-accept": WHO_MAY[Act.RECHECK].make,
    "inspections:photo-public": WHO_MAY[Act.RECHECK].make,
    "portal:handover-confirm": frozenset({Role.CADRE, "roleless"}),
    "portal:handover-promise": frozenset({Role.CADRE}),
    "portal:handover-new": WHO_MAY[Act.REGISTRY].make,
    "portal:handover-withdraw": WHO_MAY[Act.REGISTRY].make,
    "portal:promise-done": WHO_MAY[Act.REGISTRY].make | {Role.CADRE},
}
# Answers of addresses that are open to all but not always there.
ODD = {"accounts:demo-sign-in": {404}, "communities:import-bad-rows": {404}, "healthz": {503}, "portal:contacts": {301}}


def fills(*names: str):
    def keep(function):
        FILL.update(dict.fromkeys(names, function))
        return function

    return keep


# ---------------------------------------------------------------- people and rows


def build() -> Cast:
    """One person for each role and one without, here; colleagues of theirs, there."""
    people = {role: _person(f"here-{role}", role) for role in Role} | {"roleless": _person("here-nobody")}
    cast = Cast(people, {}, SimpleNamespace())
    _places(cast)
    _patrols(cast)
    _handovers(cast)
    _committees(cast)
    _firm_people(cast)
    _owners(cast)
    _monthly(cast)
    _funds(cast)
    _complaints(cast)
    _scores(cast)
    _campaigns(cast)
    _accounts(cast)
    _unit_owners(cast)
    cast.clients = {who: _client(user) for who, user in people.items()} | {"anonymous": _browser()}
    return cast


def _person(username: str, *roles: Role) -> User:
    user = User.objects.create(username=username, name=f"人{username}", password="!")
    for role in roles:
        RoleGrant.objects.create(user=user, role=role, first_day=LONG_AGO, origin="setup")
    return user


HANDLER = Client().handler


def _browser() -> Client:
    """All share one handler: its middleware reads the folder of static files, which takes a while."""
    client = Client()
    client.handler = HANDLER
    return client


def _client(user: User) -> Client:
    client = _browser()
    client.force_login(user, backend=sessions.BACKEND)
    return client


def _places(cast: Cast) -> None:
    """A community here with its people, and one there with theirs."""
    from communities.models import Community, Firm, VillageCommittee

    rows, kind = cast.rows, Community.Kind.DEVELOPED
    rows.village_here = VillageCommittee.objects.create(name="这边社区", phone="0578-8800201")
    rows.village_there = VillageCommittee.objects.create(name="那边社区", phone="0578-8800202")
    rows.here = Community.objects.create(name="这边小区", village_committee=rows.village_here, kind=kind)
    rows.there = Community.objects.create(name="那边小区", village_committee=rows.village_there, kind=kind)
    rows.firm_here = Firm.objects.create(name="这边物业", uscc="91330000MA27XYZ12N", phone="0578-8800301")
    rows.firm_there = Firm.objects.create(name="那边物业", uscc="91330000MA27XYZ22A", phone="0578-8800302")
    rows.cadre_there = _person("there-cadre", Role.CADRE)
    rows.station_there = _person("there-station", Role.STATION_HEAD)
    _links(cast)


def _links(cast: Cast) -> None:
    from communities.models import Contract, FirmPost, PatrolDuty, StationPost

    rows, people, since = cast.rows, cast.people, {"first_day": LONG_AGO}
    PatrolDuty.objects.create(user=people[Role.CADRE], community=rows.here, **since)
    PatrolDuty.objects.create(user=rows.cadre_there, community=rows.there, **since)
    for village, user, kind in [
        (rows.village_here, people[Role.STATION_HEAD], "head"),
        (rows.village_here, people[Role.STATION_CLERK], "clerk"),
        (rows.village_there, rows.station_there, "head"),
    ]:
        StationPost.objects.create(village_committee=village, user=user, kind=kind, **since)
    for role, kind in [(Role.FIRM_MANAGER, "manager"), (Role.FIRM_STAFF, "staff")]:
        FirmPost.objects.create(firm=rows.firm_here, user=people[role], kind=kind, **since)
    Contract.objects.create(community=rows.here, firm=rows.firm_here, kind="owners", **since)
    Contract.objects.create(community=rows.there, firm=rows.firm_there, kind="owners", **since)
    rows.leave_here, rows.leave_there = _leave(people[Role.CADRE]), _leave(rows.cadre_there)


def _leave(user):
    from communities.models import CadreLeave

    today = beijing_date(timezone.now())
    return CadreLeave.objects.create(user=user, first_day=today, last_day=today + timedelta(days=5))


def _handovers(cast: Cast) -> None:
    """A slip of the cadre here and one of the cadre there, each with a promise; nobody has confirmed."""
    rows, people = cast.rows, cast.people
    rows.slip_here, rows.promise_here = _slip(people[Role.CADRE], rows.here, people["roleless"], "这边答应的事")
    rows.slip_there, rows.promise_there = _slip(rows.cadre_there, rows.there, rows.station_there, "金丝雀答应")
    cast.canaries["金丝雀答应"] = OFFICE


def _slip(user, community, to, text):
    from communities.models import ActionItem, Handover, HandoverPart

    now, first_day = timezone.now(), beijing_date(timezone.now()) + timedelta(days=1)
    slip = Handover.objects.create(user=user, first_day=first_day, started_by=user, started_at=now)
    HandoverPart.objects.create(handover=slip, community=community, user=to)
    words = {"text": text, "due_on": first_day, "given_by": user, "given_at": now}
    return slip, ActionItem.objects.create(kind="promise", community=community, handover=slip, **words)


def _committees(cast: Cast) -> None:
    """A committee here, in which the member of the cast sits, and one there; what hangs on them."""
    rows, me = cast.rows, cast.people[Role.COMMITTEE_MEMBER]
    rows.committee_here = _committee(rows.here, "这边委员", me)
    rows.committee_there = _committee(rows.there, "那边委员", None)
    cast.canaries |= {"金丝雀没开会": EVERYWHERE, "金丝雀会议": EVERYWHERE}


def _committee(place, name, user):
    """The committee with a member, a concern, an election under way, minutes with a file, and a hand-over list."""
    from communities.models import OwnersCommittee

    today = beijing_date(timezone.now())
    days = {"elected_on": LONG_AGO, "first_day": LONG_AGO, "last_day": today + timedelta(days=400)}
    row = OwnersCommittee.objects.create(community=place, number=1, seats=5, **days)
    member = row.members.create(person=_person_row(name, user), post="chair", first_day=LONG_AGO)
    reason = "金丝雀没开会" if place.name == "那边小区" else "半年没开会"
    concern = row.concerns.create(kind="weak", reason=reason, first_day=LONG_AGO)
    election = place.committee_elections.create(kind="by_election", ready_on=LONG_AGO, basis="缺委员")
    exit = place.exits.create(committee=row, ended_on=today, due_on=today)
    item = exit.items.create(kind="seal", name="印章")
    found = {"member": member, "concern": concern, "election": election, "exit": exit, "item": item}
    return SimpleNamespace(row=row, record=_record(place, row), contract=place.contracts.get(), **found)


def _firm_people(cast: Cast) -> None:
    """Somebody who works for the firm here, and for the one there."""
    rows = cast.rows
    rows.staff_here, rows.staff_there = (
        firm.staff.create(person=_person_row(name, None), job="repair", first_day=LONG_AGO)
        for firm, name in ((rows.firm_here, "这边维修工"), (rows.firm_there, "金丝雀维修工"))
    )
    cast.canaries["金丝雀维修工"] = EVERYWHERE


def _owners(cast: Cast) -> None:
    """An owner here with the resident's account, one here without, one there; letters ready for each side."""
    rows = cast.rows
    rows.owner_here = _owner(rows.here, "这边业主", cast.people[Role.RESIDENT])
    rows.new_owner_here = _owner(rows.here, "这边新业主", None)
    rows.owner_there = _owner(rows.there, "金丝雀业主", rows.cadre_there)
    rows.new_owner_there = _owner(rows.there, "金丝雀新主", None)
    rows.letters_here, rows.letters_there = (
        place.letter_batches.create(asked_by=rows.cadre_there, asked_at=timezone.now())
        for place in (rows.here, rows.there)
    )
    cast.canaries |= {"金丝雀业主": OFFICE, "金丝雀新主": OFFICE}


def _monthly(cast: Cast) -> None:
    """A supervised account, a group and a nomination on each side."""
    by = {"nominated_by": cast.rows.cadre_there, "nominated_at": timezone.now()}
    for place, words in ((cast.rows.here, "这边的理由"), (cast.rows.there, "金丝雀推荐")):
        place.supervised_accounts.create(bank="演示银行", tail="0018", first_day=LONG_AGO)
        place.groups.create(kind="volunteers", name="志愿队", first_day=LONG_AGO)
        place.nominations.create(kind="safe", year=2026, reason=words, **by)
        what = {"what": words.replace("推荐", "难题"), "listed_by": cast.rows.cadre_there, "listed_at": timezone.now()}
        place.claimed_problems.create(**what)
    speaker = _person_row("这边单位的人", cast.people[Role.PARTNER])
    cast.rows.here.groups.create(kind="partner", name="这边单位", leader=speaker, first_day=LONG_AGO)
    cast.canaries |= {"金丝雀推荐": EVERYWHERE, "金丝雀难题": EVERYWHERE}


def _owner(place, name, user):
    from communities.models import AccountLink, Building, Ownership, Unit

    building, _ = Building.objects.get_or_create(community=place, code="01", name="1幢")
    code = f"01-1-{Unit.objects.count():04}"
    unit = Unit.objects.create(community=place, building=building, code=code, area_centi=8956)
    person = _person_row(name, user)
    Ownership.objects.create(unit=unit, person=person, first_day=LONG_AGO)
    if user:
        AccountLink.objects.create(person=person, user=user, how="code", opened_by=user, opened_at=timezone.now())
    return person


def _person_row(name, user):
    from accounts.models import Address
    from communities.models import Person

    number = f"139{Person.objects.count():08}"
    return Person.objects.create(name=name, user=user, phone=Address.objects.create(kind="phone", value=number))


def _record(place, committee):
    from communities.models import Record

    who = User.objects.first()
    words = {"happened_on": LONG_AGO, "title": "金丝雀会议" if place.name == "那边小区" else "这边的会议"}
    entered = {"entered_by": who, "entered_at": timezone.now()}
    row = Record.objects.create(kind="minutes", community=place, committee=committee, **words, **entered)
    row.files.create(
        title="附件.pdf", extension="pdf", size=1, sha256="0" * 64, uploaded_by=who, uploaded_at=timezone.now()
    )
    return row


def _patrols(cast: Cast) -> None:
    rows = cast.rows
    rows.patrol_here = _patrol(rows.here, cast.people[Role.CADRE], "这边的说明")
    rows.patrol_there = _patrol(rows.there, rows.cadre_there, "金丝雀巡查")
    rows.finding_here = _finding(rows.patrol_here, rows.firm_here, "这边的问题")
    rows.finding_there = _finding(rows.patrol_there, rows.firm_there, "金丝雀问题")
    rows.photo_here, rows.photo_there = _photo(rows.finding_here), _photo(rows.finding_there)
    cast.canaries |= {"金丝雀巡查": EVERYWHERE, "金丝雀问题": EVERYWHERE}
    _notices(cast)


def _patrol(community, user, note):
    from inspections.models import Patrol, PatrolVersion

    now = timezone.now()
    today = beijing_date(now)
    patrol = Patrol.objects.create(
        number=f"XC{community.pk:09}",
        community=community,
        user=user,
        note=note,
        occurred_at=now,
        occurred_on=today,
        submitted_at=now,
        submitted_on=today,
        submit_by=week_of(today).sunday,
    )
    PatrolVersion.objects.create(patrol=patrol, number=1, content={}, replaced_by=user, reason="写错了")
    return patrol


def _finding(patrol, firm, text):
    from inspections.models import CheckItem, Finding

    return Finding.objects.create(
        community=patrol.community,
        patrol=patrol,
        item=CheckItem.objects.first(),
        severity="serious",
        text=text,
        handling="notice",
        firm=firm,
        found_by=patrol.user,
        found_on=patrol.occurred_on,
    )


def _notices(cast: Cast) -> None:
    """A notice, a transfer, a cause and a dissuasion here, and the same there."""
    from inspections import notices, root_causes, transfers
    from inspections.models import Dissuasion, Finding

    rows, now = cast.rows, timezone.now()
    for where, by in [("here", cast.people[Role.CADRE]), ("there", rows.cadre_there)]:
        finding, firm = getattr(rows, f"finding_{where}"), getattr(rows, f"firm_{where}")
        setattr(rows, f"notice_{where}", notices.issue(finding=finding, by=by, now=now))
        setattr(rows, f"transfer_{where}", transfers.draft(finding=finding, by=by, now=now))
        again = _finding(finding.patrol, firm, f"{finding.text}又来")
        setattr(rows, f"unsent_{where}", again)
        third = _finding(finding.patrol, firm, f"{finding.text}再来")
        Finding.objects.filter(pk=third.pk).update(place="东门")
        third.refresh_from_db()
        setattr(rows, f"cause_{where}", root_causes.propose(finding=third, now=now))
        row = {"community": finding.community, "firm": firm, "kind": "dissuaded", "text": finding.text, "person": "林"}
        firms = cast.people[Role.FIRM_MANAGER]
        told = Dissuasion.objects.create(**row, day=finding.found_on, by=firms, at=now)
        setattr(rows, f"dissuasion_{where}", told)


def _photo(finding):
    from inspections.models import PatrolPhoto

    return PatrolPhoto.objects.create(
        client_id=uuid4(),
        sha256="0" * 64,
        size=1,
        received_at=timezone.now(),
        uploaded_by=finding.found_by,
        finding=finding,
    )


def _funds(cast: Cast) -> None:
    """A book here, of whose one household the resident of the cast is the owner, and one there."""
    rows, maker, checker = cast.rows, _person("fund-maker", Role.FUND_CLERK), _person("fund-checker", Role.FUND_CHECKER)
    rows.book_here = _book(rows.here, rows.owner_here, maker, checker, "这边的摘要")
    rows.book_there = _book(rows.there, rows.owner_there, maker, checker, "金丝雀摘要")
    cast.canaries["金丝雀摘要"] = OFFICE


def _book(place, owner, maker, checker, memo):
    """The book with a sealed voucher, an open proposal, and a household that has a notice to renew."""
    from communities.models import Building, Unit
    from maintenance_fund import ledger
    from maintenance_fund.ledger import Entry
    from maintenance_fund.models import (
        Account,
        BankAccount,
        BankStatement,
        Collection,
        Investment,
        MonthClosing,
        Objection,
        RenewalBatch,
        RenewalNotice,
        YearStatement,
    )

    now = timezone.now()
    today = beijing_date(now)
    ledger.open_book(community=place, agency="管理中心", first_month=LONG_AGO, by=maker, now=now)
    account = {"account": Account.objects.get(code="100101"), "opened_on": LONG_AGO}
    bank = BankAccount.objects.create(community=place, bank="银行", number="1234", **account)
    building = Building.objects.create(community=place, code="09", name="9幢")
    unit = Unit.objects.create(community=place, building=building, code="09-1-0101", area_centi=10000)
    unit.ownerships.create(person=owner, first_day=LONG_AGO)
    lines = [Entry("100101", debit=500, bank_account=bank.pk), Entry("3001", credit=500, unit=unit.pk)]
    say = {"community": place, "kind": "opening", "memo": memo, "by": maker, "now": now}
    sealed = ledger.seal(proposal=ledger.propose(lines=lines, **say), by=checker, now=now)
    batch = RenewalBatch.objects.create(
        community=place, issued_on=today, issued_by=maker, count=1, stored=f"none{place.pk}"
    )
    notice = RenewalNotice.objects.create(
        batch=batch, community=place, unit=unit, number=f"续交{place.pk}", agency="管理中心", as_of=today,
        balance_fen=500, first_deposit_fen=10000, amount_fen=9500, issued_on=today, issued_by=maker,
    )  # fmt: skip
    found = {"voucher": sealed, "proposal": ledger.propose(lines=lines, **say), "notice": notice}
    found |= _first_deposit(place, building, unit, maker, now)
    found["investment"] = Investment.objects.create(
        community=place, kind="bond", name="债", principal_fen=5, rate_bp=1, bought_on=LONG_AGO, matures_on=today,
        decision="批复", bought=ledger.propose(lines=lines, **say),
    )  # fmt: skip
    found["objection"] = Objection.objects.create(
        community=place, unit=unit, made_by=maker, made_at=now, text=memo, due_on=today
    )
    YearStatement.objects.create(
        community=place, year=2020, opening_fen=0, closing_fen=0, lines=[], published_by=maker, published_at=now
    )
    found["collection"] = Collection.objects.create(
        community=place, unit=unit, collector="firm", name="物业", amount_fen=5, received_on=today, due_on=today,
        entered_by=maker, entered_at=now,
    )  # fmt: skip
    file = BankStatement.objects.create(
        bank_account=bank, file_name="对账单", sha256=memo, brought_by=maker, brought_at=now
    )
    about = {"fingerprint": memo, "day": today, "amount_fen": 500, "party": memo, "remark": "续交"}
    found["bank_line"] = file.lines.create(community=place, bank_account=bank, row=2, **about)
    closing = MonthClosing.objects.create(
        community=place, first_day=LONG_AGO, book_fen=0, bank_fen=0, made_by=maker, made_at=now
    )
    return SimpleNamespace(unit=unit, closing=closing, **found)


def _first_deposit(place, building, unit, maker, now) -> dict:
    """An assessment that is not paid, a cost that waits for its check, and a receipt that is not posted."""
    from maintenance_fund.models import Assessment, ConstructionCost, Receipt, ReceiptSeries

    cost, _ = ConstructionCost.objects.get_or_create(
        first_day=LONG_AGO, defaults={"fen_per_m2": 5, "basis": "公布", "entered_by": maker, "entered_at": now}
    )
    say = {"kind": "commodity", "developer": "建设", "assessed_on": LONG_AGO, "has_clause": True, "cost_fen": 5}
    row = Assessment.objects.create(
        community=place, building=building, fund_class="high_rise", rate_bp=600, made_by=maker, made_at=now, **say
    )
    assessed = row.units.create(unit=unit, area_centi=10000, developer_fen=5, owner_fen=0)
    series = ReceiptSeries.objects.create(
        code=f"C{place.pk}", first_no=1, last_no=9, received_on=LONG_AGO, entered_by=maker
    )
    receipt = Receipt.objects.create(
        community=place, series=series, first_no=1, last_no=9, number=1, unit=unit, amount_fen=5, issued_on=LONG_AGO,
        issued_by=maker,
    )  # fmt: skip
    return {"cost": cost, "assessment": row, "assessed": assessed, "series": series, "receipt": receipt}


def _scores(cast: Cast) -> None:
    """A published sheet here and one there, each with an appeal, a deposit and what follows; a draft of this month."""
    from assessments.models import ScoreTable

    rows, maker, checker = cast.rows, _person("score-maker", Role.TOWN_CLERK), _person("score-checker", Role.TOWN_HEAD)
    table = ScoreTable.objects.get(code="ST-2026-D")
    rows.score_here = _score(rows.here, rows.firm_here, table, maker, checker, "这边的申诉")
    rows.score_there = _score(rows.there, rows.firm_there, table, maker, checker, "金丝雀申诉")
    cast.canaries["金丝雀申诉"] = EVERYWHERE


def _score(place, firm, table, maker, checker, words):
    from assessments.models import (
        Appeal,
        AssessmentPhoto,
        CreditEvent,
        Deposit,
        DepositEntry,
        ScoreSheet,
        SpotCheck,
        StarRating,
        Talk,
    )

    now, today = timezone.now(), beijing_date(timezone.now())
    contract = place.contracts.get()
    sheet = ScoreSheet.objects.create(
        contract=contract, community=place, firm=firm, kind=place.kind, first_day=date(2024, 1, 1),
        last_day=date(2024, 1, 31), table=table, service_days=31, band="A",
    )  # fmt: skip
    steps = [
        {"state": "to_check", "assessed_by": maker, "assessed_at": now},
        {"state": "checked", "checked_by": checker, "checked_at": now, "notified_on": today, "appeal_until": today},
        {"state": "published", "published_by": checker, "published_at": now, "published_on": today},
    ]
    for step in steps:
        ScoreSheet.objects.filter(pk=sheet.pk).update(**step)
    appeal = Appeal.objects.create(sheet=sheet, text=words, by=maker, at=now)
    deposit = Deposit.objects.create(
        contract=contract, community=place, firm=firm, clause="第八条", holder="业委会", bank="银行", account="1234",
        beneficiary="公共收益", price_fen=100, area_centi=10000, annual_fee_fen=120000, opening_fen=6000, made_by=maker,
        made_at=now,
    )  # fmt: skip
    entry = DepositEntry.objects.create(
        deposit=deposit, kind="open", amount_fen=6000, on=today, made_by=maker, made_at=now
    )
    spot = SpotCheck.objects.create(
        sheet=sheet, community=place, month=sheet.first_day, seed="7", drawn_from=1, drawn_by=maker, drawn_at=now
    )
    photo = AssessmentPhoto.objects.create(
        client_id=uuid4(), sha256="0" * 64, size=1, received_at=now, uploaded_by=maker, appeal=appeal
    )
    given = {"firm": firm, "proposed_at": now}
    return SimpleNamespace(
        sheet=sheet, appeal=appeal, deposit=deposit, entry=entry, spot=spot, photo=photo,
        talk=Talk.objects.create(sheet=sheet, **given),
        event=CreditEvent.objects.create(kind="band_g", sheet=sheet, **given),
        star=StarRating.objects.create(firm=firm, year=2024, total=90, stars=4, made_by=maker, made_at=now),
    )  # fmt: skip


def _campaigns(cast: Cast) -> None:
    """A campaign that runs here and one that runs there, each with all that hangs on it; a quarter's report."""
    from campaigns.models import QuarterReport
    from campaigns.models.follow import quarter_of

    rows, maker, checker = cast.rows, _person("plan-maker", Role.TOWN_CLERK), _person("plan-checker", Role.TOWN_HEAD)
    rows.campaign_here = _campaign(rows.here, maker, checker, "这边的任务")
    rows.campaign_there = _campaign(rows.there, maker, checker, "金丝雀任务")
    cast.canaries["金丝雀任务"] = EVERYWHERE
    rows.quarter = quarter_of(beijing_date(timezone.now()))
    figures = {"is_held": False, "reason": "", "campaigns": []}
    QuarterReport.objects.create(quarter=rows.quarter, made_at=timezone.now(), figures=figures)


def _campaign(place, maker, checker, words):
    from campaigns import lists, planning, task_list, teams
    from campaigns.models import Amenity, Decision, Dispatch, HelpRequest, JournalEntry, ListItem
    from communities.models import ActionItem
    from inspections.models import Department

    now = timezone.now()
    today = beijing_date(now)
    by = {"by": maker, "now": now}
    row = planning.open_from_template(template="plan3", starts_on=today - timedelta(days=1), **by)
    row.kind = "renovation"
    row.save()
    task = task_list.put(campaign=row, text=words, when="随时", lead=row.lead, **by)
    planning.add_places(campaign=row, communities=[place], **by)
    team = teams.form(campaign=row, name="一组", leader=checker, members=[checker], **by)
    planning.propose(campaign=row, **by)
    planning.approve(campaign=row, by=checker, now=now)
    part = row.places.get()
    problem = lists.put(campaign=row, text=words, place=part, **by)
    month, made = today.replace(day=1), {"by": maker, "at": now}
    dispatch = Dispatch.objects.create(
        campaign=row, month=month, held_on=today, progress=words,
        snapshot={"day": str(today), "steps": [], "rows": [], "done": [], "found": 0, "left": 0}, **made,
    )  # fmt: skip
    told = {"given_by": maker, "given_at": now, "due_on": today, "person": "林"}
    item = ActionItem.objects.create(kind="dispatch", community=place, text=words, **told)
    decision = Decision.objects.create(dispatch=dispatch, item=item)
    asked = {"asked_by": maker, "asked_at": now}
    help_request = HelpRequest.objects.create(place=part, text=words, asks="帮忙", **asked)
    journal = JournalEntry.objects.create(
        place=part, kind="transferred", day=today, text=words, person="林", department=Department.objects.first(),
        document="移1", **made,
    )  # fmt: skip
    amenity = Amenity.objects.create(place=part, kind="shed", spot=words, capacity=1, needed=2)
    wish = ListItem.objects.create(place=part, text=words)
    phase, step = row.phases.get(no=1), row.steps.get(code="RECTIFY")
    return SimpleNamespace(
        row=row, task=task, phase=phase, step=step, team=team, place=part, problem=problem, dispatch=dispatch,
        decision=decision, help_request=help_request, journal=journal, amenity=amenity, wish=wish,
    )  # fmt: skip


def _complaints(cast: Cast) -> None:
    """A complaint here, given to the firm, and one there with words that must not leak; a photo each."""
    from complaints import links, mailbox

    rows = cast.rows
    rows.complaint_here = _complaint(rows.here, "这边的垃圾没人收", "13900000001")
    rows.complaint_there = _complaint(rows.there, "金丝雀投诉", "13900008802")
    rows.complainant_here, rows.complainant_there = (
        row.complainants.get() for row in (rows.complaint_here, rows.complaint_there)
    )
    rows.letter = mailbox.write(
        text="金丝雀来信", email="nobody@example.com", may_publish=False, client_id=uuid4(), now=timezone.now()
    )
    cast.canaries["金丝雀来信"] = OFFICE
    rows.data_request = _data_request(rows.complainant_here)  # its paper shows the whole number
    rows.complaint_token = links.token(rows.complainant_there)
    cast.canaries |= {"金丝雀投诉": EVERYWHERE, "13900008802": frozenset(), "139****8802": OFFICE}


def _data_request(complainant):
    from complaints.models import DataRequest

    who, now = User.objects.first(), timezone.now()
    return DataRequest.objects.create(
        kind="copy", phone=complainant.contact.phone, verified="看了身份证", asked_at=now, taken_by=who
    )


def _complaint(place, text, phone):
    from complaints import registration
    from complaints.models import Complaint

    row = registration.register(community=place, text=text, phone=phone, now=timezone.now(), place="楼下")
    Complaint.objects.filter(pk=row.pk).update(firm_was_asked=True, state="handling")
    say = {"client_id": uuid4(), "sha256": "0" * 64, "size": 1, "received_at": timezone.now()}
    row.photos.create(**say)
    return row


def _accounts(cast: Cast) -> None:
    """Messages, devices and resets: of everybody here, and of a stranger with words that must not leak."""
    rows, now = cast.rows, timezone.now()
    stranger = _person("there-stranger", Role.RESIDENT)
    for user in [*cast.people.values(), stranger]:
        notifications.tell(user, "canary", about=user, due=now - timedelta(minutes=1), now=now)
        _device(user, "金丝雀设备" if user == stranger else "我的手机")
    rows.messages = {message.user_id: message.pk for message in Message.objects.all()}
    rows.shared_phone = _shared(cast.people[Role.FIRM_MANAGER], "大家的手机")
    rows.shared_phone_there = _shared(stranger, "金丝雀设备")
    rows.devices = {sign_in.user_id: sign_in.pk for sign_in in SignIn.objects.all()}
    rows.stranger = stranger
    rows.reset = PasswordReset.objects.create(
        user=cast.people[Role.LEADER], asked_by=_person("asker", Role.ADMINISTRATOR), guarded=True, reason="金丝雀理由"
    )
    cast.canaries |= {"金丝雀理由": OFFICE, "金丝雀通知": frozenset(), "金丝雀设备": frozenset()}


def _device(user: User, words: str) -> None:
    session = _client(user).session
    SignIn.objects.create(user=user, session_id=session.session_key, device=words)


def _shared(user: User, words: str) -> SharedPhone:
    now = timezone.now()
    times = {"signed_in_at": now, "until": now + timedelta(hours=12)}
    return SharedPhone.objects.create(key_hash=f"{user.pk:064}", opened_by=user, device=words, **times)


def canary_text(message) -> notifications.Text:
    """The text of the kind ``canary``, which the sweep registers."""
    words = "金丝雀通知" if message.thing.username == "there-stranger" else "给我的话"
    return notifications.Text(words, "", "accounts:me")


def _unit_owners(cast: Cast) -> None:
    """A unit here and one there, each with its owner; an import of everybody's own."""
    from communities import imports
    from communities.models import Building, Ownership, Person, SheetImport, Unit

    rows = cast.rows
    for where, place in (("here", rows.here), ("there", rows.there)):
        building = Building.objects.create(community=place, code="77", name="77幢")
        unit = Unit.objects.create(community=place, building=building, code=f"77-{where}", area_centi=8956)
        person = Person.objects.create(name="金丝雀房主" if where == "there" else "这边的业主")
        Ownership.objects.create(unit=unit, person=person, first_day=LONG_AGO)
        setattr(rows, f"unit_{where}", unit)
        setattr(rows, f"unit_owner_{where}", person)
    cast.canaries["金丝雀房主"] = frozenset()  # with stars on every page
    stranger = _person("there-clerk", Role.TOWN_CLERK)
    wrong = {"sheet": "", "unknown": [], "columns": [], "new": [], "changed": [], "wrong": [WRONG_LINE]}
    for user in [*cast.people.values(), stranger]:
        row = SheetImport.objects.create(
            kind="units", file_name="金丝雀表" if user == stranger else "表", stored=f"cast-{user.pk}", size=1,
            by=user, at=timezone.now(), state="ready", wrong=1,
        )  # fmt: skip
        imports._store(row.preview, json.dumps(wrong).encode())
    rows.imports = {row.by_id: row.pk for row in SheetImport.objects.all()}
    rows.import_there = rows.imports[stranger.pk]
    cast.canaries["金丝雀表"] = frozenset()


WRONG_LINE = {"number": 2, "label": "", "what": [["面积", "写错了"]], "cells": []}

# ---------------------------------------------------------------- addresses: accounts


@fills("accounts:message-open")
def _messages(cast, who):
    return _personal(cast, who, cast.rows.messages)


@fills("accounts:device-end")
def _devices(cast, who):
    return _personal(cast, who, cast.rows.devices)


@fills("accounts:shared-phone-code")
def _whose_code(cast, who):
    own = {"pk": cast.people[who].pk} if who in FIRM else None
    return Sight(own, {"pk": cast.people[Role.CADRE].pk})


@fills("accounts:shared-phone-end")
def _shared_phone(cast, who):
    own = {"pk": cast.rows.shared_phone.pk} if who == Role.FIRM_MANAGER else None
    return Sight(own, {"pk": cast.rows.shared_phone_there.pk})


def _personal(cast, who, keys: dict[int, int]) -> Sight:
    own = {"pk": keys[cast.people[who].pk]} if who in cast.people else None
    return Sight(own, {"pk": keys[cast.rows.stranger.pk]})


@fills("accounts:password-reset-new")
def _whom_to_reset(cast, who):
    people = cast.people
    whom = {
        Role.STATION_HEAD: (people[Role.CADRE], cast.rows.cadre_there),
        Role.TOWN_HEAD: (people[Role.TOWN_CLERK], people[Role.LEADER]),
        Role.ADMINISTRATOR: (people[Role.FUND_CLERK], people[Role.CADRE]),
    }
    own, stranger = whom.get(who, (None, people[Role.CADRE]))
    return Sight(own and {"pk": own.pk}, {"pk": stranger.pk})


@fills("accounts:password-reset-approve", "accounts:password-reset-withdraw")
def _reset(cast, who):
    return Sight({"pk": cast.rows.reset.pk}, None)


# ---------------------------------------------------------------- addresses: rulebook


@fills("rulebook:rule")
def _rule(cast, who):
    from rulebook.models import Rule

    return Sight({"key": Rule.objects.order_by("pk").first().key}, None)


@fills("rulebook:rule-check", "rulebook:calendar-check")
def _to_check(cast, who):
    return Sight(None, None)  # nothing waits; the office sees all there is


# ---------------------------------------------------------------- addresses: communities, inspections, portal


def by_place(who, here: dict, there: dict, *, readers: frozenset, everywhere: frozenset = EVERYWHERE) -> Sight:
    """Some roles see rows everywhere, some those here, the others none."""
    if who in everywhere:
        return Sight(here, None)
    return Sight(here, there) if who in readers else Sight(None, here)


@fills("communities:substitute-new", "communities:hand-over")
def _kept_community(cast, who):
    here, there = {"pk": cast.rows.here.pk}, {"pk": cast.rows.there.pk}
    return by_place(who, here, there, readers=STATION, everywhere=OFFICE)


@fills("communities:committee-new", "communities:election-new", "communities:branch-new")
def _kept_for_committees(cast, who):
    return _kept_community(cast, who)


OVERSEERS = STATION | {Role.CADRE, Role.COMMITTEE_MEMBER}


def _of_committee(cast, who, part, *, readers=OVERSEERS, key="pk", **more):
    here, there = (
        {key: getattr(side, part).pk, **more} for side in (cast.rows.committee_here, cast.rows.committee_there)
    )
    return by_place(who, here, there, readers=readers)


@fills(
    "communities:committee-detail",
    "communities:committee-amend",
    "communities:committee-end",
    "communities:member-new",
    "communities:concern-new",
)
def _committee_rows(cast, who):
    return _of_committee(cast, who, "row")


@fills("communities:member-end", "communities:member-consent")
def _member_rows(cast, who):
    return _of_committee(cast, who, "member")


@fills("communities:concern-settle")
def _concern_rows(cast, who):
    return _of_committee(cast, who, "concern")


@fills("communities:election-steps", "communities:election-stop", "communities:election-finish")
def _election_rows(cast, who):
    return _of_committee(cast, who, "election")


@fills("communities:record-detail", "communities:record-strike")
def _record_rows(cast, who):
    return _of_committee(cast, who, "record")


@fills("communities:record-file")
def _record_file_rows(cast, who):
    there = {"pk": cast.rows.committee_there.record.files.get().pk}
    return Sight(None, None) if who in EVERYWHERE else Sight(None, there)


@fills("communities:community-record-new")
def _registers_to_write(cast, who):
    here, there = ({"pk": place.pk, "kind": "minutes"} for place in (cast.rows.here, cast.rows.there))
    readers = STATION | {Role.COMMITTEE_MEMBER}
    return by_place(who, here, there, readers=readers, everywhere=OFFICE)


@fills("communities:firm-record-new")
def _firm_registers_to_write(cast, who):
    here, there = ({"pk": firm.pk, "kind": "training_plan"} for firm in (cast.rows.firm_here, cast.rows.firm_there))
    return by_place(who, here, there, readers=FIRM, everywhere=frozenset())


@fills("communities:exit-detail", "communities:exit-item-new", "communities:exit-close")
def _exit_rows(cast, who):
    return _of_committee(cast, who, "exit")


@fills("communities:exit-item-answer")
def _exit_item_rows(cast, who):
    return _of_committee(cast, who, "item")


@fills("communities:firm-detail", "communities:staff-new")
def _firm_rows(cast, who):
    """Stations know every firm; a stranger's is one that is not there."""
    here, there = {"pk": cast.rows.firm_here.pk}, {"pk": cast.rows.firm_there.pk}
    return by_place(who, here, there, readers=FIRM | {Role.CADRE}, everywhere=EVERYWHERE | STATION)


@fills("communities:staff-amend", "communities:certificate-new")
def _staff_rows(cast, who):
    here, there = {"pk": cast.rows.staff_here.pk}, {"pk": cast.rows.staff_there.pk}
    return by_place(who, here, there, readers=STATION | FIRM)


@fills("communities:letters-new", "communities:owner-list")
def _kept_for_letters(cast, who):
    return _kept_community(cast, who)


@fills("communities:letters-take")
def _letters(cast, who):
    here, there = {"pk": cast.rows.letters_here.pk}, {"pk": cast.rows.letters_there.pk}
    return by_place(who, here, there, readers=STATION, everywhere=OFFICE)


@fills("communities:desk-new")
def _owners_without_account(cast, who):
    here, there = {"pk": cast.rows.new_owner_here.pk}, {"pk": cast.rows.new_owner_there.pk}
    return by_place(who, here, there, readers=STATION, everywhere=OFFICE)


@fills("communities:account-end")
def _owners_with_account(cast, who):
    here, there = {"pk": cast.rows.owner_here.pk}, {"pk": cast.rows.owner_there.pk}
    return by_place(who, here, there, readers=STATION, everywhere=OFFICE)


@fills("communities:fee-detail")
def _fees(cast, who):
    here, there = {"pk": cast.rows.here.pk}, {"pk": cast.rows.there.pk}
    return by_place(who, here, there, readers=OVERSEERS | FIRM)


@fills("communities:fee-new")
def _fees_to_report(cast, who):
    here, there = {"pk": cast.rows.here.pk}, {"pk": cast.rows.there.pk}
    return by_place(who, here, there, readers=FIRM, everywhere=frozenset())


@fills("communities:account-new")
def _kept_for_accounts(cast, who):
    return _kept_community(cast, who)


@fills("communities:account-month-new")
def _supervised_accounts(cast, who):
    from communities.models import SupervisedAccount

    here, there = (
        {"pk": SupervisedAccount.objects.get(community=place).pk} for place in (cast.rows.here, cast.rows.there)
    )
    return by_place(who, here, there, readers=FIRM, everywhere=frozenset())


@fills("communities:group-list")
def _groups(cast, who):
    here, there = {"pk": cast.rows.here.pk}, {"pk": cast.rows.there.pk}
    return by_place(who, here, there, readers=OVERSEERS)


@fills("communities:group-new", "communities:nomination-new", "communities:investment-new")
def _kept_for_groups(cast, who):
    return _kept_community(cast, who)


@fills("communities:group-end")
def _groups_that_end(cast, who):
    here, there = ({"pk": place.groups.get(kind="volunteers").pk} for place in (cast.rows.here, cast.rows.there))
    return by_place(who, here, there, readers=OVERSEERS)


@fills("communities:claim-new")
def _kept_for_claims(cast, who):
    return _kept_community(cast, who)


@fills("communities:claim-detail")
def _claimed(cast, who, **more):
    here, there = ({"pk": place.claimed_problems.get().pk, **more} for place in (cast.rows.here, cast.rows.there))
    return by_place(who, here, there, readers=OVERSEERS | {Role.PARTNER})


@fills("communities:claim-act")
def _claims_to_take(cast, who):
    return _claimed(cast, who, doing="take")


@fills("communities:nomination-review")
def _nominations(cast, who):
    return Sight({"pk": cast.rows.here.nominations.get().pk}, None)


@fills("communities:row-history")
def _changes(cast, who):
    return _of_committee(cast, who, "row", readers=STATION, table="ownerscommittee")


@fills("portal:community-archive", "portal:community-archive-export")
def _archives(cast, who):
    return _kept_community(cast, who)


@fills("accounts:role-review")
def _grants_to_review(cast, who):
    return Sight({"pk": cast.people[Role.STATION_HEAD].grants.get().pk}, None)


@fills("communities:credit-export")
def _tables_of_the_platform(cast, who):
    return Sight({"sheet": "firm"}, None)


@fills("communities:exit-new")
def _contracts_that_end(cast, who):
    return _of_committee(cast, who, "contract", readers=STATION)


@fills("communities:leave-new")
def _whose_leave(cast, who):
    here, there = {"pk": cast.people[Role.CADRE].pk}, {"pk": cast.rows.cadre_there.pk}
    return by_place(who, here, there, readers=STATION, everywhere=OFFICE)


@fills("communities:leave-take-back")
def _leave_rows(cast, who):
    here, there = {"pk": cast.rows.leave_here.pk}, {"pk": cast.rows.leave_there.pk}
    return by_place(who, here, there, readers=STATION, everywhere=OFFICE)


@fills("communities:import-detail", "communities:import-abandon", "communities:import-bad-rows")
def _imports(cast, who):
    own = {"pk": cast.rows.imports[cast.people[who].pk]} if who in cast.people else None
    return Sight(own, {"pk": cast.rows.import_there})


@fills("communities:import-template")
def _templates(cast, who):
    return Sight({"kind": "units"}, None)


@fills("communities:detail")
def _card(cast, who):
    here, there = {"pk": cast.rows.here.pk}, {"pk": cast.rows.there.pk}
    return by_place(who, here, there, readers=STATION | FIRM | {Role.CADRE})


@fills("communities:unit")
def _units(cast, who):
    here, there = {"pk": cast.rows.unit_here.pk}, {"pk": cast.rows.unit_there.pk}
    return by_place(who, here, there, readers=STATION | FIRM | {Role.CADRE})


@fills("communities:unit-transfer", "communities:unit-correct")
def _kept_units(cast, who):
    here, there = {"pk": cast.rows.unit_here.pk}, {"pk": cast.rows.unit_there.pk}
    return by_place(who, here, there, readers=STATION, everywhere=OFFICE)


@fills("communities:person-read")
def _owners_read(cast, who):
    here, there = {"pk": cast.rows.unit_owner_here.pk}, {"pk": cast.rows.unit_owner_there.pk}
    return by_place(who, here, there, readers=STATION, everywhere=OFFICE)


@fills("portal:community")
def _community(cast, who):
    here, there = {"pk": cast.rows.here.pk}, {"pk": cast.rows.there.pk}
    return by_place(who, here, there, readers=STATION | FIRM | {Role.CADRE})


@fills("portal:gate")
def _gate(cast, who):
    return Sight({"code": cast.rows.there.code}, None)


@fills(
    "inspections:patrol-detail",
    "inspections:patrol-paper",
    "inspections:patrol-void",
    "inspections:patrol-doubt",
)
def _patrol_rows(cast, who):
    here, there = {"pk": cast.rows.patrol_here.pk}, {"pk": cast.rows.patrol_there.pk}
    return by_place(who, here, there, readers=STATION | {Role.CADRE})


@fills("inspections:patrol-version")
def _patrol_version(cast, who):
    here, there = ({"pk": row.pk, "number": 1} for row in (cast.rows.patrol_here, cast.rows.patrol_there))
    return by_place(who, here, there, readers=STATION | {Role.CADRE})


@fills("inspections:patrol-done", "inspections:patrol-correct", "inspections:patrol-remark")
def _own_patrols(cast, who):
    here, there = {"pk": cast.rows.patrol_here.pk}, {"pk": cast.rows.patrol_there.pk}
    return by_place(who, here, there, readers=frozenset({Role.CADRE}), everywhere=OFFICE)


@fills("inspections:finding-detail", "inspections:finding-lower")
def _finding_rows(cast, who):
    here, there = {"pk": cast.rows.finding_here.pk}, {"pk": cast.rows.finding_there.pk}
    return by_place(who, here, there, readers=STATION | FIRM | {Role.CADRE})


@fills(
    *(f"inspections:notice-{name}" for name in ("detail", "print", "receive", "plan", "reply", "interim", "extension")),
    *(f"inspections:notice-{name}" for name in ("receive-paper", "objection", "call", "withdraw", "hand-on", "fixed")),
    *(f"inspections:notice-{name}" for name in ("extension-decide", "objection-decide")),
)
def _notice_rows(cast, who):
    here, there = {"pk": cast.rows.notice_here.pk}, {"pk": cast.rows.notice_there.pk}
    return by_place(who, here, there, readers=STATION | FIRM | {Role.CADRE})


@fills("inspections:notice-issue", "inspections:transfer-new")
def _unsent_rows(cast, who):
    here, there = {"pk": cast.rows.unsent_here.pk}, {"pk": cast.rows.unsent_there.pk}
    return by_place(who, here, there, readers=STATION | FIRM | {Role.CADRE})


@fills(*(f"inspections:transfer{name}" for name in ("", "-send", "-settle", "-drop")))
def _transfer_rows(cast, who):
    here, there = {"pk": cast.rows.transfer_here.pk}, {"pk": cast.rows.transfer_there.pk}
    return by_place(who, here, there, readers=STATION | FIRM | {Role.CADRE})


@fills(*(f"inspections:root-cause{name}" for name in ("", "-accept", "-decline", "-finish")))
def _cause_rows(cast, who):
    here, there = {"pk": cast.rows.cause_here.pk}, {"pk": cast.rows.cause_there.pk}
    return by_place(who, here, there, readers=STATION | {Role.CADRE})


@fills("inspections:dissuasion-accept")
def _dissuasion_rows(cast, who):
    here, there = {"pk": cast.rows.dissuasion_here.pk}, {"pk": cast.rows.dissuasion_there.pk}
    return by_place(who, here, there, readers=STATION | {Role.CADRE}, everywhere=OFFICE)


@fills("inspections:community-fixed")
def _fixed_here(cast, who):
    return Sight({"code": cast.rows.here.code}, None)


@fills("inspections:public-photo")
def _no_public_photo(cast, who):
    return Sight(None, {"client_id": cast.rows.photo_there.client_id})


@fills("inspections:photo", "inspections:photo-small", "inspections:photo-public")
def _photos(cast, who):
    there = {"client_id": cast.rows.photo_there.client_id}
    return Sight(None, None) if who in EVERYWHERE else Sight(None, there)


@fills("inspections:missed-reason")
def _missed_week(cast, who):
    rows, week = cast.rows, week_of(timezone.now())
    here = {"community": rows.here.pk, "cadre": cast.people[Role.CADRE].pk, "week": week}
    there = {"community": rows.there.pk, "cadre": rows.cadre_there.pk, "week": week}
    return by_place(who, here, there, readers=STATION)


@fills("portal:handover-slip", "portal:handover-paper", "portal:handover-confirm", "portal:handover-promise")
def _slips(cast, who):
    here, there = {"pk": cast.rows.slip_here.pk}, {"pk": cast.rows.slip_there.pk}
    return by_place(who, here, there, readers=STATION | {Role.CADRE, "roleless"}, everywhere=OFFICE)


@fills("portal:handover-withdraw")
def _slips_to_withdraw(cast, who):
    here, there = {"pk": cast.rows.slip_here.pk}, {"pk": cast.rows.slip_there.pk}
    return by_place(who, here, there, readers=STATION, everywhere=OFFICE)


@fills("portal:handover-new")
def _cadres_of_slips(cast, who):
    here, there = {"pk": cast.people[Role.CADRE].pk}, {"pk": cast.rows.cadre_there.pk}
    return by_place(who, here, there, readers=STATION, everywhere=OFFICE)


@fills("portal:promise-done")
def _promises(cast, who):
    here, there = {"pk": cast.rows.promise_here.pk}, {"pk": cast.rows.promise_there.pk}
    return by_place(who, here, there, readers=STATION | {Role.CADRE, "roleless"}, everywhere=OFFICE)


# ---------------------------------------------------------------- addresses: the fund


@fills("accounts:code-sheet-new")
def _people_with_codes(cast, who):
    return Sight({"pk": cast.people[Role.FUND_CHECKER].pk}, None)


@fills("maintenance_fund:ledger", "maintenance_fund:ledger-export", "maintenance_fund:households")
def _books(cast, who):
    here, there = {"pk": cast.rows.here.pk}, {"pk": cast.rows.there.pk}
    return by_place(who, here, there, readers=frozenset({Role.COMMITTEE_MEMBER}), everywhere=OFFICE)


@fills(
    *(
        f"maintenance_fund:{name}"
        for name in """book-new opening deposit-new renewals renewals-issue renewal-plan income-new investments
        investment-new year-publish
        collections collection-new months-list
        month-close interest-new bank bank-export bank-new assessments assessment-new""".split()
    )
)
def _books_of_the_office(cast, who):
    return Sight({"pk": cast.rows.here.pk}, None)


@fills(
    *(f"maintenance_fund:{name}" for name in "proposal proposal-seal proposal-approve proposal-withdraw".split()),
)
def _proposals(cast, who):
    return Sight({"pk": cast.rows.book_here.proposal.pk}, None)


@fills("maintenance_fund:bank-line", "maintenance_fund:bank-match")
def _bank_lines(cast, who):
    return Sight({"pk": cast.rows.book_here.bank_line.pk}, None)


@fills(*(f"maintenance_fund:assessment{name}" for name in ("", "-pay", "-withdraw")))
def _assessments(cast, who):
    return Sight({"pk": cast.rows.book_here.assessment.pk}, None)


@fills("maintenance_fund:assessed-reimbursed", "maintenance_fund:assessed-area")
def _assessed_units(cast, who):
    return Sight({"pk": cast.rows.book_here.assessed.pk}, None)


@fills("maintenance_fund:cost-check")
def _costs(cast, who):
    return Sight({"pk": cast.rows.book_here.cost.pk}, None)


@fills("maintenance_fund:investment-redeem")
def _investments(cast, who):
    return Sight({"pk": cast.rows.book_here.investment.pk}, None)


@fills("maintenance_fund:objection-answer")
def _objections(cast, who):
    return Sight({"pk": cast.rows.book_here.objection.pk}, None)


@fills("maintenance_fund:objection-new")
def _units_of_owners(cast, who):
    here = {"pk": cast.rows.book_here.unit.pk} if who == Role.RESIDENT else None
    return Sight(here, {"pk": cast.rows.book_there.unit.pk})


@fills("maintenance_fund:public-year")
def _years(cast, who):
    return Sight({"code": cast.rows.here.code, "year": 2020}, None)


@fills("maintenance_fund:liability-new", "maintenance_fund:household-loss")
def _liabilities(cast, who):
    return Sight({"pk": cast.rows.book_here.unit.pk}, None)


@fills("maintenance_fund:receipts")
def _series(cast, who):
    return Sight({"pk": cast.rows.book_here.series.pk}, None)


@fills("maintenance_fund:receipt-void", "maintenance_fund:receipt-handed-in")
def _receipts(cast, who):
    return Sight({"pk": cast.rows.book_here.receipt.pk}, None)


@fills("maintenance_fund:month-check")
def _month_closings(cast, who):
    return Sight({"pk": cast.rows.book_here.closing.pk}, None)


@fills("maintenance_fund:voucher", "maintenance_fund:voucher-reverse")
def _vouchers(cast, who):
    return Sight({"pk": cast.rows.book_here.voucher.pk}, None)


@fills("maintenance_fund:renewal", "maintenance_fund:renewal-paper")
def _renewal_notices(cast, who):
    here, there = {"pk": cast.rows.book_here.notice.pk}, {"pk": cast.rows.book_there.notice.pk}
    return by_place(who, here, there, readers=frozenset({Role.RESIDENT}), everywhere=OFFICE)


@fills(*(f"maintenance_fund:renewal-{name}" for name in ("received", "urging", "withdraw", "step")))
def _renewal_acts(cast, who):
    return Sight({"pk": cast.rows.book_here.notice.pk}, None)


@fills("maintenance_fund:renewal-batch", "maintenance_fund:renewal-batch-copy")
def _renewal_batches(cast, who):
    return Sight({"pk": cast.rows.book_here.notice.batch_id}, None)


@fills("maintenance_fund:renewal-batch-paper")
def _renewal_batch_papers(cast, who):
    return Sight(None, {"pk": cast.rows.book_here.notice.batch_id, "part": 7})


@fills("maintenance_fund:collection-arrived", "maintenance_fund:collection-strike")
def _collections(cast, who):
    return Sight({"pk": cast.rows.book_here.collection.pk}, None)


@fills("maintenance_fund:renewal-list")
def _renewal_lists(cast, who):
    here, there = {"pk": cast.rows.here.pk}, {"pk": cast.rows.there.pk}
    return by_place(who, here, there, readers=frozenset({Role.RESIDENT, Role.COMMITTEE_MEMBER}), everywhere=OFFICE)


@fills("maintenance_fund:household", "maintenance_fund:household-paper", "maintenance_fund:household-export")
def _households(cast, who):
    here, there = {"pk": cast.rows.book_here.unit.pk}, {"pk": cast.rows.book_there.unit.pk}
    return by_place(who, here, there, readers=frozenset({Role.RESIDENT}), everywhere=OFFICE)


@fills("maintenance_fund:household-line")
def _household_lines(cast, who):
    here, there = (
        {"pk": book.unit.pk, "voucher": book.voucher.pk} for book in (cast.rows.book_here, cast.rows.book_there)
    )
    return by_place(who, here, there, readers=frozenset({Role.RESIDENT}), everywhere=OFFICE)


@fills("maintenance_fund:public")
def _public_fund(cast, who):
    return Sight({"code": cast.rows.here.code}, None)


# ---------------------------------------------------------------- addresses: scores


def _of_score(cast, who, part, *, readers):
    sides = cast.rows.score_here, cast.rows.score_there
    here, there = ({"pk": getattr(rows, part).pk} for rows in sides)
    return by_place(who, here, there, readers=readers)


@fills(
    *(
        f"assessments:{name}"
        for name in """sheet explain assess sheet-submit sheet-veto sheet-visit sheet-approve sheet-send-back
        sheet-publish sheet-revise appeal-new on-site-new""".split()
    )
)
def _sheets(cast, who):
    return _of_score(cast, who, "sheet", readers=STATION | FIRM | {Role.COMMITTEE_MEMBER})


@fills("assessments:appeal")
def _appeals(cast, who):
    return _of_score(cast, who, "appeal", readers=STATION | FIRM | {Role.COMMITTEE_MEMBER})


@fills("assessments:photo")
def _score_photos(cast, who):
    return Sight(None, {"client_id": cast.rows.score_there.photo.client_id})


@fills(*(f"assessments:{name}" for name in "deposit deposit-amend deposit-paper entry-new".split()))
def _deposits(cast, who):
    return _of_score(cast, who, "deposit", readers=FIRM)


@fills("assessments:entry-book", "assessments:entry-refuse")
def _entries(cast, who):
    return _of_score(cast, who, "entry", readers=FIRM)


@fills("assessments:talk")
def _talks(cast, who):
    return _of_score(cast, who, "talk", readers=FIRM)


@fills("assessments:credit-event")
def _credit_events(cast, who):
    return _of_score(cast, who, "event", readers=FIRM)


@fills("assessments:spot-check")
def _spot_checks(cast, who):
    return _of_score(cast, who, "spot", readers=STATION | FIRM | {Role.COMMITTEE_MEMBER})


@fills("assessments:star-confirm")
def _stars(cast, who):
    return _of_score(cast, who, "star", readers=frozenset())


@fills("assessments:bulletin", "assessments:bulletin-export")
def _bulletins(cast, who):
    return Sight({"month": Month(2024, 1)}, None)


@fills("assessments:public")
def _public_scores(cast, who):
    return Sight({"code": cast.rows.here.code}, None)


# ---------------------------------------------------------------- addresses: campaigns

OF_CAMPAIGN = STATION | FIRM | {Role.CADRE, Role.COMMITTEE_MEMBER}


def _of_campaign(cast, who, name, readers=OF_CAMPAIGN, **more):
    here, there = (
        {"pk": getattr(side, name).pk} | more for side in (cast.rows.campaign_here, cast.rows.campaign_there)
    )
    return by_place(who, here, there, readers=readers)


@fills(
    *(
        f"campaigns:{name}"
        for name in """detail write bodies phases copy task-new matrix matrix-export places-add team-new problem-list
        problem-export problem-new dispatch-new amenities amenities-export amenity-new results""".split()
    )
)
def _campaign_rows(cast, who):
    return _of_campaign(cast, who, "row")


@fills("campaigns:press")
def _campaign_buttons(cast, who):
    return _of_campaign(cast, who, "row", doing="propose")


@fills("campaigns:act")
def _campaign_acts(cast, who):
    return _of_campaign(cast, who, "row", doing="end")


@fills("campaigns:phase-act")
def _phases(cast, who):
    return _of_campaign(cast, who, "phase", doing="extend")


@fills("campaigns:task", "campaigns:task-write", "campaigns:task-remove")
def _tasks(cast, who):
    return _of_campaign(cast, who, "task")


@fills("campaigns:task-act")
def _task_acts(cast, who):
    return _of_campaign(cast, who, "task", doing="extend")


@fills("campaigns:team", "campaigns:team-dissolve")
def _teams(cast, who):
    return _of_campaign(cast, who, "team")


@fills(
    *(
        f"campaigns:{name}"
        for name in """place place-remove self-check accept help-request-new journal-new renovation
        renovation-item-new renovation-choose""".split()
    )
)
def _campaign_places(cast, who):
    return _of_campaign(cast, who, "place")


@fills("campaigns:opinions")
def _opinions(cast, who):
    here, there = {"pk": cast.rows.campaign_here.place.pk}, {"pk": cast.rows.campaign_there.place.pk}
    return by_place(who, here, there, readers=frozenset({Role.RESIDENT}), everywhere=frozenset())


@fills("campaigns:step")
def _steps(cast, who):
    rows = cast.rows
    here, there = ({"pk": side.place.pk, "step": side.step.pk} for side in (rows.campaign_here, rows.campaign_there))
    return by_place(who, here, there, readers=OF_CAMPAIGN)


@fills("campaigns:problem", "campaigns:problem-settle", "campaigns:problem-strike")
def _problems(cast, who):
    return _of_campaign(cast, who, "problem")


@fills("campaigns:dispatch", "campaigns:dispatch-paper", "campaigns:decision-new")
def _dispatches(cast, who):
    return _of_campaign(cast, who, "dispatch")


@fills("campaigns:decision-done")
def _decisions(cast, who):
    return _of_campaign(cast, who, "decision")


@fills("campaigns:help-request", "campaigns:help-request-paper")
def _help_requests(cast, who):
    return _of_campaign(cast, who, "help_request")


@fills("campaigns:help-request-act")
def _help_request_acts(cast, who):
    return _of_campaign(cast, who, "help_request", doing="send")


@fills("campaigns:journal-answer")
def _journal(cast, who):
    return _of_campaign(cast, who, "journal", readers=STATION | {Role.CADRE})


@fills("campaigns:amenity-amend", "campaigns:amenity-done")
def _amenities(cast, who):
    return _of_campaign(cast, who, "amenity")


@fills("campaigns:renovation-paper")
def _wishes(cast, who):
    return _of_campaign(cast, who, "wish")


@fills("campaigns:feed")
def _feeds(cast, who):
    from campaigns import calendars

    mine = cast.people.get(who)
    return Sight(mine and {"token": calendars.token_of(mine)}, {"token": "not-a-token"})


@fills("campaigns:quarter", "campaigns:quarter-explain")
def _quarters(cast, who):
    return Sight({"quarter": cast.rows.quarter}, None)


# ---------------------------------------------------------------- addresses: complaints


@fills("complaints:new-here")
def _where_to_complain(cast, who):
    return Sight({"code": cast.rows.here.code}, None)


@fills("complaints:report-box-here")
def _where_to_tell_of_a_hazard(cast, who):
    return Sight({"code": cast.rows.here.code}, None)


@fills("complaints:photo-near")
def _pictures_nearby(cast, who):
    return Sight(None, {"signed": "nobody-signed-this"})


@fills("complaints:photo-sent")
def _photos_on_their_way(cast, who):
    return Sight(None, {"client_id": cast.rows.complaint_there.photos.get().client_id})


@fills(*(f"complaints:{name}" for name in "mine mine-slip mine-add mine-look mine-rate mine-withdraw".split()))
def _by_link(cast, who):
    """Whoever has the link has the complaint; the sweep tries links that are nobody's."""
    return Sight(None, None)


@fills("complaints:community-numbers")
def _numbers_of_a_community(cast, who):
    return Sight({"code": cast.rows.here.code}, None)


@fills("complaints:mailbox-answer")
def _mailbox_letters(cast, who):
    return Sight({"pk": cast.rows.letter.pk}, None)


@fills("complaints:request-detail", "complaints:request-paper")
def _data_requests(cast, who):
    return Sight({"pk": cast.rows.data_request.pk}, None)


COMPLAINT_READERS = STATION | FIRM | {Role.CADRE}


@fills("complaints:detail")
def _complaint_rows(cast, who):
    here, there = {"pk": cast.rows.complaint_here.pk}, {"pk": cast.rows.complaint_there.pk}
    return by_place(who, here, there, readers=COMPLAINT_READERS)


@fills("complaints:act")
def _complaints_to_act_on(cast, who):
    here, there = ({"pk": row.pk, "doing": "remark"} for row in (cast.rows.complaint_here, cast.rows.complaint_there))
    return by_place(who, here, there, readers=COMPLAINT_READERS)


@fills("complaints:call-back")
def _whom_to_call_back(cast, who):
    here, there = {"pk": cast.rows.complainant_here.pk}, {"pk": cast.rows.complainant_there.pk}
    return by_place(who, here, there, readers=STATION)


@fills("complaints:contact-read")
def _whose_contact(cast, who):
    here, there = {"pk": cast.rows.complainant_here.pk}, {"pk": cast.rows.complainant_there.pk}
    return by_place(who, here, there, readers=STATION | FIRM)


@fills("complaints:photo", "complaints:photo-small")
def _complaint_photos(cast, who):
    there = {"client_id": cast.rows.complaint_there.photos.get().client_id}
    return Sight(None, None) if who in EVERYWHERE else Sight(None, there)


@fills("complaints:mine-photo", "complaints:mine-photo-small")
def _photos_by_link(cast, who):
    return Sight(None, {"token": cast.rows.complaint_token, "client_id": cast.rows.photo_there.client_id})
