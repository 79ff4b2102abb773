"""Six phone photos of 12 million pixels: CPU seconds of the worker's part, beside plain Pillow in the same run.

.venv/bin/python -m bench.photos
"""

import io
import time

from PIL import Image, ImageOps

from lib.pictures import shrink
from tests.lib.photos import jpeg

PHOTOS = 6


def naive(data: bytes) -> None:
    """What one writes first: decode in full, turn, shrink, twice."""
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    for size in (1600, 400):
        small = image.resize((size, size * image.height // image.width), Image.Resampling.LANCZOS)
        small.save(io.BytesIO(), "JPEG", quality=80)


def reference(data: bytes) -> None:
    """The least that makes the same two pictures: decode at the exact scale."""
    image = Image.open(io.BytesIO(data))
    image.draft(None, (1600, 1200))
    image = image.resize((1600, 1200), Image.Resampling.LANCZOS)
    image.save(io.BytesIO(), "JPEG", quality=80)
    image.resize((400, 300), reducing_gap=2).save(io.BytesIO(), "JPEG", quality=76)


def cpu(work, photos: list[bytes]) -> float:
    work(photos[0])
    start = time.process_time()
    for photo in photos:
        work(photo)
    return time.process_time() - start


def main() -> None:
    photos = [jpeg(4000, 3000)] * PHOTOS
    seconds = {work.__name__: cpu(work, photos) for work in (naive, reference, shrink)}
    print("  ".join(f"{name} {took:.2f} s" for name, took in seconds.items()))
    print(f"shrink is {seconds['shrink'] / seconds['reference']:.2f} × the reference; limit 1.0 s of CPU for {PHOTOS}")


if __name__ == "__main__":
    main()
