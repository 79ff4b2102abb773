"""A letter to the mailbox, and its answer."""

from uuid import uuid4

from django import forms

from ..models import MailboxLetter
from .fields import words
from .resident import Step


class LetterForm(Step):
    """What somebody wants to know, and where the answer goes."""

    text = words("想问什么", 1000, needs="写一句想问什么。", rows=4)
    email = forms.EmailField(
        label="您的邮箱",
        help_text="答复发到这里，不公开。",
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "required": "写上邮箱，答复发到那里。",
            "invalid": "邮箱写得不对，比如 name@example.com。",
        },
    )
    may_publish = forms.BooleanField(
        label="问和答可以公开", required=False, help_text="公开前由我们重写，不带您的信息。"
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["client_id"].initial = uuid4

    def clean_client_id(self):
        return self.cleaned_data["client_id"] or uuid4()


class LetterAnswerForm(Step):
    text = words("答复", 2000, needs="写上答复。", rows=6)
    question = words("公开时的问题", 300, rows=2, help_text="来信人同意公开的，用自己的话重写一遍；空着就不公开。")

    def __init__(self, *args, letter: MailboxLetter, **kwargs):
        super().__init__(*args, **kwargs)
        if not letter.may_publish:
            del self.fields["question"]
