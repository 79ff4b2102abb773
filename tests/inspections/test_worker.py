"""Photos through the real broker and a real worker: the message lost, the broker restarted, the task run twice."""

import shutil
import time

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from config.celery import app
from inspections import tasks
from inspections.models import PatrolPhoto
from tests import settings as of_tests
from tests import worker as real
from tests.inspections.phone import sent_photo
from tests.lib.photos import jpeg

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    broker = real.Broker(tmp_path_factory.mktemp("valkey"))
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture(scope="module")
def worker(broker, django_db_setup):
    """One for the module: it takes seconds to start."""
    worker = real.Worker(broker)
    yield worker
    worker.stop()


@pytest.fixture(autouse=True)
def running(transactional_db, broker, worker, settings):
    before = app.conf.broker_url
    settings.MEDIA_ROOT = of_tests.MEDIA_ROOT
    if broker.process is None:
        broker.start()
    if worker.process is None:
        worker.start()
    real.send_to(f"{broker.url}/{of_tests.number}")
    yield
    real.send_to(before)
    shutil.rmtree(of_tests.MEDIA_ROOT, ignore_errors=True)


def sent(cadre) -> PatrolPhoto:
    return sent_photo(cadre, data=jpeg(400, 300), now=timezone.now())


def is_ready(photo):
    return lambda: PatrolPhoto.objects.get(pk=photo.pk).state == "ready"


def test_a_photo_is_made_small_by_the_worker(cadre):
    photo = sent(cadre)
    real.until(is_ready(photo), "the photo is ready")
    real.until(lambda: not default_storage.exists(photo.original), "the original is gone")
    assert default_storage.exists(photo.picture) and default_storage.exists(photo.thumbnail)


def test_the_same_task_many_times_changes_nothing(cadre):
    photo = sent(cadre)
    for _ in range(5):
        tasks.process_photos.delay()
    real.until(is_ready(photo), "the photo is ready")
    made = default_storage.get_modified_time(photo.picture)
    tasks.process_photos.delay()
    tasks.process_photos()
    assert default_storage.get_modified_time(photo.picture) == made
    assert PatrolPhoto.objects.count() == 1


def test_the_broker_is_restarted_in_between(cadre, broker, worker):
    first = sent(cadre)
    real.until(is_ready(first), "the first photo is ready")
    broker.stop()
    begun = time.monotonic()
    second = sent(cadre)  # taken in all the same; only the message is lost
    assert time.monotonic() - begun < 5
    assert PatrolPhoto.objects.get(pk=second.pk).state == "received"
    broker.start()
    third = sent(cadre)  # its message reaches the worker, who has come back, and who takes up both
    for photo in (second, third):
        real.until(is_ready(photo), "the photo is ready")


def test_every_task_of_the_schedule_is_known_and_runs(cadre):
    own = {entry["task"] for entry in app.conf.beat_schedule.values() if entry["task"].startswith("inspections.")}
    assert own == {
        f"inspections.tasks.{name}"
        for name in (
            *("process_photos", "forget_loose_photos", "remind_patrols", "summarise_week", "extend_terms"),
            *("sweep_notices", "follow_calendar"),
        )
    }
    for name in own:
        app.tasks[name]()
        app.tasks[name]()
