"""A patrol with six photos of 12 million pixels, as they come where no browser shrank them: each request, then the
worker's part. Beside the least that takes in such a file: read, fingerprint, write.

.venv/bin/python -m bench.six_photos
"""

import hashlib
import shutil
import tempfile
import time
import uuid
from pathlib import Path

from bench import database
from bench.lists import fill

PHOTOS, REQUEST_LIMIT, WORKER_LIMIT, ROUNDS = 6, 0.1, 1.0, 5


def main() -> None:
    database.use("town", fill)
    from django.conf import settings

    from bench.measure import ms
    from inspections import photos
    from tests.lib.photos import jpeg

    settings.MEDIA_ROOT = tempfile.mkdtemp(prefix="media", dir=settings.MEDIA_ROOT.parent)
    picture = jpeg(4000, 3000)
    patrol_with(picture, photos.process_waiting)  # what a fresh process loads once
    rounds = [patrol_with(picture, photos.process_waiting) for _ in range(ROUNDS)]
    least = min(taken_in(picture, Path(settings.MEDIA_ROOT) / "reference") for _ in range(PHOTOS))
    upload, submit, worker = (min(column) for column in zip(*rounds, strict=True))
    slowest = max(taken for taken, _, _ in rounds)
    print(f"photo of {len(picture) // 1000} KB; read, fingerprint, write: {ms(least)}")
    print(f"upload  {ms(upload):>8} = {upload / least:.1f} × that, slowest {ms(slowest)}; limit {ms(REQUEST_LIMIT)}")
    print(f"submit  {ms(submit):>8}; limit {ms(REQUEST_LIMIT)}")
    print(f"worker  {ms(worker):>8} of CPU for {PHOTOS}; limit {ms(WORKER_LIMIT)}")
    shutil.rmtree(settings.MEDIA_ROOT)


def patrol_with(picture: bytes, process) -> tuple[float, float, float]:
    """Seconds of the slowest upload, of the submit, and of the worker's CPU."""
    from bench.requests import Browser

    browser = Browser("cadre7")
    names = [uuid.uuid4() for _ in range(PHOTOS)]
    uploads = [clock(browser.post("/patrols/photos/", _photo(name, picture), 200)) for name in names]
    community = browser.user.duties.get().community_id
    submit = clock(browser.post(f"/patrols/new/?c={community}", _sheet(names), 302))
    start = time.process_time()
    while process():
        pass
    return max(uploads), submit, time.process_time() - start


def clock(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _photo(name: uuid.UUID, picture: bytes) -> dict:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return {
        "client_id": str(name),
        "sha256": hashlib.sha256(picture).hexdigest(),
        "file": SimpleUploadedFile("photo.jpg", picture, "image/jpeg"),
    }


def _sheet(names: list[uuid.UUID]) -> dict:
    from tests.inspections.phone import item, sheet

    problem = {
        "category": "pile",
        "client_id": str(uuid.uuid4()),
        "item": item("PIL1").pk,
        "text": "3幢1单元楼道堆纸箱",
        "handling": "notice",
        "photos": ",".join(map(str, names)),
    }
    from django.utils import timezone

    return sheet(problem, occurred_on=timezone.localdate().isoformat())


def taken_in(picture: bytes, folder: Path) -> float:
    """The least: what came is read, its fingerprint made, and it is written."""
    import io

    folder.mkdir(exist_ok=True)
    start = time.perf_counter()
    data = io.BytesIO(picture).read()
    (folder / hashlib.sha256(data).hexdigest()).write_bytes(data)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
