"""Campaigns of the demo town: this quarter's under way, last quarter's ended, parking reform in two batches, the
renovation of the old communities while owners are asked, the year's duties. Each through the acts of a real one.
"""

from datetime import date, datetime, time

from accounts import notifications
from accounts.models import Message, User
from accounts.roles import Role
from campaigns import (
    acceptance,
    amenities,
    deadlines,
    dispatches,
    found,
    help_requests,
    lists,
    planning,
    renovation,
    self_checks,
    steps,
    task_list,
    teams,
)
from campaigns.kinds import CHARGING, INSPECT, LIST, OPINIONS, StepState
from campaigns.models import Campaign, CampaignPlace
from communities.models import Community, Contract, FirmPost, StationPost
from inspections.models import Finding
from lib.periods import BEIJING, DAY, midnight, month_of
from portal.demo.draft import Draft
from portal.demo.words import OTHER, PLACES, SETTLEMENT

RENOVATED = [place.name for place in PLACES if place.kind == OTHER] + ["迎宾新都", "松苑小区", "滨湖花园"]
RESETTLED = [place.name for place in PLACES if place.kind == SETTLEMENT]
WISHES = ["屋面防水", "楼道粉刷", "雨污分流", "加装充电棚", "停车位", "路灯"]
PROBLEMS = [
    ("绿化带里种菜，劝了又种", ["上门劝导", "补种绿化"], "李站长（演示）"),
    ("老墙面小广告反复", ["每周清一次", "贴提示"], "王经理（演示）"),
    ("两处违法搭建要部门认定", ["报综合执法队", "跟踪结果"], "陈经办（演示）"),
]


def make(draft: Draft) -> None:
    """The town's campaigns; what was told before today has been read."""
    if draft.scale < 0.5:
        _quarter(draft, 20, _with_firms(draft)[:4])
    else:
        _last_quarter(draft)
        _quarter(draft, 20, _with_firms(draft))
        _parking(draft)
        _renovation(draft)
        _year(draft)
    found.pull(now=draft.now)
    deadlines.sweep(now=draft.now)
    told = Message.objects.filter(kind__startswith="campaign", due__lt=midnight(draft.today))
    notifications.mark_read(told, now=draft.now)


def _at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), BEIJING)


def _with_firms(draft: Draft) -> list[Community]:
    served = Contract.objects.on(draft.today).values("community")
    return list(Community.objects.filter(pk__in=served).exclude(kind=OTHER).order_by("pinyin"))


def _open(draft: Draft, template: str, starts_on: date, places: list, *, batches=1, title="") -> Campaign:
    """Written a week before it starts, approved two days later."""
    clerk, head = draft.cast[Role.TOWN_CLERK], draft.cast[Role.TOWN_HEAD]
    written = min(_at(_working(starts_on - 9 * DAY)), draft.now)
    row = planning.open_from_template(template=template, starts_on=starts_on, by=clerk, now=written)
    if title:
        Campaign.objects.filter(pk=row.pk).update(title=title)
    half = -(-len(places) // batches)
    for number in range(batches):
        part, batch = places[number * half : (number + 1) * half], number + 1 if batches > 1 else None
        planning.add_places(campaign=row, communities=part, batch=batch, by=clerk, now=written)
    planning.propose(campaign=row, by=clerk, now=written)
    planning.approve(campaign=row, by=head, now=min(_at(_working(written.date() + 2 * DAY)), draft.now))
    return Campaign.objects.get(pk=row.pk)


def _step(place: CampaignPlace, code: str, state: str, day: date, by: User, **said) -> None:
    step = place.campaign.steps.select_related("phase", "campaign").get(code=code)
    steps.write(place=place, step=step, state=state, day=day, by=by, now=_at(day, 16), **said)


# ---------------------------------------------------------------- one a quarter


def _quarter(draft: Draft, ago: int, places: list[Community]) -> None:
    """Being put right: most firms have checked themselves, the lists are whole, one asks for help."""
    starts = draft.today - ago * DAY
    row = _open(draft, "plan6", starts, places)
    _teams(draft, row)
    for number, place in enumerate(row.places.select_related("community", "campaign", "team")):
        if number % 7 != 6:
            _checks_itself(draft, place, starts + (3 + number % 4) * DAY)
        if number == 2:
            _step(place, "RECTIFY", StepState.STUCK, draft.today - DAY, _clerk_of(place), text="业主不同意拆花架")
    _lists(draft, row, starts)
    _asks(draft, row)


def _checks_itself(draft: Draft, place: CampaignPlace, day: date) -> None:
    contract = Contract.objects.on(draft.today).get(community=place.community)
    post = FirmPost.objects.on(draft.today).filter(firm=contract.firm, kind="manager").select_related("user").first()
    if post:
        fine = [line.item.pk for line in self_checks.lines(place)]
        self_checks.finish(place=place, fine=fine, by=post.user, now=_at(day, 15))


def _clerk_of(place: CampaignPlace) -> User:
    village = place.community.village_committee_id
    return StationPost.objects.filter(village_committee=village).select_related("user").first().user


def _teams(draft: Draft, row: Campaign) -> None:
    """One leader leads both; members are the stations' heads."""
    clerk, heads = draft.cast[Role.TOWN_CLERK], draft.station_heads
    places = list(row.places.select_related("campaign"))
    for number, name in enumerate(["第一组", "第二组"]):
        members = heads[number::2] or heads[:1]
        say = {"name": name, "leader": heads[0], "members": members}
        team = teams.form(campaign=row, **say, by=clerk, now=draft.now)
        teams.assign(team=team, places=places[number::2], by=clerk, now=draft.now)


def _lists(draft: Draft, row: Campaign, starts: date) -> None:
    clerk, phase = draft.cast[Role.TOWN_CLERK], row.ordered_phases[0]
    for number, (place, (text, measures, person)) in enumerate(zip(row.places.all(), PROBLEMS, strict=False)):
        due = _working(draft.today + (5 + number) * DAY)
        say = {"text": text, "measures": measures, "person": person, "due_on": due}
        lists.put(campaign=row, phase=phase, place=place, **say, by=clerk, now=_at(starts))


def _working(day: date) -> date:
    from rulebook.workdays import is_working_day

    while not is_working_day(day):
        day += DAY
    return day


def _asks(draft: Draft, row: Campaign) -> None:
    place = row.places.select_related("community", "campaign").last()
    text = "东门外市政雨水管堵，下雨就积水，物业疏通不了。"
    help_requests.ask(place=place, text=text, asks="请住建局疏通市政管。", by=_clerk_of(place), now=draft.now)


def _dispatch(draft: Draft, row: Campaign) -> None:
    """Last month's."""
    month = month_of(draft.today).previous
    decisions = [
        {"text": "第二批的业主表决月底前做完", "person": "各村居（演示）", "due_on": _working(draft.today + 4 * DAY)}
    ]
    dispatches.hold(
        campaign=row,
        month=month,
        held_on=month.last_day,
        progress="第 1 批车位、监控、门岗都建好了，第 2 批在表决、改造。",
        quality="第 1 批的监控验收合格。",
        blockers="两个小区业主表决还没过半。",
        decisions=decisions,
        by=draft.cast[Role.TOWN_CLERK],
        now=draft.now,
    )


def _last_quarter(draft: Draft) -> None:
    """Over: self-checked, inspected, accepted, looked at again in part; with its summary."""
    starts = draft.today - 100 * DAY
    row = _open(draft, "plan3", starts, _with_firms(draft)[:10], title="楼道堆物和生活垃圾整治")
    head, clerk = draft.cast[Role.TOWN_HEAD], draft.cast[Role.TOWN_CLERK]
    for place in row.places.select_related("community", "campaign", "team"):
        _checks_itself(draft, place, starts + 3 * DAY)
        _step(place, INSPECT, StepState.DONE, starts + 5 * DAY, clerk, text="现场看过")
        found.pull(now=_at(starts + 7 * DAY, 16))
        if not Finding.objects.open().filter(campaign_findings__place=place).exists():
            acceptance.accept(place=place, passed=True, day=starts + 7 * DAY, by=head, now=_at(starts + 7 * DAY, 16))
    for task in row.tasks.all():
        said = {"done_on": starts + 7 * DAY, "result": "按期完成", "document": "演示·整治记录"}
        task_list.finish(task=task, **said, by=clerk, now=_at(starts + 8 * DAY))
    summary = "十个小区楼道堆物清理完毕，生活垃圾日产日清。（演示）"
    planning.end(campaign=row, summary=summary, by=clerk, now=_at(starts + 9 * DAY))


# ---------------------------------------------------------------- parking, renovation, the year


def _parking(draft: Draft) -> None:
    """The first batch charges; of the second some have voted and some build."""
    starts = draft.today - 90 * DAY
    places = [draft.communities[name] for name in RESETTLED]
    row = _open(draft, "parking", starts, places, batches=2)
    clerk = draft.cast[Role.TOWN_CLERK]
    for number, place in enumerate(row.places.select_related("community", "campaign", "team")):
        second = place.batch == 2
        codes = [step.code for step in row.ordered_steps]
        wanted = codes if not second else codes[: (2, 2, 3, 1, 5, 4, 0)[number % 7]]
        for code in wanted:
            day = starts + min(80, 10 + 9 * codes.index(code) + number % 4) * DAY
            papers = {"VOTE": f"演示·业主大会公告〔{number + 1}〕", "PRICE": "演示·价格批复 12 号"}
            _step(place, code, StepState.DONE, day, clerk, document=papers.get(code, ""))
        kinds = (("shed", 20 + number, 40), ("bin", 12, 12 + number % 3 * 2))
        for kind, capacity, needed in kinds:
            _amenity(place, kind, capacity, needed, clerk, draft.now)
    assert CHARGING in codes
    task = row.tasks.order_by("due_on").first()
    said = {"done_on": task.due_on, "result": "办法出台了", "document": "演示·镇政发〔7〕号"}
    task_list.finish(task=task, **said, by=clerk, now=_at(task.due_on))
    _dispatch(draft, row)


def _amenity(place: CampaignPlace, kind: str, capacity: int, needed: int, by: User, now: datetime) -> None:
    plan = "今年加装" if needed > capacity else ""
    spot = "东门内" if kind == "shed" else "各幢楼下"
    amenities.add(place=place, kind=kind, spot=spot, capacity=capacity, needed=needed, plan=plan, by=by, now=now)


def _renovation(draft: Draft) -> None:
    """Owners are being asked; two communities have their list."""
    starts = draft.today - 25 * DAY
    row = _open(draft, "renovation", starts, [draft.communities[name] for name in RENOVATED])
    clerk = draft.cast[Role.TOWN_CLERK]
    for number, place in enumerate(row.places.select_related("community", "campaign")):
        items = [renovation.add_item(place=place, text=text, by=clerk, now=_at(starts)) for text in WISHES]
        for n, item in enumerate(items):
            renovation.count_on_paper(
                item=item, on_paper=(7 * (n + 3) * (number + 2)) % 40, by=clerk, now=_at(starts + 5 * DAY)
            )
        if number in (0, 1):
            _step(place, OPINIONS, StepState.DONE, starts + 15 * DAY, clerk, text="征求完了")
            renovation.choose(place=place, items=items[:4], by=clerk, now=_at(starts + 16 * DAY))
            _step(place, LIST, StepState.DONE, starts + 18 * DAY, clerk, document="演示·改造清单 1 号")
        else:
            _step(place, OPINIONS, StepState.DOING, starts + 2 * DAY, clerk)


def _year(draft: Draft) -> None:
    """The year's duties: what fell due is done but for one."""
    first = draft.today.replace(month=1, day=1)
    row = _open(draft, "plan4", first, [], title=f"{first.year}年度物业服务质量提升")
    clerk = draft.cast[Role.TOWN_CLERK]
    due = row.tasks.filter(due_on__lte=draft.today).order_by("due_on")
    for number, task in enumerate(due):
        if number == len(due) - 1:
            continue
        said = {"done_on": task.due_on, "result": "办好了", "document": "演示·存档"}
        task_list.finish(task=task, **said, by=clerk, now=_at(task.due_on, 16))
