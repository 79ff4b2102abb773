"""Contracts of firms, and who answers where there is none. The days of a contract decide the firm of a row's day."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from lib.periods import DAY, beijing_date

from . import days
from .models import Community, Contract, Firm, ServiceState


@transaction.atomic
def begin(
    *,
    community: Community,
    firm: Firm,
    kind: str,
    first_day: date,
    last_day: date | None = None,
    signed_on: date | None = None,
    open_items: str = Contract.OpenItems.STAYS,
    by: User,
    now: datetime,
) -> Contract:
    """A firm serves a community from a day on. One firm a community and day.

    Args:
        open_items: by the contract, who finishes what is open when it ends: this firm, or the next one.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: the days overlap another contract or have passed, or the firm is gone; by field.
    """
    days.locked(community)
    row = Contract(community=community, firm=firm, kind=kind, first_day=first_day, last_day=last_day)
    row.signed_on, row.open_items = signed_on, open_items
    check(row, by=by, today=beijing_date(now))
    row.save()
    return row


def check(contract: Contract, *, by: User, today: date) -> None:
    """Raises what `begin` raises, and writes nothing. A community's first contract may have begun long ago."""
    days.demand_registry(by, contract.community)
    contract.full_clean()
    if contract.firm.ended_on and (contract.last_day or date.max) > contract.firm.ended_on:
        raise ValidationError({"firm": f"{contract.firm}已于 {contract.firm.ended_on} 注销。"})
    if Contract.objects.filter(community=contract.community).exists():
        days.demand_days(by, changed_from=contract.first_day, today=today)


@transaction.atomic
def end(*, contract: Contract, last_day: date | None, by: User, now: datetime) -> None:
    """Sets the last day of a contract, or another one. The firm keeps seeing what was during its days.

    Raises:
        PermissionDenied, ValidationError: as `begin`.
    """
    contract.community = days.locked(contract.community)
    check_end(contract, last_day, by=by, today=beijing_date(now))
    contract.last_day = last_day
    contract.save(update_fields=["last_day"])


def check_end(row: Contract | ServiceState, last_day: date | None, *, by: User, today: date) -> None:
    """Raises what `end` raises, and writes nothing."""
    days.demand_registry(by, row.community)
    days.demand_end(row, last_day, by=by, today=today)
    kept, row.last_day = row.last_day, last_day
    try:
        row.full_clean()
    finally:
        row.last_day = kept


@transaction.atomic
def take_back(*, row: Contract | ServiceState, by: User, now: datetime) -> None:
    """Takes back a contract or service state that begins today or later.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: it has begun; then it can only end.
    """
    days.demand_registry(by, row.community)
    days.demand_not_begun(row, today=beijing_date(now))
    row.delete()


@transaction.atomic
def change_service(
    *, community: Community, kind: str, body: str = "", first_day: date, by: User, now: datetime
) -> ServiceState:
    """From a day on somebody else answers for the service: a firm, a self-governing group, the village committee.

    The state before ends the day before.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: the days overlap or have passed, or no body is named; by field.
    """
    days.locked(community)
    row = ServiceState(community=community, kind=kind, body=body, first_day=first_day)
    check_service(row, by=by, today=beijing_date(now))
    if before := _before(row):
        end_service(state=before, last_day=first_day - DAY, by=by, now=now)
    row.full_clean()
    row.save()
    return row


def _before(row: ServiceState) -> ServiceState | None:
    """The state that the new one ends."""
    held = ServiceState.objects.on(row.first_day).filter(community=row.community, first_day__lt=row.first_day)
    return held.first()


def check_service(state: ServiceState, *, by: User, today: date) -> None:
    """Raises what `change_service` raises, and writes nothing."""
    days.demand_registry(by, state.community)
    state.full_clean(validate_constraints=_before(state) is None)
    if state.kind != ServiceState.Kind.FIRM and not state.body:
        raise ValidationError({"body": "写上自治小组或代管村居的名称。"})
    if ServiceState.objects.filter(community=state.community).exists():
        days.demand_days(by, changed_from=state.first_day, today=today)


@transaction.atomic
def end_service(*, state: ServiceState, last_day: date | None, by: User, now: datetime) -> None:
    """Sets the last day of a service state.

    Raises:
        PermissionDenied, ValidationError: as `change_service`.
    """
    state.community = days.locked(state.community)
    check_end(state, last_day, by=by, today=beijing_date(now))
    state.last_day = last_day
    state.save(update_fields=["last_day"])
