"""Photos are made smaller while the workers die: each is whole in the end, and no original is left.

.venv/bin/python -m bench.faults.photos [photos, 120] [kills, 20]

Two of Celery's workers are real; kill -9 befalls both in whatever they do, as soon as another photo is ready.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import suppress
from pathlib import Path

from bench import database

PHOTOS = int(sys.argv[1]) if len(sys.argv) > 1 else 120
KILLS = int(sys.argv[2]) if len(sys.argv) > 2 else 20
ROOT, WORKERS, LIMIT = Path(__file__).resolve().parents[2], 2, 300


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MEDIA_ROOT"] = str(Path(folder) / "media")
        database.use("dying_photos", anew=True)
        from tests.worker import Broker, send_to

        broker = Broker(Path(folder))
        broker.start()
        send_to(broker.url)
        try:
            take_in()
            kills = play(broker.url, Path(folder))
        finally:
            broker.stop()
        report(kills)


def take_in() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.utils import timezone

    from bench import town
    from inspections import photos
    from tests.lib.photos import jpeg

    [cadre], picture = town.make_people("cadre", town.Role.CADRE, 1), jpeg(3000, 2250)
    for _ in range(PHOTOS):
        file = SimpleUploadedFile("a.jpg", picture, "image/jpeg")
        say = {"kind": "problem", "taken_on": None, "sha256": "", "by": cadre, "now": timezone.now()}
        photos.receive(file=file, client_id=uuid.uuid4(), **say)


def play(broker: str, folder: Path) -> int:
    """Kills the workers each time that another photo is ready, then lets new ones finish; returns how often."""
    kills, end = 0, time.monotonic() + LIMIT
    workers = start_workers(broker, folder)
    try:
        while kills < KILLS and left() and time.monotonic() < end:
            until_fewer(end)
            kill(workers)
            kills += 1
            workers = start_workers(broker, folder)
        while left() and time.monotonic() < end:
            wake()
            time.sleep(1)
    finally:
        kill(workers)
    return kills


def left() -> int:
    from inspections.models import PatrolPhoto

    return PatrolPhoto.objects.filter(original_kept=True).count()


def until_fewer(end: float) -> None:
    before = left()
    while left() >= before and time.monotonic() < end:
        wake()
        time.sleep(0.02)


def wake() -> None:
    """As beat does each minute."""
    from inspections.tasks import process_photos

    process_photos.apply_async(retry=False)


def start_workers(broker: str, folder: Path) -> list[subprocess.Popen]:
    command = [sys.executable, "-m", "celery", "-q", "-A", "config", "worker", "-c", "1", "-P", "solo"]
    own = {"REDIS_URL": broker, "LINZHI_SUPERVISED": "1"}
    with (folder / "workers.log").open("a") as log:
        return [
            subprocess.Popen(
                [*command, "-n", f"photos{number}@%h", "--without-gossip", "--without-mingle"],
                cwd=ROOT,
                env=os.environ | own,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            for number in range(WORKERS)
        ]


def kill(workers: list[subprocess.Popen]) -> None:
    for worker in workers:
        with suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def report(kills: int) -> None:
    from django.conf import settings

    from inspections.models import PatrolPhoto

    rows, root = list(PatrolPhoto.objects.all()), Path(settings.MEDIA_ROOT)
    whole = [row for row in rows if row.is_ready and _opens(root / row.picture) and _opens(root / row.thumbnail)]
    known = {root / name for row in rows for name in (row.picture, row.thumbnail)}
    over = [path for path in root.rglob("*") if path.is_file() and path not in known]
    print(f"{len(rows)} photos, workers killed {kills} ×: {len(whole)} whole, {len(over)} too many, {left()} waiting")
    sys.exit(bool(len(whole) < PHOTOS or over or left()))


def _opens(path: Path) -> bool:
    from PIL import Image

    try:
        with Image.open(path) as picture:
            picture.load()
        return True
    except OSError:
        return False


if __name__ == "__main__":
    main()
