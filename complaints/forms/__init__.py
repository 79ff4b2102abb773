"""What people type about complaints."""

from .resident import (
    AddForm,
    BoxForm,
    CheckForm,
    ContactForm,
    LookupForm,
    PhotoForm,
    RateForm,
    WaitedForm,
    WhatForm,
    WithdrawForm,
)

__all__ = [
    "AddForm",
    "BoxForm",
    "CheckForm",
    "ContactForm",
    "LookupForm",
    "PhotoForm",
    "RateForm",
    "WaitedForm",
    "WhatForm",
    "WithdrawForm",
]
