"""One-time passwords: made here, shown once on a slip, worth 24 hours, stored only as a hash."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from . import sessions
from .models import User

WORTH = timedelta(hours=24)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without 0 O 1 l i, which a slip makes hard to tell apart
GROUPS, GROUP = 3, 4  # 12 letters of 31: 59 bits, for a day and behind the lockout


def one_time() -> str:
    """A password that a person can read from a slip and type: three groups of four, for instance ``k7mp-3xqa-9dwe``."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


@transaction.atomic
def give_one_time(*, user: User, now: datetime) -> str:
    """Gives an account a one-time password and ends its sign-ins; returns the password, which is kept nowhere.

    The person must choose a password of their own at the first sign-in, and confirm their phone before they vote
    online.
    """
    password = one_time()
    user.set_password(password)
    user.must_change_password = user.confirm_phone = True
    user.password_expires_at = now + WORTH
    user.save(update_fields=["password", "must_change_password", "confirm_phone", "password_expires_at"])
    sessions.end_all(user=user)
    return password


def change(*, user: User, password: str) -> None:
    """The person's own new password, already checked by the validators. Other sign-ins end by themselves, because a
    session is bound to the password."""
    user.set_password(password)
    user.must_change_password, user.password_expires_at = False, None
    user.save(update_fields=["password", "must_change_password", "password_expires_at"])


def slip_is_over(user: User, *, now: datetime) -> bool:
    """Whether the account's password came on a slip and its 24 hours are over."""
    return user.password_expires_at is not None and user.password_expires_at <= now
