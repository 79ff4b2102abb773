"""What the inboxes hold: the reminders and summaries of the last weeks, written by what writes them every day."""

from datetime import timedelta

from accounts.models import Message
from inspections import reminders
from portal.demo.draft import Draft

WEEKS = 4
A_MOMENT = timedelta(minutes=1)


def make(draft: Draft) -> None:
    """Lets the last weeks' reminders and summaries be written, and the older ones be read."""
    for week in draft.weeks[-WEEKS:]:
        moments = [*reminders.reminder_hours(week), reminders.next_working_time(week.start)]
        for moment in sorted(moment + A_MOMENT for moment in moments if moment + A_MOMENT <= draft.now):
            reminders.remind(now=moment)
            reminders.summarise(now=moment)
    read = Message.objects.filter(due__lt=draft.this_week.start)
    read.update(read_at=draft.this_week.start)
