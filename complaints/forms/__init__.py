"""What people type about complaints."""

from .resident import (
    AddForm,
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
    "CheckForm",
    "ContactForm",
    "LookupForm",
    "PhotoForm",
    "RateForm",
    "WaitedForm",
    "WhatForm",
    "WithdrawForm",
]
