"""Celery: the application, its heartbeats, and the whole schedule on one screen."""

import os
import time

from celery import Celery, beat, bootsteps
from celery.schedules import crontab
from celery.signals import beat_init, before_task_publish, celeryd_init, worker_process_init

from config import garbage

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("linzhi")
app.conf.update(
    timezone="Asia/Shanghai",
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=200,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": 300},
    beat_scheduler="config.celery:Scheduler",
    beat_max_loop_interval=10,
)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    # every minute: what waits in a table is taken up even if its message was lost
    "photos-process": {"task": "inspections.tasks.process_photos", "schedule": 60},
    "complaint-photos": {"task": "complaints.tasks.process_photos", "schedule": 60},
    "complaint-clocks": {"task": "complaints.tasks.run_clocks", "schedule": 60},
    "complaints-settle": {"task": "complaints.tasks.settle_from_findings", "schedule": 60},
    "messages-send": {"task": "accounts.tasks.send_messages", "schedule": 60},
    "letters-make": {"task": "communities.tasks.make_letters", "schedule": 60},
    "letters-erase": {"task": "communities.tasks.erase_letters", "schedule": 60},
    "sheets-work": {"task": "communities.tasks.work_on_sheets", "schedule": 60},
    "notices-sweep": {"task": "inspections.tasks.sweep_notices", "schedule": 60},
    "fund-papers": {"task": "maintenance_fund.tasks.make_renewal_papers", "schedule": 60},
    "campaign-patrols": {"task": "campaigns.tasks.follow_patrols", "schedule": 60},
    "assessment-photos": {"task": "assessments.tasks.process_photos", "schedule": 60},
    # reminders look each quarter of an hour; their hours are rule rows, and each is sent once
    "patrol-reminders": {"task": "inspections.tasks.remind_patrols", "schedule": crontab(minute="*/15")},
    "patrol-summary": {"task": "inspections.tasks.summarise_week", "schedule": crontab(minute="*/15")},
    "complaint-reminders": {"task": "complaints.tasks.remind_complaints", "schedule": crontab(minute="*/15")},
    "score-reminders": {"task": "assessments.tasks.remind_scores", "schedule": crontab(minute="*/15")},
    "score-bookings": {"task": "assessments.tasks.book_scores", "schedule": crontab(minute="*/15")},
    "campaign-deadlines": {"task": "campaigns.tasks.sweep_deadlines", "schedule": crontab(minute="*/15")},
    # the fund: the day's value is published in the evening, the ledger proved at night
    "fund-heads": {"task": "maintenance_fund.tasks.publish_heads", "schedule": crontab(hour=23, minute=50)},
    "fund-proof": {"task": "maintenance_fund.tasks.prove_ledger", "schedule": crontab(hour=2, minute=30)},
    "fund-renewals": {"task": "maintenance_fund.tasks.settle_renewals", "schedule": crontab(minute="*/15")},
    "fund-reminders": {"task": "maintenance_fund.tasks.remind_renewals", "schedule": crontab(hour=8, minute=40)},
    # at night
    "fund-terms": {"task": "maintenance_fund.tasks.follow_calendar", "schedule": crontab(hour=0, minute=20)},
    "scores": {"task": "assessments.tasks.compute_scores", "schedule": crontab(hour=1, minute=20)},
    "assessment-photos-forget": {
        "task": "assessments.tasks.forget_loose_photos",
        "schedule": crontab(hour=3, minute=12),
    },
    "complaints-close": {"task": "complaints.tasks.close_unrated", "schedule": crontab(hour=0, minute=10)},
    "complaints-anonymise": {"task": "complaints.tasks.anonymise_contacts", "schedule": crontab(hour=3, minute=30)},
    "complaint-photos-forget": {"task": "complaints.tasks.forget_loose_photos", "schedule": crontab(hour=3, minute=15)},
    "patrol-terms": {"task": "inspections.tasks.extend_terms", "schedule": crontab(hour=0, minute=5)},
    "notice-terms": {"task": "inspections.tasks.follow_calendar", "schedule": crontab(hour=0, minute=15)},
    "photos-forget": {"task": "inspections.tasks.forget_loose_photos", "schedule": crontab(hour=3, minute=10)},
    "sheets-forget": {"task": "communities.tasks.forget_sheets", "schedule": crontab(hour=3, minute=15)},
    "sessions-clear": {"task": "accounts.tasks.clear_sessions", "schedule": crontab(hour=3, minute=20)},
    "accounts-settle": {"task": "communities.tasks.settle_accounts", "schedule": crontab(hour=0, minute=15)},
    "calendar-warn": {"task": "rulebook.tasks.warn_missing_year", "schedule": crontab(hour=9, minute=5)},
}


@worker_process_init.connect
def settle_garbage(**kwargs) -> None:
    garbage.settle()


# ---------------------------------------------------------------- heartbeats, read by config/health.py

BEAT_EVERY, BEAT_KEPT = 10, 120  # seconds


def alive(part: str) -> None:
    """Notes in the cache that this part's loop turned just now; a broker that is away is not its concern."""
    from django.core.cache import cache

    try:
        cache.set(f"alive:{part}", time.time(), BEAT_KEPT)
    except Exception as error:
        print(f"heartbeat of {part} not written: {error}", flush=True)


class Heartbeat(bootsteps.StartStopStep):
    """The worker's loop says every ten seconds that it turns."""

    requires = {"celery.worker.components:Timer"}

    def start(self, worker):
        alive("worker")
        worker.timer.call_repeatedly(BEAT_EVERY, alive, ("worker",))


app.steps["worker"].add(Heartbeat)


class Scheduler(beat.Scheduler):
    """Beat without a schedule file: nothing to corrupt, and each task decides by the database whether it is due."""

    said = 0.0

    def tick(self, *args, **kwargs):
        if time.monotonic() - self.said >= BEAT_EVERY:
            alive("beat")
            self.said = time.monotonic()
        return min(super().tick(*args, **kwargs), BEAT_EVERY)


@celeryd_init.connect
@beat_init.connect
@before_task_publish.connect
def start_engines(**kwargs) -> None:
    """A worker, a beat or a sender that nobody supervises starts the embedded servers it is configured for."""
    from django.conf import settings

    from config import embedded

    if settings.EMBEDDED or not settings.REDIS_URL:
        embedded.start_and_leave()
