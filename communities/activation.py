"""Owners' accounts: a code on a letter, or the desk with the document seen; co-owners each their own; ended at sale.

A code is 80 random bits, kept as its fingerprint. The letters are the only place where it can be read, and they are
handed out once and erased within the hour (issue 5 §3).
"""

import hashlib
import secrets
import unicodedata
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from accounts import notifications, passwords, people, sessions
from accounts.models import Address, RoleGrant, User
from lib.paper import pdf
from lib.periods import BEIJING, DAY, beijing_date
from lib.states import WrongState, move
from rulebook import rules

from . import days, person_roles
from .models import AccountLink, ActivationCode, Building, Community, LetterBatch, Ownership, Person, StationPost

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 of them, five bits each; without 0, O, 1, I
LONG, GROUP = 16, 4
MOST_LETTERS = 500  # a batch: one paper of the worker
FOLDER, TEMPLATE = "activation-letters", "communities/activation_letters.typ"
NOT_FOUND = "这个开通码不对，或者用过、过期了。对着信再看一遍；还不行，带上证件到物管站当面开通。"
NO_OWNER = "您现在不是登记的业主，开通码不能用了。买卖过户以后，请新业主用自己的信。"
State = LetterBatch.State

# ---------------------------------------------------------------- codes


def new_code() -> str:
    """80 random bits to be read from paper: KQ7M-2XWA-9DVE-PTH4."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(LONG))
    return "-".join(drawn[place : place + GROUP] for place in range(0, LONG, GROUP))


def fingerprint(code: str) -> str:
    """What a code is kept and found by, however it was typed: small letters, spaces, full-width."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", code).upper() if sign.isalnum())
    return hashlib.sha256(f"linzhi activation {plain}".encode()).hexdigest()


def find(kept: str, *, now: datetime) -> ActivationCode | None:
    """The live code with this fingerprint, of somebody who still owns something and has no account."""
    code = ActivationCode.objects.live(now).select_related("person").filter(fingerprint=kept).first()
    return code if code and may_have_account(code.person, today=beijing_date(now)) else None


def may_have_account(person: Person, *, today: date) -> bool:
    return person.user_id is None and Ownership.objects.on(today).filter(person=person).exists()


# ---------------------------------------------------------------- letters


def owners_without_account(community: Community, building: Building | None = None, *, today: date) -> QuerySet[Person]:
    """Owners of the day who have no account; developers of unsold units are no residents."""
    rows = Ownership.objects.on(today).filter(unit__community=community, person__user=None)
    rows = rows.exclude(how=Ownership.How.DEVELOPER)
    if building:
        rows = rows.filter(unit__building=building)
    return Person.objects.filter(pk__in=rows.values("person")).order_by("pk")


@transaction.atomic
def ask_for_letters(
    *, community: Community, building: Building | None = None, by: User, now: datetime
) -> list[LetterBatch]:
    """Asks the worker for letters to all who have no account; a large community's come building by building.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: nobody is without account, or letters for them are being made.
    """
    days.demand_registry(by, community)
    today = beijing_date(now)
    if LetterBatch.objects.filter(community=community, state__in=[State.WAITING, State.READY]).exists():
        raise ValidationError("这个小区有一批信正在做，或者做好了没取。先取走，再做下一批。")
    number = owners_without_account(community, building, today=today).count()
    if not number:
        raise ValidationError("这里的业主都有账号了，或者还没有登记业主。")
    whole = building or number <= MOST_LETTERS
    places = [building] if whole else list(community.buildings.filter(ended_on=None).order_by("code"))
    return [
        LetterBatch.objects.create(community=community, building=place, asked_by=by, asked_at=now) for place in places
    ]


@transaction.atomic
def make_letters(*, batch: LetterBatch, now: datetime) -> None:
    """The worker's part: new codes, which void the old ones, and the paper. Killed in the middle, nothing has been."""
    rows = LetterBatch.objects.select_for_update(skip_locked=True, of=("self",)).select_related("community", "building")
    row = rows.filter(pk=batch.pk, state=State.WAITING).first()
    if row is None:
        return
    today = beijing_date(now)
    owners = list(owners_without_account(row.community, row.building, today=today)[:MOST_LETTERS])
    if not owners:
        LetterBatch.objects.filter(pk=row.pk).update(state=State.EMPTY)
        return
    ActivationCode.objects.filter(person__in=owners, used_at=None, voided_at=None).update(voided_at=now)
    ends = now + rules.on(today, "activation.days") * DAY
    codes = [(owner, new_code()) for owner in owners]
    ActivationCode.objects.bulk_create(
        ActivationCode(person=owner, batch=row, fingerprint=fingerprint(code), issued_at=now, expires_at=ends)
        for owner, code in codes
    )
    file = f"{FOLDER}/{secrets.token_hex(16)}.pdf"
    default_storage.save(file, ContentFile(_paper(row, codes, ends, today)))
    LetterBatch.objects.filter(pk=row.pk).update(state=State.READY, count=len(codes), file=file, ready_at=now)
    notifications.tell(row.asked_by_id, "letters-ready", about=row, due=now, now=now)


def _paper(batch: LetterBatch, codes: list[tuple[Person, str]], ends: datetime, today: date) -> bytes:
    owned: dict[int, list[str]] = {}
    rows = Ownership.objects.on(today).filter(person__in=[owner for owner, _ in codes])
    for row in rows.filter(unit__community=batch.community).select_related("unit").order_by("unit__code"):
        owned.setdefault(row.person_id, []).append(row.unit.code)
    base = settings.SITE["url"]
    data = {
        "title": str(batch),
        "organisation": settings.SITE["organisation"],
        "phone": settings.SITE["phone"],
        "community": batch.community.name,
        "address": f"{base}{reverse('communities:activate')}" if base else "",
        "ends": f"{ends.astimezone(BEIJING):%Y年%-m月%-d日}",
        "day": f"{today:%Y年%-m月%-d日}",
        "letters": [
            {"name": owner.name, "units": "、".join(owned.get(owner.pk, [])), "code": code} for owner, code in codes
        ],
    }
    return pdf(TEMPLATE, data)


@transaction.atomic
def hand_out(*, batch: LetterBatch, by: User, now: datetime) -> bytes:
    """The paper, once: whoever takes it is noted, and the file is gone.

    Raises:
        PermissionDenied: not the registry of ``by``.
        WrongState: it was taken before, or erased because nobody came within the hour.
    """
    days.demand_registry(by, batch.community)
    fresh = {
        "state": State.READY,
        "ready_at__gt": now - _kept_for(now),
    }
    taken = {"state": State.HANDED, "handed_by": by, "handed_at": now}
    move(batch, to=taken, else_="这一批已经取走，或者过了时间销毁了。要的话再做一批，旧的码会作废。", **fresh)
    with default_storage.open(batch.file) as file:
        paper = file.read()
    transaction.on_commit(lambda: _erase_file(batch, now))
    return paper


def _kept_for(now: datetime) -> timedelta:
    """How long a paper may lie there."""
    return timedelta(minutes=rules.on(beijing_date(now), "activation.paper_minutes"))


def _erase_file(batch: LetterBatch, now: datetime) -> None:
    default_storage.delete(batch.file)
    LetterBatch.objects.filter(pk=batch.pk).update(file="", erased_at=now)


def erase_old_papers(*, now: datetime) -> None:
    """The sweep: papers that nobody took are erased and their codes are void; what a hand-out left behind goes, too."""
    for batch in LetterBatch.objects.to_erase(now - _kept_for(now)):
        with transaction.atomic():
            if LetterBatch.objects.filter(pk=batch.pk, state=State.READY).update(state=State.ERASED):
                ActivationCode.objects.filter(batch=batch, used_at=None, voided_at=None).update(voided_at=now)
        _erase_file(batch, now)
    _erase_orphans()


def _erase_orphans() -> None:
    """Files of a worker that was killed before its rows were written; their codes never counted."""
    try:
        _, files = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return
    if LetterBatch.objects.filter(state=State.WAITING).exists():
        return  # one of them may be about to be written
    known = set(LetterBatch.objects.exclude(file="").values_list("file", flat=True))
    for name in files:
        if f"{FOLDER}/{name}" not in known:
            default_storage.delete(f"{FOLDER}/{name}")


# ---------------------------------------------------------------- opening


@transaction.atomic
def activate(*, kept: str, user: User | None = None, mobile: str = "", password: str = "", now: datetime) -> User:
    """The owner uses their code: a new account with this mobile number and password, or the one they are signed in to.

    Args:
        kept: the fingerprint of what was typed.
        user: the account that the owner has already, as member of a committee for instance.

    Raises:
        WrongState: the code is used, over or void, or the person owns nothing any more.
        ValidationError: a number that is none or another account's, a weak password, by field; an account of
            somebody with another name, or of another owner.
    """
    code = find(kept, now=now)
    if code is None:
        raise WrongState(NOT_FOUND)
    move(code, used_at=None, voided_at=None, to={"used_at": now}, else_=NOT_FOUND)
    if user is None:
        user = _new_user(code.person, mobile, password)
    elif user.name != code.person.name:
        raise ValidationError("这个账号的姓名和信上的业主不一样。请用业主自己的账号，或者退出登录后另开一个。")
    _open(code.person, user, how=AccountLink.How.CODE, by=user, now=now)
    return user


def _new_user(person: Person, mobile: str, password: str) -> User:
    user = User(username=f"yezhu{secrets.randbelow(10**8):08}", name=person.name[:50])
    people.fill_pinyin(user)
    try:
        user.mobile = own_number(mobile)
    except ValidationError as error:
        raise ValidationError({"mobile": error.messages}) from error
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
    user.set_password(password)
    user.save()
    return user


def own_number(typed: str) -> Address:
    """The row of a mobile number that no account has.

    Raises:
        ValidationError: no mobile number, or another account's.
    """
    plain = people.plain_number(typed)
    if len(plain) != 11 or not plain.isdecimal() or not plain.startswith("1"):
        raise ValidationError("手机号是 11 位数字，比如 13800138000。")
    if User.objects.filter(mobile__kind=Address.Kind.PHONE, mobile__value=plain).exists():
        raise ValidationError("这个号码已经有账号。是您的就先登录，再打开这一页；不是您的，换一个号码。")
    row = people.address(Address.Kind.PHONE, plain)
    Address.objects.filter(pk=row.pk).update(confirmed_at=None)  # whoever gives it now confirms it
    return row


def _open(person: Person, user: User, *, how: str, by: User, now: datetime, seen: str = "") -> AccountLink:
    if Person.objects.filter(user=user).exclude(pk=person.pk).exists():
        raise ValidationError("这个账号已经是另一位业主的。共有的业主要各开各的账号。")
    person_roles.give_account(person=person, user=user, now=now)
    return AccountLink.objects.create(person=person, user=user, how=how, seen=seen, opened_by=by, opened_at=now)


@transaction.atomic
def open_at_desk(*, person: Person, seen: str, mobile: str, by: User, now: datetime) -> tuple[User, str]:
    """The owner stands at the desk and has shown their document: an account with a one-time password for the slip.

    Raises:
        PermissionDenied: none of the owner's units lies in the registry of ``by``.
        ValidationError: owns nothing or has an account, no document chosen, a number that is none; by field.
    """
    person = days.locked(person)
    community = Community.objects.kept_by(by).filter(units__ownerships__person=person).first()
    if community is None:
        community = Community.objects.filter(units__ownerships__person=person).first()
    days.demand_registry(by, community)
    if not may_have_account(person, today=beijing_date(now)):
        raise ValidationError("这位业主已经有账号，或者现在不是业主。")
    user = _new_user(person, mobile, secrets.token_hex(16))
    _open(person, user, how=AccountLink.How.DESK, by=by, now=now, seen=seen)
    ActivationCode.objects.filter(person=person, used_at=None, voided_at=None).update(voided_at=now)
    return user, passwords.give_one_time(user=user, now=now)


# ---------------------------------------------------------------- ending


@transaction.atomic
def close(*, link: AccountLink, why: str, by: User | None, now: datetime) -> None:
    """The account is no longer the owner's: roles end, sign-ins end, the number is free; locked, never deleted.

    An account that is something else besides (a committee's, a cadre's) stays in use for that.

    Raises:
        WrongState: it was ended before.
    """
    to = {"ended_at": now, "ended_by": by, "ended_why": why}
    move(link, ended_at=None, to=to, else_="这个账号刚才已经停用了。")
    person_roles.give_account(person=link.person, user=None, now=now)
    tomorrow = beijing_date(now) + DAY
    if not RoleGrant.objects.not_ended(tomorrow).filter(user=link.user).exists():
        User.objects.filter(pk=link.user_id).update(is_active=False, mobile=None)
        sessions.end_all(user=link.user)


def leave(*, user: User, now: datetime) -> None:
    """The owner ends their own account, as easily as it was opened.

    Raises:
        WrongState: there is none.
    """
    link = AccountLink.objects.open().filter(user=user).select_related("person", "user").first()
    if link is None:
        raise WrongState("您没有开通业主账号。")
    close(link=link, why=AccountLink.End.LEFT, by=user, now=now)


def end_by_office(*, link: AccountLink, by: User, now: datetime) -> None:
    """Office or station ends an account: the owner asked for it, has died, or it was opened for the wrong person.

    Raises:
        PermissionDenied: none of the owner's units lies in the registry of ``by``.
        WrongState: it was ended before.
    """
    community = Community.objects.filter(units__ownerships__person=link.person).first()
    own = Community.objects.kept_by(by).filter(units__ownerships__person=link.person).first()
    days.demand_registry(by, own or community)
    close(link=link, why=AccountLink.End.OFFICE, by=by, now=now)


def settle(*, now: datetime) -> int:
    """The sweep: accounts of people who own nothing any more end; how many."""
    owning = Ownership.objects.on(beijing_date(now)).values("person")
    links = list(AccountLink.objects.open().exclude(person__in=owning).select_related("person", "user"))
    for link in links:
        try:
            close(link=link, why=AccountLink.End.SOLD, by=None, now=now)
        except WrongState:
            continue
    return len(links)


# ---------------------------------------------------------------- whose password a station resets


def owners_of_station(user: User, today: date) -> QuerySet[User]:
    """Owners with an account in the communities of the station that the user heads."""
    heads = StationPost.objects.on(today).filter(user=user, kind=StationPost.Kind.HEAD)
    owned = Ownership.objects.on(today).filter(
        unit__community__village_committee__in=heads.values("village_committee"), person__user__isnull=False
    )
    return User.objects.filter(pk__in=owned.values("person__user"))


def _ready_text(message) -> notifications.Text:
    batch = message.thing
    body = f"{batch}做好了，{batch.count} 封。要在一小时内取走，只能取一次，过了时间就销毁。"
    return notifications.Text("开通信做好了", body, "communities:activation-list")


def register_messages() -> None:
    notifications.register(
        "letters-ready", "开通信做好了", _ready_text, related=("community", "building"), group="账号", urgent=True
    )
