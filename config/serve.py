"""``script/server``: migrations, the demo town when the database is empty, then web, worker and beat until Ctrl-C.

    script/server [--real]

``PORT`` chooses the port (8000), ``HOST`` the address (127.0.0.1). ``--real`` starts without demo data and prints the
first administrator's password once.
"""

import argparse
import contextlib
import ctypes
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
WEB, BACKGROUND = 0, {1: ("后台任务 worker", "worker"), 2: ("定时任务 beat", "beat")}
STOP_LIMIT = 15  # seconds that a part has to end after TERM
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 — where a web listens on all of the machine's addresses
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def say(text: str) -> None:
    print(text, flush=True)


class Stopped(BaseException):
    """Ctrl-C or TERM."""


def _stop(*_) -> None:
    raise Stopped


def _on_signals(handler) -> None:
    for number in SIGNALS:
        signal.signal(number, handler)


@contextlib.contextmanager
def _whole() -> Iterator[None]:
    """What must not be left half done: a Ctrl-C meanwhile counts afterwards."""
    came: list[int] = []
    _on_signals(lambda number, _: came.append(number))
    try:
        yield
    finally:
        _on_signals(_stop)
    if came:
        raise Stopped


def main(arguments: list[str]) -> int:
    """Runs until it is told to stop (0) or the web ends by itself (1)."""
    parser = argparse.ArgumentParser(prog="script/server", description="启动门户：网页、后台任务和定时任务。")
    parser.add_argument("--real", action="store_true", help="不用演示数据，建第一个管理员")
    options = parser.parse_args(arguments)
    _on_signals(_stop)
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    if sentence := _cannot_listen(host, port):
        say(sentence)
        return 1
    try:
        return _with_engines(options.real, host, int(port))
    except Stopped:
        return 0


def _cannot_listen(host: str, port: str) -> str:
    """Why the port cannot be had, in a sentence; empty when it can."""
    if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        return f"PORT 要写 1 到 65535 的数，现在是“{port}”。"
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind((host, int(port)))
        except PermissionError:
            return f"端口 {port} 要管理员权限才能用。换一个：PORT=8000 script/server"
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                return f"HOST 写的地址“{host}”不是这台机器的。写 127.0.0.1，或者 0.0.0.0（所有网卡）。"
            other = int(port) + 1 if int(port) < 65535 else 8000
            return f"端口 {port} 已被别的程序占用。请关掉它，或换一个：PORT={other} script/server"
    return ""


def _with_engines(real: bool, host: str, port: int) -> int:
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    from config import embedded

    share, parts = None, []
    try:
        if settings.EMBEDDED or not settings.REDIS_URL:
            with _whole():
                share = embedded.hold()
        os.environ["LINZHI_SUPERVISED"] = "1"
        django.setup()
        return _run(parts, host, port) if _prepare(real, host) else 1
    except (embedded.CannotStart, ImproperlyConfigured) as error:
        say(str(error))
        return 1
    finally:
        _on_signals(signal.SIG_IGN)  # a second Ctrl-C must not leave half of it behind
        _end(parts)
        if share is not None:
            embedded.leave(share)


def _manage(*words: str) -> bool:
    return subprocess.run([sys.executable, "manage.py", *words], cwd=BASE_DIR, **_tied()).returncode == 0


def _prepare(real: bool, host: str) -> bool:
    """Migrations, then the demo town or the first administrator where the database is empty."""
    return _manage("migrate", "--verbosity", "0") and _manage(
        "first_start", *(["--real"] if real else []), "--host", host
    )


def _tied() -> dict:
    """A part runs in a group of its own, deaf to our Ctrl-C, and is told to end when we are killed."""
    return {"start_new_session": True, "preexec_fn": _end_with_parent if sys.platform == "linux" else None}


def _end_with_parent() -> None:
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _commands(host: str, port: int) -> list[list[str]]:
    python = [sys.executable, "-m"]
    web = [*python, "gunicorn", "config.wsgi", "-k", "gthread", "-w", os.environ.get("WEB_WORKERS") or "2"]
    web += ["--threads", "4", "-b", f"{_bracketed(host)}:{port}", "--no-control-socket"]
    web += ["--log-level", "warning", "--timeout", "60", "--graceful-timeout", "10"]
    celery = [*python, "celery", "-q", "-A", "config"]
    worker = [*celery, "worker", "-c", os.environ.get("WORKERS") or "2", "-l", "warning", "-n", f"{os.getpid()}@%h"]
    worker += ["--without-gossip", "--without-mingle"]
    return [web, worker, [*celery, "beat", "-l", "warning"]]


def _run(parts: list[subprocess.Popen], host: str, port: int) -> int:
    quiet = "ignore:You're running the worker with superuser privileges"  # the README says what root means here
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": quiet}
    for command in _commands(host, port):
        parts.append(subprocess.Popen(command, cwd=BASE_DIR, env=environment, stdin=subprocess.DEVNULL, **_tied()))
    address = f"http://{_bracketed('127.0.0.1' if host in EVERYWHERE else host)}:{port}/"
    while not _answers(host, port):
        if parts[WEB].poll() is not None:
            return _web_died(parts[WEB])
        time.sleep(0.2)
    say(f"邻治已启动：{address}  （按 Ctrl-C 停止）")
    return _watch(parts)


def _watch(parts: list[subprocess.Popen]) -> int:
    """Until the web ends. A worker or beat that dies is reported, here and by /healthz, and not replaced."""
    running = set(BACKGROUND)
    while parts[WEB].poll() is None:
        for place in [place for place in running if parts[place].poll() is not None]:
            running.remove(place)
            name, heartbeat = BACKGROUND[place]
            say(f"{name} 自己停了（返回 {parts[place].returncode}），原因在上面几行。网页还能用；请重新启动。")
            _forget_heartbeat(heartbeat)
        time.sleep(0.5)
    return _web_died(parts[WEB])


def _web_died(web: subprocess.Popen) -> int:
    say(f"网页服务自己停了（返回 {web.returncode}），原因在上面几行。其余的也一起停掉。")
    return 1


def _forget_heartbeat(part: str) -> None:
    """So that /healthz names the part at once and not only after its silence."""
    from django.core.cache import cache

    with contextlib.suppress(Exception):  # the broker may be what died
        cache.delete(f"alive:{part}")


def _answers(host: str, port: int) -> bool:
    """Whether the web says anything: worker and beat may still be starting, and real names may be asked for."""
    connection = http.client.HTTPConnection("127.0.0.1" if host in EVERYWHERE else host, port, timeout=2)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/healthz")
        return bool(connection.getresponse().status)
    return False


def _end(parts: list[subprocess.Popen]) -> None:
    for part in parts:
        if part.poll() is None:
            part.terminate()
    limit = time.monotonic() + STOP_LIMIT
    for part in parts:
        with contextlib.suppress(subprocess.TimeoutExpired):
            part.wait(max(0.1, limit - time.monotonic()))
        _kill_group(part.pid)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
