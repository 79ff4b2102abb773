"""A person's request for their own data."""

from ..models import DataRequest
from .fields import choice, words
from .resident import PhoneField, Step


class RequestForm(Step):
    kind = choice("要什么", DataRequest.Kind)
    phone = PhoneField(label="登记投诉的电话", max_length=30, error_messages={"required": "写上登记投诉时的电话。"})
    verified = words("怎么核对的本人", 100, needs="写上怎么核对的本人，比如 看了身份证、回拨了登记的电话。")


class OutcomeForm(Step):
    outcome = words("不能办的原因", 300, rows=2, help_text="空着就是照办。")
