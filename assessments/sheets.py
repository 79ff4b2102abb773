"""Deposits that firms have paid already come in as a sheet: what was agreed, and the balance to take over. Issue 8 §6

Each new row is agreed by whoever brings it in, and its balance waits for the check of another, as any entry does.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from accounts.roles import Act, demand
from communities.models import Contract
from communities.sheets import Column, Line, RowKind, register
from communities.sheets.declare import Values
from communities.sheets.finding import set_community
from communities.sheets.places import COMMUNITY
from lib import cells
from lib.money import parse_yuan, yuan
from lib.periods import beijing_date

from . import deposits
from .kinds import LineKind
from .models import Deposit

NO_CONTRACT = "{}今天没有物业合同，先导入合同。"


def fen(cell: Any) -> int:
    """An amount of yuan, typed or a number of the sheet, as fen above zero."""
    try:
        amount = parse_yuan(f"{cell:.2f}" if isinstance(cell, float) else str(cell))
    except ValueError as error:
        raise cells.Wrong(str(error)) from error
    if amount <= 0:
        raise cells.Wrong("金额要大于零。")
    return amount


class Deposits(RowKind):
    name, title = "deposits", "保证金"
    act = Act.DEPOSIT
    about = "已经交了的保证金，一行一个小区。余额导入后等另一个人复核，复核了才入账。已经登记的不动。"
    key = ("community",)
    columns = (
        COMMUNITY,
        Column("clause", "合同条款", cells.text(120), ("条款", "依据"), required=True, example="第十八条"),
        Column(
            "holder",
            "由谁保管",
            cells.text(60),
            ("保管人", "保管单位"),
            required=True,
            example="演示·松苑小区业委会",
            width=24,
        ),
        Column("bank", "开户银行", cells.text(60), ("银行",), required=True, example="演示·农商银行", width=20),
        Column("account", "账号", cells.code(40), ("银行账号",), required=True, example="6200180001", width=20),
        Column(
            "beneficiary",
            "扣的钱归谁用",
            cells.text(100),
            ("用途", "受益人"),
            required=True,
            example="本小区维修",
            width=20,
        ),
        Column(
            "price_fen",
            "物业费单价",
            fen,
            ("单价", "物业费标准"),
            words=yuan,
            required=True,
            example="0.60",
            hint="元／平方米·月",
        ),
        Column(
            "area_centi", "收费面积", cells.area, ("面积",), required=True, example="12000.00", hint="平方米，不含车位"
        ),
        Column("opening_fen", "开户额", fen, ("应缴金额",), words=yuan, example="4320.00", hint="不写就按规则算。"),
        Column("balance_fen", "余额", fen, ("现有余额", "账面余额"), words=yuan, required=True, example="4320.00"),
    )

    def standing(self, lines: Sequence[Line], by: User) -> dict:
        set_community(lines, by=by)
        places = {line.row.pk: line for line in lines if line.row}
        held = Contract.objects.on(beijing_date(timezone.now())).filter(community__in=places)
        rows = Deposit.objects.filter(contract__in=held)
        return {self.key_of(places[row.community_id].values): dict(places[row.community_id].values) for row in rows}

    def put(self, line: Line, *, by: User, now: datetime) -> None:
        demand(by, self.act)
        values, today = dict(line.values), beijing_date(now)
        contract = Contract.objects.on(today).filter(community=line.row).select_related("community", "firm").first()
        if contract is None:
            raise ValidationError({"community": NO_CONTRACT.format(line.row)})
        balance = values.pop("balance_fen")
        values.pop("community")
        row = deposits.agree(contract=contract, **values, by=by, now=now)
        given = {"kind": LineKind.OPEN, "amount_fen": balance, "on": today, "text": "接着原来的余额"}
        deposits.propose(deposit=row, **given, by=by, now=now)

    def rows(self, by: User, **wanted: Any) -> Iterable[Values]:
        rows = Deposit.objects.visible_to(by).filter(**{f"community__{key}": value for key, value in wanted.items()})
        return map(self._values, rows.select_related("community").order_by("community__pinyin"))

    def _values(self, row: Deposit) -> Values:
        names = [column.name for column in self.columns if column.name != "community"]
        return {"community": row.community.name} | {name: getattr(row, name) for name in names}


def register_sheets() -> None:
    """Called once at start."""
    register(Deposits())
