"""What residents complained about: most of it answered and judged, some waiting, late, handed over, sent back."""

from datetime import datetime, timedelta

from accounts.models import Message, User
from accounts.roles import Role
from communities.models import Community, FirmPost
from complaints import handling, judging, mailbox, petitions, registration, staffing
from complaints.entries import Who
from complaints.kinds import Level, Source
from complaints.models import Complaint, ReplyTemplate
from portal.demo.draft import Draft

COMPLAINTS = 120
DAYS = 75
WORDS = [
    ("北门垃圾桶满了两天没人收，气味很大", "北门进来右手边", "当天清运，加了一个桶，每天早晚各收一次。"),
    ("地下车库入口被一辆面包车堵住半天了", "地下车库入口", "联系车主移走了，入口画了禁停线。"),
    ("楼道灯坏了三盏，晚上老人上下楼看不见", "二单元", "换了三盏声控灯，顺便把其他单元也查了一遍。"),
    ("厨房水管漏水，楼下也渗了", "", "当晚关阀换管，第二天回访没有再漏。"),
    ("电梯这个月坏了第三次", "一单元", "维保单位换了门机，一周内每天查一次。"),
    ("楼上晚上十一点以后还在拖家具，太吵", "", "上门做了工作，约定晚上十点以后不搬动家具。"),
    ("有人在楼顶搭阳光房", "顶楼", "已经移交综合执法部门，正在按程序办。"),
    ("绿化带里有人种菜", "东边围墙下", "劝说后自己清了，补种了麦冬。"),
    ("电瓶车在楼道里充电，拉了飞线", "三单元一楼", "当场断开，告知去车棚充电，物业每天查。"),
    ("物业费涨了，没有看到公示", "公示栏", "收费标准已经贴到公示栏，也可以到物业查。"),
    ("健身器材松动了，小孩在上面玩", "中心广场", "围了起来，三天内换了螺栓，已经可以用。"),
    ("下水道堵了，一楼返水", "一单元一楼", "当天疏通，并清了化粪池。"),
]
REASONS = ["第二天又是老样子", "只说了一句就走了，没有修"]


def make(draft: Draft) -> None:
    """Complaints of the last weeks, each taken through the same acts as a real one."""
    places = [place for place in draft.communities.values() if draft.firm_on(place, draft.today)]
    count = max(14, round(COMPLAINTS * draft.scale))
    moments = sorted(_moment(draft) for _ in range(count))
    for number, moment in enumerate(moments):
        _one(draft, draft.chance.choice(places), number, moment)
    _orders(draft, places)
    _own(draft, places)
    _letters(draft)
    _templates(draft)
    Message.objects.filter(kind__startswith="complaint-").delete()  # the past has been told


def _moment(draft: Draft) -> datetime:
    """More of them in the last days, so that the desk has something to do."""
    back = draft.chance.randrange(DAYS) if draft.chance.randrange(3) else draft.chance.randrange(4)
    return min(draft.moment(draft.today - timedelta(days=back)), draft.now)


def _one(draft: Draft, place: Community, number: int, moment: datetime) -> None:
    text, where, done = WORDS[number % len(WORDS)]
    clerk = draft.cast[Role.TOWN_CLERK]
    source = draft.chance.choice([Source.ONLINE] * 3 + [Source.PHONE])
    complaint = registration.register(
        community=place,
        text=text,
        place=where,
        source=source,
        name=draft.chance.choice(["王", "李", "陈", "周", "吴"]) + draft.chance.choice(["女士", "先生", "阿姨"]),
        phone=f"1390000{number:04}",
        client_id=draft.uuid(),
        by=clerk if source == Source.PHONE else None,
        now=moment,
    )
    if draft.one_in(4):
        who = Who(name="邻居", phone=f"1380000{number:04}")
        later = min(moment + timedelta(hours=3), draft.now)
        registration.join(complaint=complaint, who=who, client_id=draft.uuid(), by=None, now=later)
    _handle(draft, complaint, done, clerk, moment)


def _handle(draft: Draft, complaint: Complaint, done: str, clerk: User, moment: datetime) -> None:
    """As far as its age lets it have come; one in ten is forgotten about and becomes overdue."""
    steps = [timedelta(hours=h) for h in (2, 5, draft.chance.choice([20, 30, 50, 70]), 120)]
    accept, work, answer, judge = (moment + step for step in steps)
    if accept > draft.now:
        return
    handling.accept(complaint=complaint, by=clerk, now=accept)
    handling.assign(complaint=complaint, level=complaint.level, by=clerk, now=accept)
    if complaint.category == "build" and work <= draft.now:
        number = f"荆物移〔{work.year}〕{complaint.pk}号"
        handling.transfer(complaint=complaint, department="县综合执法局", document_number=number, by=clerk, now=work)
        return
    if work > draft.now or draft.one_in(10):
        return
    by = _answerer(complaint, clerk)
    handling.start(complaint=complaint, by=by, now=work)
    if answer <= draft.now:
        handling.answer(complaint=complaint, text=done, by=by, now=answer)
        _judge(draft, complaint, judge)


def _answerer(complaint: Complaint, clerk: User) -> User:
    """Somebody of the firm for what the firm answers, else the clerk of the town."""
    post = FirmPost.objects.filter(firm=complaint.firm, last_day=None).select_related("user").first()
    return post.user if post and complaint.level == Level.FIRM else clerk


def _judge(draft: Draft, complaint: Complaint, moment: datetime) -> None:
    if moment > draft.now or draft.one_in(3):
        return
    for complainant in complaint.complainants.order_by("pk"):
        score = draft.chance.choice([5, 5, 4, 4, 4, 3])
        reason = ""
        if draft.one_in(9):
            score, reason = 2, draft.chance.choice(REASONS)
        complainant.complaint.refresh_from_db()
        if complainant.complaint.state in staffing.ANSWERED:
            judging.rate(complainant=complainant, score=score, reason=reason, now=moment)


def _orders(draft: Draft, places: list[Community]) -> None:
    """Orders of the hotline: one to be answered, one answered and not filled back yet; the first is a petition, too."""
    clerk = draft.cast[Role.TOWN_CLERK]
    for number, (text, where, done) in enumerate(WORDS[:3]):
        moment = min(draft.moment(draft.today - timedelta(days=2 + number)), draft.now)
        order = registration.register(
            community=draft.chance.choice(places),
            text=text,
            place=where,
            source=Source.HOTLINE,
            phone=f"1370000{number:04}",
            client_id=draft.uuid(),
            platform_number=f"GD{moment:%Y%m%d}{number:03}",
            platform_due=draft.today + timedelta(days=3),
            by=clerk,
            now=moment,
        )
        handling.accept(complaint=order, by=clerk, now=moment)
        handling.assign(complaint=order, level=Level.TOWN, by=clerk, now=moment)
        if number:
            handling.answer(complaint=order, text=done, by=clerk, now=moment)
        else:
            petitions.begin(complaint=order, by=clerk, now=moment)


def _own(draft: Draft, places: list[Community]) -> None:
    """What the demo's resident reported: one that is under way."""
    resident, clerk = draft.cast[Role.RESIDENT], draft.cast[Role.TOWN_CLERK]
    text, where, _ = WORDS[2]
    moment = min(draft.moment(draft.today - timedelta(days=1)), draft.now)
    say = {"place": where, "name": resident.name, "phone": "13600000001", "client_id": draft.uuid(), "now": moment}
    complaint = registration.register(community=places[0], text=text, by=resident, **say)
    handling.accept(complaint=complaint, by=clerk, now=moment)
    handling.assign(complaint=complaint, level=complaint.level, by=clerk, now=moment)


def _letters(draft: Draft) -> None:
    """A suggestion that was answered in public, and one that waits."""
    clerk, now = draft.cast[Role.TOWN_CLERK], draft.now
    asked = mailbox.suggest(text="字能不能再大一点，老人看不清", page="/", may_publish=True, by=None, now=now)
    said = "页面上方点“长辈版”，字和按钮都会变大，手机会记住。"
    mailbox.answer(letter=asked, text=said, question="能不能把字放大", by=clerk, now=now)
    mailbox.suggest(text="希望能看到上个月各小区办得多快", page="/", may_publish=False, by=None, now=now)


def _templates(draft: Draft) -> None:
    for title, text in [
        ("已清运", "已经清运干净，并加强了这一处的保洁，欢迎您继续监督。"),
        ("已修好", "已经派人修好，请您看一下，没好可以退回重办。"),
        ("已劝离", "已经联系车主移走，并提醒门岗注意。"),
    ]:
        ReplyTemplate.objects.create(
            title=title, text=text, kept_by=draft.cast[Role.TOWN_CLERK], first_day=draft.first_day
        )
