"""What was promised to be told is told, once: e-mails and text messages in the outbox while workers are killed, the
broker restarts, and mail server and gateway refuse, answer slowly, answer twice, or die when they have taken a letter.

.venv/bin/python -m bench.faults.outbox [rows, 1000] [faults, 50]

Celery's worker and the broker are real, mail server and gateway stand in post_offices.py. Ten minutes after a worker
died its message is taken up again; the bench lets those ten minutes pass by moving ``next_try`` while no worker runs.

An e-mail "delivered twice" comes twice under one Message-ID, by which mail servers drop the second. A text message may
be repeated once where nobody knows whether it was taken, and each such repeat must stand in the record of deliveries.
A text message whose worker died twice, or whose gateway did, is not sent a third time: it stands in the inbox, and the
office is told.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from bench import database
from bench.faults.post_offices import MAIL_MOODS, SMS_MOODS, Gateway, MailServer, Temper

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
FAULTS = int(sys.argv[2]) if len(sys.argv) > 2 else 50
ROOT, LIMIT, SEED = Path(__file__).resolve().parents[2], 600, 20261123
WORKERS, KIND = 2, "messages-failed"
READERS = ROWS // 2  # each has an e-mail and a text message to get
ROUGH = max(6, FAULTS // 10)  # faults of workers and broker; the others are moods of mail server and gateway
MOODS = (FAULTS - ROUGH) // 2
PAUSE = ROUGH * WORKERS / ROWS / 2  # so slow are the servers that there is something to send until the last fault


def fill() -> None:
    from django.utils import timezone

    from accounts.models import Address, Choice, User
    from bench import town

    people, now = town.make_people("reader", town.Role.RESIDENT, READERS), timezone.now()
    for number, person in enumerate(people):
        person.email = Address(kind="email", value=f"reader{number}@example.org", confirmed_at=now)
        person.mobile = Address(kind="phone", value=f"199{number:08}", confirmed_at=now)
    Address.objects.bulk_create(address for person in people for address in (person.email, person.mobile))
    User.objects.bulk_update(people, ["email", "mobile"], batch_size=1000)
    Choice.objects.bulk_create(Choice(user=person, kind=KIND, channel="sms", wanted=True) for person in people)


def main() -> None:
    chance = min(1.0, 3 * MOODS / READERS)
    mail = MailServer(Temper("mail", MAIL_MOODS, MOODS, chance, SEED), PAUSE)
    gateway = Gateway(Temper("text", SMS_MOODS, FAULTS - ROUGH - MOODS, chance, SEED + 1), PAUSE)
    os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{mail.server_address[1]}"
    os.environ["SMS_URL"] = f"http://127.0.0.1:{gateway.server_address[1]}/"
    database.use("outbox", fill, anew=True)
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene([mail, gateway], Path(folder))
        try:
            scene.play(random.Random(SEED))
        finally:
            scene.end()
        report(mail, gateway, scene)


class Scene:
    """A broker, two workers, and what befalls them."""

    def __init__(self, offices: list[MailServer | Gateway], folder: Path):
        from tests.worker import Broker, send_to

        self.offices, self.folder, self.faults = offices, folder, Counter()
        self.broker, self.workers = Broker(folder), []
        self.broker.start()
        send_to(self.broker.url)

    def play(self, chance: random.Random) -> None:
        promise()
        self._start_workers()
        kinds = [self.kill, self.restart_broker, self.refuse]
        for number in range(ROUGH):
            self._until_moving()
            time.sleep(chance.uniform(0, 0.5))
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
        """Mail server and gateway refuse everything for a second."""
        self.faults["all refused"] += 1
        for office in self.offices:
            office.refusing = True
        self._wake()
        time.sleep(1)
        for office in self.offices:
            office.refusing = False

    def _settle(self) -> None:
        """No more faults: everything goes out."""
        self._stop_workers(signal.SIGTERM)
        let_time_pass("sending", "waiting")
        self._start_workers()
        end = time.monotonic() + LIMIT
        while waiting() and time.monotonic() < end:
            self._wake()
            time.sleep(2)
            let_time_pass("waiting")

    def _until_moving(self) -> None:
        """Waits until the workers, who start slowly on a busy machine, send something: a fault that meets nobody at
        work is none."""
        before, end = waiting(), time.monotonic() + 60
        while before and waiting() >= before and time.monotonic() < end:
            self._wake()
            time.sleep(0.2)

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
        notifications.tell_many(notifications.row(one, KIND, about=about, due=now) for one in people())


def people():
    from accounts.models import User

    return User.objects.filter(username__startswith="reader")


def outward():
    from accounts.models import Message

    return Message.objects.filter(channel__in=["email", "sms"])


def waiting() -> int:
    return outward().filter(state__in=["waiting", "sending"]).count()


def let_time_pass(*states: str) -> None:
    """Claims of dead workers (``sending``) are free after ten minutes; call it for these while no worker runs. What was
    refused (``waiting``) is due again later, and a line that was down is tried again."""
    from django.utils import timezone

    from accounts.models import Line

    Line.objects.down().update(next_probe=timezone.now())
    outward().filter(state__in=states).update(next_try=timezone.now())


def report(mail: MailServer, gateway: Gateway, scene: Scene) -> None:
    """Prints what came of it. Exits with 1 where something was lost, doubled, or repeated without being known."""
    from accounts.models import Delivery, Message

    faults = scene.faults + mail.temper.met + gateway.temper.met
    print(
        f"{outward().count()} rows; {sum(faults.values())} faults: "
        + ", ".join(f"{n} × {k}" for k, n in faults.items())
    )
    print(f"{scene.left} still waited at the last rough fault")
    for channel in ("email", "sms"):
        print(channel, dict(Counter(outward().filter(channel=channel).values_list("state", flat=True))))
    known = Delivery.objects.filter(message__channel="sms").perhaps_twice().count()
    most = max(gateway.taken.values(), default=0)
    given_up = outward().filter(channel="sms", state="failed").count()
    print(f"e-mails delivered twice under one Message-ID: {mail.repeats}")
    print(f"text messages repeated: {gateway.repeats} ({known} known), at most {most} × each; {given_up} stay inside")
    inbox = Message.objects.filter(channel="inbox", user__in=people()).count()
    lost = (READERS - len(mail.taken)) + max(0, READERS - len(gateway.taken) - given_up) + (READERS - inbox)
    doubled = max(0, len(mail.taken) - READERS) + max(0, len(gateway.taken) - READERS) + max(0, most - 2)
    unknown = max(0, gateway.repeats - known)
    print(f"{lost} lost, {doubled} doubled, {unknown} repeated without being known, {waiting()} still waiting")
    sys.exit(bool(lost or doubled or unknown or waiting()))


if __name__ == "__main__":
    main()
