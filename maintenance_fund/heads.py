"""The day's published value: whoever keeps it can prove later that nothing before it was changed (RELIABILITY)."""

from django.db import connection

from .models import DayHead, PublishedHead


def publish() -> DayHead:
    """Publishes today's value over the heads of all books; of a day that has one, that one. Run each evening."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT maintenance_fund_publish_heads(maintenance_fund_today())")
        (made,) = cursor.fetchone()
    return DayHead.objects.get(pk=made)


def latest() -> DayHead | None:
    """The value that was published last."""
    return DayHead.objects.order_by("-day").first()


def latest_of(community: int) -> PublishedHead | None:
    """What was published last of one community's chain, with the day's value."""
    rows = PublishedHead.objects.filter(community=community).select_related("day_head")
    return rows.order_by("-day_head__day").first()
