"""A patrol with two photos on its way to the office, cut at every step, and sent again as the phone does: one record.

.venv/bin/python -m bench.faults.uploads

Server side: the process of a real server is killed (kill -9) at each statement of a photo's request and of the
record's, and when all is written and nothing answered yet. Phone side: the connection breaks after each tenth of what
is sent, and after everything was sent before the answer is read. After each cut the whole is sent again from the
beginning, under the same numbers.
"""

import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from bench import database

ROOT, TENTHS, MOST_STATEMENTS = Path(__file__).resolve().parents[2], 10, 400
PHOTO, RECORD, TOKEN = "/patrols/photos/", "/patrols/queue/patrol/", "/account/token/"


class Cut(Exception):
    """No answer came."""


class Phone:
    """What one phone has to send, and how it sends: fields and bytes are the same each time."""

    def __init__(self, port: int, cookie: str, token: str, community: int, picture: bytes):
        self.port, self.cookie, self.token = port, cookie, token
        self.community, self.picture = community, picture
        self.record, self.photos = uuid.uuid4(), [uuid.uuid4(), uuid.uuid4()]
        self.sha256 = hashlib.sha256(picture).hexdigest()

    def send_all(self) -> str:
        """Photos one by one, then the record; returns its number."""
        for photo in self.photos:
            status, said = self.send_photo(photo)
            assert status == 200, said
        status, said = self.send_record()
        assert status == 200, said
        return re.search(r'"number": "([^"]+)"', said).group(1)

    def send_photo(self, photo: uuid.UUID, **cut) -> tuple[int, str]:
        fields = {"patrol": self.record, "kind": "problem", "client_id": photo, "sha256": self.sha256}
        return self._post(PHOTO, fields, **cut, file=self.picture)

    def send_record(self, **cut) -> tuple[int, str]:
        return self._post(RECORD, self._sheet(), **cut)

    def _sheet(self) -> dict:
        from django.utils import timezone

        from tests.inspections.phone import posted_finding, sheet

        ids = ",".join(map(str, self.photos))
        client_id = str(uuid.uuid5(self.record, "finding"))
        now, found = timezone.now(), posted_finding(photos=ids, client_id=client_id)
        manifest = "{" + ",".join(f'"{photo}":"{self.sha256}"' for photo in self.photos) + "}"
        day = timezone.localdate(now).isoformat()
        more = {"c": self.community, "written_at": now.isoformat(), "sent_at": now.isoformat(), "manifest": manifest}
        return sheet(found, client_id=self.record, occurred_on=day) | more

    def _post(self, path: str, fields: dict, *, die_at: str = "", cut_at: float = 0, file: bytes = b""):
        """Status and words of the answer; Cut where there was none. ``cut_at``: the part of it that is sent."""
        kind, body = _encoded({**fields, "csrfmiddlewaretoken": self.token}, file)
        headers = {"Cookie": self.cookie, "Content-Type": kind, "Accept": "application/json"}
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
            if not cut_at:
                return _asked(line, "POST", path, body, headers | ({"X-Die-At": die_at} if die_at else {}))
            line.putrequest("POST", path)
            for name, value in {**headers, "Content-Length": len(body)}.items():
                line.putheader(name, value)
            line.endheaders()
            line.send(body[: round(len(body) * cut_at)])
        raise Cut


def _asked(line: HTTPConnection, method: str, path: str, body: bytes, headers: dict) -> tuple[int, str]:
    try:
        line.request(method, path, body or None, headers)
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, HTTPException) as error:
        raise Cut from error


def _encoded(fields: dict, file: bytes) -> tuple[str, bytes]:
    if not file:
        return "application/x-www-form-urlencoded", urlencode(fields).encode()
    mark, parts = "linzhi", []
    for name, value in fields.items():
        parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    head = (
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    )
    return f"multipart/form-data; boundary={mark}", b"".join(
        [*parts, head.encode(), file, f"\r\n--{mark}--\r\n".encode()]
    )


# ---------------------------------------------------------------- the server


def start_server(folder: Path, port: int) -> subprocess.Popen:
    """As script/server starts it, with one process that another replaces when it dies."""
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi",
        "-k",
        "gthread",
        "-w",
        "1",
        "--threads",
        "4",
        "--preload",
    ]
    own = {"DJANGO_SETTINGS_MODULE": "bench.faults.dying_settings", "BENCH_DEATHS": str(folder / "deaths")}
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [*command, "-b", f"127.0.0.1:{port}", "--no-control-socket"],
            cwd=ROOT,
            env=os.environ | own | {"LINZHI_SUPERVISED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    end = time.monotonic() + 120
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return process
        time.sleep(0.1)
    raise SystemExit((folder / "server.log").read_text())


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


# ---------------------------------------------------------------- the scene


def fill() -> None:
    from bench import town

    people, places = town.make_people("cadre", town.Role.CADRE, 1), town.make_places(1)
    town.PatrolDuty.objects.create(user=people[0], community=places[0], first_day=town.LONG_AGO)


def signed_in() -> dict[str, str]:
    """The cookies and the token of the cadre's phone."""
    from django.test import Client

    from accounts import sessions
    from accounts.models import User

    client = Client()
    client.force_login(User.objects.get(username="cadre1"), backend=sessions.BACKEND)
    token = client.get(TOKEN).json()["csrf"]
    return {"cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()), "token": token}


def cuts():
    """Each cut as (which request, how), those of the server until the request outlives its last statement."""
    for request in ("photo", "record"):
        for tenth in range(1, TENTHS + 1):
            yield request, {"cut_at": tenth / TENTHS}
        yield request, {"die_at": "after"}
        for statement in range(1, MOST_STATEMENTS):
            if (yield request, {"die_at": str(statement)}):
                break


def main() -> None:
    database.use("uploads", fill, anew=True)
    from communities.models import Community
    from tests.lib.photos import jpeg

    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        server = start_server(Path(folder), port)
        try:
            say = signed_in() | {"community": Community.objects.get().pk, "picture": jpeg(1600, 1200)}
            wrong, done = play(lambda: Phone(port, **say))
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        deaths = len((Path(folder) / "deaths").read_text())
    print(", ".join(f"{number} × {name}" for name, number in done.items()) + f"; the server died {deaths} ×")
    for words in wrong:
        print(words)
    print(f"{len(wrong)} wrong")
    sys.exit(bool(wrong))


def play(new_phone) -> tuple[list[str], Counter]:
    wrong, done, steps, outlived = [], Counter(), cuts(), None
    while True:
        try:
            request, cut = steps.send(outlived)
        except StopIteration:
            return wrong, done
        phone, outlived = new_phone(), False
        try:
            if request == "record":
                for photo in phone.photos:
                    phone.send_photo(photo)
                phone.send_record(**cut)
            else:
                phone.send_photo(phone.photos[0], **cut)
            outlived = True
        except Cut:
            side = "phone" if "cut_at" in cut else "server"
            done[f"{request} cut at the {side}"] += 1
        if fault := fault_of(phone):
            wrong.append(f"{request} {cut}: {fault}")


def fault_of(phone: Phone) -> str:
    """Sends all again, two times, and looks at what there is."""
    from inspections.models import Finding, Patrol, PatrolPhoto

    numbers = {phone.send_all() for _ in range(2)}
    patrols = Patrol.objects.filter(client_id=phone.record)
    findings = Finding.objects.filter(patrol__in=patrols)
    photos = PatrolPhoto.objects.filter(client_id__in=phone.photos)
    bound = photos.filter(finding__in=findings).count()
    whole = [photo for photo in photos if _is_whole(photo, phone.picture)]
    seen = len(numbers), patrols.count(), findings.count(), photos.count(), bound, len(whole)
    return "" if seen == (1, 1, 1, 2, 2, 2) else f"numbers, patrols, findings, photos, bound, whole: {seen}"


def _is_whole(photo, picture: bytes) -> bool:
    from django.conf import settings

    path = Path(settings.MEDIA_ROOT) / photo.original
    return path.exists() and path.read_bytes() == picture


if __name__ == "__main__":
    main()
