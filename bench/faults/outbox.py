"""What was promised to be told is told, once: rows in the outbox while workers are killed, the broker restarts and the
mail server refuses.

.venv/bin/python -m bench.faults.outbox [rows, 1000] [faults, 30]

Celery's worker and the broker are real, the mail server stands here. Ten minutes after a worker died its message is
taken up again; the bench lets those ten minutes pass by moving ``next_try`` while no worker runs. "Delivered twice"
is a mail whose Message-ID the server had taken before its worker died: the server drops it by that number.
"""

import os
import random
import signal
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from bench import database

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
FAULTS = int(sys.argv[2]) if len(sys.argv) > 2 else 30
ROOT, LIMIT, SEED = Path(__file__).resolve().parents[2], 300, 20261123
WORKERS = 2
PAUSE = FAULTS * WORKERS / ROWS / 2  # so slow a mail server that there is something to send until the last fault


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mail, counts each Message-ID, and refuses while ``refusing``."""

    daemon_threads = allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken, self.refusing, self.lock = Counter(), False, threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs."""

    def handle(self) -> None:
        with suppress(OSError):
            self._say("220 bench")
            while line := self.rfile.readline():
                word = line[:4].upper().strip()
                if word == b"DATA":
                    self._say("354 go on")
                    self._say(self._take())
                elif word == b"QUIT":
                    self._say("221 bye")
                    break
                else:
                    self._say("250 ok")

    def _take(self) -> str:
        lines = list(iter(self.rfile.readline, b".\r\n"))
        if b"" in lines:
            raise OSError("the client is gone")
        time.sleep(PAUSE)
        if self.server.refusing:
            return "451 later"
        number = next(line for line in lines if line.lower().startswith(b"message-id:"))
        with self.server.lock:
            self.server.taken[number] += 1
        return "250 taken"

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


def fill() -> None:
    from django.utils import timezone

    from accounts.models import Address, User
    from bench import town

    people = town.make_people("reader", town.Role.RESIDENT, ROWS)
    for number, person in enumerate(people):
        person.email = Address(kind="email", value=f"reader{number}@example.org", confirmed_at=timezone.now())
    Address.objects.bulk_create(person.email for person in people)
    User.objects.bulk_update(people, ["email"], batch_size=1000)


def main() -> None:
    mail = MailServer()
    os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{mail.server_address[1]}"
    database.use("outbox", fill, anew=True)
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(mail, Path(folder))
        try:
            scene.play(random.Random(SEED))
        finally:
            scene.end()
        report(mail, scene)


class Scene:
    """A broker, two workers, and what befalls them."""

    def __init__(self, mail: MailServer, folder: Path):
        from tests.worker import Broker, send_to

        self.mail, self.folder, self.faults = mail, folder, Counter()
        self.broker, self.workers = Broker(folder), []
        self.broker.start()
        send_to(self.broker.url)

    def play(self, chance: random.Random) -> None:
        promise()
        self._start_workers()
        kinds = [self.kill, self.restart_broker, self.refuse]
        for number in range(FAULTS):
            self._wake()
            time.sleep(chance.uniform(0.3, 1.5))
            kinds[number % 3]()
        self.left = waiting()
        self._settle()

    def kill(self) -> None:
        """kill -9 of both workers in whatever they do; ten minutes later their messages are free."""
        self.faults["workers killed"] += 1
        self._stop_workers(signal.SIGKILL)
        let_time_pass("sending")
        self._start_workers()

    def restart_broker(self) -> None:
        self.faults["broker restarted"] += 1
        self.broker.stop()
        time.sleep(0.5)
        self.broker.start()

    def refuse(self) -> None:
        self.faults["mail refused"] += 1
        self.mail.refusing = True
        self._wake()
        time.sleep(1)
        self.mail.refusing = False

    def _settle(self) -> None:
        """No more faults: everything goes out."""
        end = time.monotonic() + LIMIT
        while waiting() and time.monotonic() < end:
            self._stop_workers(signal.SIGTERM)
            let_time_pass("sending", "waiting")
            self._start_workers()
            last, now = None, waiting()
            while now and now != last:
                self._wake()
                time.sleep(2)
                last, now = now, waiting()

    def end(self) -> None:
        self._stop_workers(signal.SIGKILL)
        self.broker.stop()

    def _wake(self) -> None:
        """As beat does; a broker that is away is tried again at the next minute."""
        from kombu.exceptions import OperationalError

        from accounts.tasks import send_messages

        with suppress(OperationalError, ConnectionError):
            for _ in range(WORKERS):
                send_messages.apply_async(retry=False)

    def _start_workers(self) -> None:
        command = [sys.executable, "-m", "celery", "-q", "-A", "config", "worker", "-c", "1", "-P", "solo"]
        own = {"REDIS_URL": self.broker.url, "LINZHI_SUPERVISED": "1"}
        with (self.folder / "workers.log").open("a") as log:
            self.workers = [
                subprocess.Popen(
                    [*command, "-n", f"bench{n}@%h", "--without-gossip", "--without-mingle"],
                    cwd=ROOT,
                    env=os.environ | own,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
                for n in range(WORKERS)
            ]

    def _stop_workers(self, how: int) -> None:
        for worker in self.workers:
            with suppress(ProcessLookupError):
                os.killpg(worker.pid, how)
        for worker in self.workers:
            try:
                worker.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(worker.pid, signal.SIGKILL)
                worker.wait()
        self.workers = []


def promise() -> None:
    """One message for each reader, told twice, as a task that runs twice would."""
    from django.utils import timezone

    from accounts import notifications

    now = timezone.now()
    for _ in range(2):
        about = ("accounts.message", "bench")
        notifications.tell_many(notifications.row(one, "messages-failed", about=about, due=now) for one in people())


def people():
    from accounts.models import User

    return User.objects.filter(username__startswith="reader")


def waiting() -> int:
    from accounts.models import Message

    return Message.objects.filter(channel="email", state__in=["waiting", "sending"]).count()


def let_time_pass(*states: str) -> None:
    """Claims of dead workers are free after ten minutes; what was refused is due again later, and a line that was down
    is tried again. No worker runs now."""
    from django.utils import timezone

    from accounts.models import Line, Message

    Line.objects.down().update(next_probe=timezone.now())
    Message.objects.filter(state__in=states).update(next_try=timezone.now())


def report(mail: MailServer, scene: Scene) -> None:
    from accounts.models import Message

    states = Counter(Message.objects.filter(channel="email").values_list("state", flat=True))
    inbox = Message.objects.filter(channel="inbox").count()
    again = sum(mail.taken.values()) - len(mail.taken)
    lost = ROWS - len(mail.taken)
    faults = ", ".join(f"{number} × {kind}" for kind, number in scene.faults.items())
    print(f"{ROWS} rows; {faults}; {scene.left} still waited at the last fault")
    print(f"states {dict(states)}, inbox {inbox}; delivered twice under one Message-ID: {again}")
    doubled = max(0, len(mail.taken) - ROWS) + max(0, inbox - ROWS)
    print(f"{lost} lost, {doubled} doubled")
    sys.exit(bool(lost or doubled or states != {"sent": ROWS}))


if __name__ == "__main__":
    main()
