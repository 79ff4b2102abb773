"""What a firm reports once a month."""

from collections.abc import Sequence

from django import forms

from lib.periods import Month

from .fields import MonthField, YuanField, day_field, text_field


class FeeForm(forms.Form):
    use_required_attribute = False

    month = MonthField("月份")
    due_fen = YuanField("应收（元）", help_text="这个月该收的物业费总数。")
    received_fen = YuanField("实收（元）", help_text="其中已经收到的总数，不写是谁交的。")

    def __init__(self, *args, months: Sequence[Month], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["month"].offer(months)


class SupervisedForm(forms.Form):
    use_required_attribute = False

    bank = text_field("开户银行", 60, needs="写上开户银行。")
    tail = text_field("账号后四位", 4, needs="写账号的最后四位数字。", help_text="不写全号。")
    first_day = day_field("从哪天起")


class AccountMonthForm(forms.Form):
    use_required_attribute = False

    month = MonthField("月份")
    opening_fen = YuanField("期初（元）", required=False, help_text="头一个月才写；以后接着上个月的期末。")
    income_fen = YuanField("收入（元）")
    expense_fen = YuanField("支出（元）")
    what = text_field("主要收支", 200, help_text="公开的，写用在哪里，不写个人。", rows=2)

    def __init__(self, *args, months: Sequence[Month], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["month"].offer(months)
