"""What a person types about scores and deposits, turned into tenths, fen, days and keys."""

import json
import re
import unicodedata
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone

from communities.models import Community, Contract, Firm
from lib.money import yuan
from lib.periods import beijing_date
from maintenance_fund.forms.fields import Day, Yuan

from .kinds import Decision, LineKind, SheetState
from .models import Deposit, ScoreItem
from .points import written
from .review import Verdict

MOST_UPLOAD = 10 * 2**20
POINTS = re.compile(r"[0-9]{1,3}(?:\.[0-9])?")


class Points(forms.CharField):
    """Points as they are typed (87.7), cleaned to tenths."""

    def __init__(self, **kwargs):
        super().__init__(max_length=6, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def clean(self, value):
        text = unicodedata.normalize("NFKC", super().clean(value))
        if text in self.empty_values:
            return None
        if not POINTS.fullmatch(text):
            raise forms.ValidationError("分数写成 87.7 这样，最多一位小数。")
        whole, _, rest = text.partition(".")
        return int(whole) * 10 + int(rest or 0)


class Ids(forms.CharField):
    """Client ids of photos that went ahead, separated by commas."""

    widget = forms.HiddenInput

    def clean(self, value):
        try:
            return [UUID(part) for part in super().clean(value or "").split(",") if part]
        except ValueError as error:
            raise forms.ValidationError("照片没有传完整，请再传一次。") from error


class WithPhotos(forms.Form):
    """A form with an album: what the template asks of it."""

    photos = Ids(required=False, label="照片")
    album = ("现场照片", "problem")


class ReasonForm(forms.Form):
    reason = forms.CharField(label="哪一条不同意、为什么", max_length=500, widget=forms.Textarea)


class RevisionForm(forms.Form):
    reason = forms.CharField(
        label="为什么要更正",
        max_length=200,
        widget=forms.Textarea,
        help_text="比如：漏了一次复查。这句话写在新的一版上，企业看得到。",
    )


class VetoForm(forms.Form):
    """Empty takes it back."""

    reason = forms.CharField(
        label="原因",
        max_length=200,
        required=False,
        help_text="死亡、火灾、群体事件且企业有责任，或者侵占维修资金。两样都空着就是撤回。",
    )
    document = forms.CharField(
        label="主管部门认定责任的文件", max_length=120, required=False, help_text="写名称和文号。没有文件不能否决。"
    )


class VisitForm(forms.Form):
    on = Day(label="哪天到现场考核的")


class VerdictsForm(forms.Form):
    """For each charge of a sheet a decision, its points and a reason; those left blank stay open."""

    def __init__(self, data=None, *, charges, **kwargs):
        super().__init__(data, **kwargs)
        self.charges = list(charges)
        for charge in self.charges:
            self._add(charge)

    def _add(self, charge) -> None:
        decided = {"initial": charge.decision} if charge.decision else {}
        self.fields[f"d{charge.pk}"] = forms.ChoiceField(
            choices=self._choices(charge), widget=forms.RadioSelect, required=False, **decided
        )
        reduced = written(charge.accepted_deci) if charge.decision == Decision.REDUCED else ""
        self.fields[f"p{charge.pk}"] = Points(
            label="减到几分",
            required=False,
            initial=reduced,
            help_text=f"0.1 到 {written(charge.proposed_deci - 1)}，不能比建议多",
        )
        self.fields[f"r{charge.pk}"] = forms.CharField(
            label="理由，物业看得到", max_length=300, required=False, initial=charge.reason, widget=forms.Textarea
        )

    @staticmethod
    def _choices(charge) -> list:
        return [choice for choice in Decision.choices if choice[0] != Decision.REDUCED or charge.proposed_deci > 1]

    @property
    def rows(self) -> list[tuple]:
        """Each charge with its three fields."""
        return [(charge, *(self[f"{part}{charge.pk}"] for part in "dpr")) for charge in self.charges]

    @property
    def verdicts(self) -> dict[int, Verdict]:
        data = self.cleaned_data
        return {
            charge.pk: Verdict(data[f"d{charge.pk}"], data.get(f"p{charge.pk}"), data.get(f"r{charge.pk}", ""))
            for charge in self.charges
            if data.get(f"d{charge.pk}")
        }


class OnSiteForm(WithPhotos):
    """Something seen on the spot."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    item = forms.ModelChoiceField(ScoreItem.objects.none(), label="考核项", empty_label="选一项")
    text = forms.CharField(label="什么问题，在哪里", max_length=300, widget=forms.Textarea)
    day = Day(label="哪一天")
    document = forms.CharField(
        label="文件名称、文号", max_length=100, required=False, help_text="没有照片的，写上文件。"
    )

    def __init__(self, data=None, *, sheet, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["item"].queryset = sheet.table.scoreitems.select_related("area").order_by(
            "area__position", "position"
        )
        self.fields["item"].label_from_instance = lambda item: f"{item.area}：{item}，每件扣 {written(item.base_deci)}"


class WaitedForm(forms.Form):
    """What a record that waited on a phone brings beside its fields."""

    c = forms.IntegerField(min_value=1, max_value=2**62)
    client_id = forms.UUIDField()
    manifest = forms.CharField(required=False, max_length=5000)

    def clean_manifest(self) -> dict[UUID, str]:
        try:
            read = json.loads(self.cleaned_data["manifest"] or "{}")
            return {UUID(key): str(value) for key, value in read.items()}
        except (ValueError, AttributeError) as error:
            raise forms.ValidationError("照片的清单读不懂，请重新打开这一页再传。") from error


class AppealForm(WithPhotos):
    charges = forms.ModelMultipleChoiceField(
        None, label="对哪几条有意见", required=False, widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label="为什么", max_length=1000, widget=forms.Textarea, help_text="写清楚事实，有照片的加上。"
    )
    album = ("能说明的照片", "problem")

    def __init__(self, data=None, *, charges, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["charges"].queryset = charges


class AppealDecisionForm(forms.Form):
    """Upheld or not, why, and what each contested charge costs from now on."""

    upheld = forms.TypedChoiceField(
        label="申诉成立吗",
        choices=[("yes", "成立，改"), ("no", "不成立，维持")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label="理由，企业看得到", max_length=1000, widget=forms.Textarea)

    def __init__(self, data=None, *, charges, **kwargs):
        super().__init__(data, **kwargs)
        self.charges = list(charges)
        for charge in self.charges:
            words = f"{charge.item}，{charge.evidence.day}，现在扣 {written(charge.accepted_deci)}。改成扣几分"
            self.fields[f"p{charge.pk}"] = Points(label=words, required=False, help_text="成立的才写；不改就空着。")

    @property
    def points(self) -> dict[int, int] | None:
        """What was typed; nothing typed means the contested charges fall away."""
        typed = {charge.pk: self.cleaned_data.get(f"p{charge.pk}") for charge in self.charges}
        kept = {pk: deci for pk, deci in typed.items() if deci is not None}
        return kept or None


# ---------------------------------------------------------------- lists


class BoardFilter(forms.Form):
    """Narrows the month's sheets; what cannot be read narrows nothing."""

    q = forms.CharField(label="小区或企业", required=False, max_length=50)
    month = forms.RegexField(
        r"^20\d\d-(0[1-9]|1[0-2])$", label="月份", required=False, widget=forms.TextInput({"type": "month"})
    )
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *Community.Kind.choices])
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "全部"), *SheetState.choices, ("appealed", "申诉中"), ("uninspected", "未充分检查")],
    )
    band = forms.ChoiceField(
        label="档次", required=False, choices=[("", "全部"), *((letter, letter) for letter in "ABCDEFG")]
    )

    def __init__(self, data):
        super().__init__(data)
        self.is_valid()

    def narrow(self, rows):
        data = self.cleaned_data
        if data.get("q"):
            rows = rows.search(data["q"])
        for name in ("kind", "band"):
            if data.get(name):
                rows = rows.filter(**{name: data[name]})
        state = data.get("state")
        if state == "appealed":
            return rows.filter(open_appeal=True)
        if state == "uninspected":
            return rows.filter(is_inspected=False)
        return rows.filter(state=state) if state else rows


class DepositFilter(forms.Form):
    q = forms.CharField(label="小区或企业", required=False, max_length=50)
    only = forms.ChoiceField(
        label="只看",
        required=False,
        choices=[
            ("", "全部"),
            ("short", "要补足"),
            ("unopened", "待缴"),
            ("unpaid", "有没扣成的"),
            ("over", "合同已结束"),
        ],
    )

    def __init__(self, data):
        super().__init__(data)
        self.is_valid()

    def narrow(self, rows):
        data, today = self.cleaned_data, beijing_date(timezone.now())
        if data.get("q"):
            rows = rows.search(data["q"])
        narrowed = {
            "short": {"is_short": True},
            "unopened": {"last_no": 0},
            "unpaid": {"unpaid_fen__gt": 0},
            "over": {"contract__last_day__lt": today, "balance_fen__gt": 0},
        }
        return rows.filter(**narrowed.get(data.get("only"), {}))


# ---------------------------------------------------------------- deposits


class AgreedForm(forms.Form):
    """What a contract says of its deposit."""

    clause = forms.CharField(label="合同条款", max_length=120, help_text="比如：第十八条。没有合同约定，不能收保证金。")
    holder = forms.CharField(label="由谁保管", max_length=60, help_text="比如：业委会、村居。")
    bank = forms.CharField(label="开户银行", max_length=60)
    account = forms.RegexField(
        label="账号", regex=r"^[0-9-]{4,40}$", error_messages={"invalid": "账号只写数字和短横线，至少 4 位。"}
    )
    beneficiary = forms.CharField(
        label="扣的钱归谁用", max_length=100, help_text="只能用于本小区维修或归公共收益，不进镇、站的账。"
    )
    price = Yuan(label="物业费单价（元／平方米·月）")
    area = forms.DecimalField(
        label="收费面积（平方米，不含车位）",
        max_digits=12,
        decimal_places=2,
        min_value=0,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )
    opening = Yuan(label="约定的开户额（元）", required=False, help_text="不填就按规则算：年物业费的一定比例。")

    def agreed(self) -> dict:
        """What was typed, in fen and 0.01 m², as `deposits.Agreed`."""
        data = dict(self.cleaned_data)
        price, area, opening = data.pop("price"), data.pop("area"), data.pop("opening")
        return data | {"price_fen": price, "area_centi": int(area * 100), "opening_fen": opening}


class DepositForm(AgreedForm):
    contract = forms.ModelChoiceField(Contract.objects.none(), label="合同", empty_label="选一份")
    field_order = ["contract"]

    def __init__(self, data=None, *, today, **kwargs):
        super().__init__(data, **kwargs)
        rows = Contract.objects.on(today).filter(deposit=None).select_related("community", "firm")
        self.fields["contract"].queryset = rows.order_by("community__pinyin")


class DepositAmendForm(AgreedForm):
    """The same, with a reason; what the opening was reckoned from stays once it is paid."""

    why = forms.CharField(label="为什么改", max_length=200)

    def __init__(self, data=None, *, deposit, **kwargs):
        said = {name: getattr(deposit, name) for name in ("clause", "holder", "bank", "account", "beneficiary")}
        said |= {"price": yuan(deposit.price_fen), "area": f"{deposit.area_centi / 100:.2f}"}
        super().__init__(data, initial=said | {"opening": yuan(deposit.opening_fen)}, **kwargs)
        if deposit.last_no:
            for name in ("price", "area", "opening"):
                self.fields[name].disabled = True
                self.fields[name].help_text = "开户以后不能再改。"
        else:
            self.fields["opening"].help_text = "清空就按单价和面积重新算。"


class EntryForm(forms.Form):
    """Money that came, goes back or is put right."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    kind = forms.ChoiceField(
        label="是什么",
        widget=forms.RadioSelect,
        choices=[
            (LineKind.OPEN, "开户"),
            (LineKind.REPLENISH, "补足"),
            (LineKind.RETURN, "退还"),
            (LineKind.ADJUST, "更正（多记、少记）"),
        ],
    )
    amount = forms.CharField(
        label="金额（元）",
        max_length=30,
        widget=forms.TextInput({"inputmode": "decimal"}),
        help_text="更正要减少的，前面写负号。",
    )
    on = Day(label="哪一天")
    text = forms.CharField(label="说明", max_length=200, required=False, help_text="更正必须写原因。")

    def clean_amount(self) -> int:
        from lib.money import parse_yuan

        try:
            return parse_yuan(self.cleaned_data["amount"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self):
        data = super().clean()
        if data.get("amount") is not None and data.get("kind") != LineKind.ADJUST and data["amount"] <= 0:
            self.add_error("amount", "金额要大于零。")
        return data


class WhyForm(forms.Form):
    why = forms.CharField(label="为什么退回", max_length=200)


class BankForm(forms.Form):
    """A bank's file of the deposits' account."""

    account = forms.ChoiceField(label="哪个账号")
    file = forms.FileField(label="银行对账单", help_text="xls、xlsx 或 CSV，银行网上下载的原样就行。")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        accounts = Deposit.objects.order_by("account").values_list("account", "bank").distinct()
        self.fields["account"].choices = [(account, f"{bank} {account}") for account, bank in accounts]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_UPLOAD:
            raise forms.ValidationError("文件太大，不能超过 10 MB。")
        return file


class BudgetForm(forms.Form):
    community = forms.ModelChoiceField(Community.objects.none(), label="小区", empty_label="选一个")
    party = forms.CharField(label="由谁出钱", max_length=60, help_text="合同的另一方，比如业委会、村居。")
    amount = Yuan(label="金额（元）")
    document = forms.CharField(label="依据", max_length=120)
    first_day = Day(label="从哪天起")
    last_day = Day(label="到哪天", required=False)

    def __init__(self, data=None, *, user, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["community"].queryset = Community.objects.visible_to(user).order_by("pinyin")


# ---------------------------------------------------------------- what follows


class TalkForm(forms.Form):
    held_on = Day(label="约谈日期")
    who = forms.CharField(label="企业来的人", max_length=60)
    record = forms.CharField(label="谈了什么、企业怎么答应的", max_length=500, widget=forms.Textarea)


class ExamineForm(forms.Form):
    text = forms.CharField(
        label="核实的结果", max_length=300, widget=forms.Textarea, help_text="比如听了企业怎么说、看了什么材料。"
    )


class ReportForm(forms.Form):
    on = Day(label="上报日期")
    document = forms.CharField(label="上报文号", max_length=60)


class DrawForm(forms.Form):
    month = forms.RegexField(r"^20\d\d-(0[1-9]|1[0-2])$", label="哪个月", widget=forms.TextInput({"type": "month"}))
    seed = forms.CharField(
        label="抽签种子",
        max_length=40,
        help_text="当场报一个数，比如今天的开奖号码；用同一个数，谁都能重抽出一样的结果。",
    )


class SpotForm(forms.Form):
    same = forms.TypedChoiceField(
        label="和原来一致吗",
        choices=[("yes", "一致"), ("no", "有差别")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    score = Points(label="抽查得分", required=False, help_text="抽的是一份考核、又有差别的，写上。")
    note = forms.CharField(label="看到了什么", max_length=500, widget=forms.Textarea)


class StarForm(forms.Form):
    """Points of the criteria that are rated by hand."""

    firm = forms.ModelChoiceField(Firm.objects.none(), label="企业", empty_label="选一家")
    year = forms.IntegerField(label="年份", min_value=2020, max_value=2099)
    note = forms.CharField(label="说明", max_length=300, required=False)

    def __init__(self, data=None, *, criteria, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["firm"].queryset = Firm.objects.filter(ended_on=None).order_by("pinyin")
        self.criteria = [row for row in criteria if row.source == "hand"]
        for row in self.criteria:
            field = forms.IntegerField(label=f"{row.name}（最多 {row.most} 分）", min_value=0, max_value=row.most)
            self.fields[f"c{row.pk}"] = field

    @property
    def by_hand(self) -> dict[int, int]:
        return {row.pk: self.cleaned_data.get(f"c{row.pk}") for row in self.criteria}


class HalfYearForm(forms.Form):
    year = forms.IntegerField(label="年份", min_value=2020, max_value=2099)
    half = forms.ChoiceField(label="哪半年", choices=[("1", "上半年"), ("7", "下半年")], widget=forms.RadioSelect)
