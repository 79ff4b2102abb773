"""script/server as a person meets it: started, looked at, disturbed, stopped. Real servers in a folder of their own."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 120


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def environment(state: Path, port: int) -> dict[str, str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("LINZHI_", "EMBEDDED_", "DJANGO_"))}
    for name in ("DATABASE_URL", "REDIS_URL"):
        clean.pop(name, None)
    return clean | {"EMBEDDED_DIR": str(state), "PORT": str(port), "WEB_WORKERS": "1", "WORKERS": "1"}


def health(port: int) -> tuple[int, dict]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)
    except OSError:
        return 0, {}


def wait_for(condition, what: str):
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.2)
    raise AssertionError(f"{what} did not come within {LIMIT} s")


def part_of(server: subprocess.Popen, words: str) -> psutil.Process:
    """The part of a running server whose command line holds the words."""
    children = psutil.Process(server.pid).children()
    return next(child for child in children if words in " ".join(child.cmdline()))


def engines_of(state: Path) -> list[psutil.Process]:
    """PostgreSQL's and Valkey's processes that belong to a folder; zombies are nobody."""
    found = []
    for process in psutil.process_iter(["cmdline", "status", "cwd", "name"]):
        about = " ".join([*(process.info["cmdline"] or []), process.info["cwd"] or ""])
        engine = process.info["name"] in ("postgres", "valkey-server")
        if engine and str(state) in about and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


@pytest.fixture(scope="module")
def state(tmp_path_factory) -> Path:
    """A folder with a space in its name; PostgreSQL's own user must be able to walk to it."""
    folder = tmp_path_factory.mktemp("a server")
    for place in (folder, *folder.parents):
        if place.owner() == folder.owner() and place != Path("/tmp"):  # noqa: S108
            place.chmod(place.stat().st_mode | 0o001)
    return folder


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def server(state, port):
    said = open(state / "said.txt", "w+")  # noqa: SIM115
    command = [sys.executable, "-m", "config.serve"]
    running = subprocess.Popen(command, cwd=ROOT, env=environment(state, port), stdout=said, stderr=said)
    try:
        wait_for(lambda: running.poll() is not None or health(port)[0] == 200, "health")
        assert running.poll() is None, (state / "said.txt").read_text()
        yield running
    finally:
        if running.poll() is None:
            running.send_signal(signal.SIGINT)
            running.wait(60)


def test_it_starts_with_a_demo_town(server, state, port):
    assert health(port) == (200, health(port)[1])
    said = (state / "said.txt").read_text()
    assert "演示镇建好了" in said
    assert f"http://127.0.0.1:{port}/" in said
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/account/sign-in/") as page:
        assert "以演示身份进入" in page.read().decode()


def refused(state: Path, port: int, **setting: str) -> str:
    """What a server says that does not start."""
    command, given = [sys.executable, "-m", "config.serve"], environment(state, port) | setting
    done = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    return done.stdout


def test_a_busy_port_is_a_sentence(server, state, port):
    assert f"端口 {port} 已被别的程序占用" in refused(state, port)


@pytest.mark.parametrize("typed", ["abc", "²", "0", "65536", "-1", "9" * 5000])
def test_a_port_that_is_none_is_a_sentence(state, port, typed):
    assert "PORT 要写 1 到 65535 的数" in refused(state, port, PORT=typed)


@pytest.mark.parametrize("typed", ["192.0.2.1", "no such name"])
def test_an_address_of_another_machine_is_a_sentence(state, port, typed):
    assert "不是这台机器的" in refused(state, port, HOST=typed)


def test_a_setting_that_is_missing_is_a_sentence(state):
    assert "请设置环境变量 SECRET_KEY" in refused(
        state, free_port(), DATABASE_URL="postgres://a:b@127.0.0.1:1/c", SECRET_KEY=""
    )


def test_a_part_that_dies_is_named_and_the_web_goes_on(server, port):
    part_of(server, " beat").kill()
    wait_for(lambda: health(port)[1].get("failing") == ["beat"], "the report of beat")
    assert health(port)[0] == 503


def test_a_broker_that_dies_is_named_and_not_replaced(server, state, port):
    next(process for process in engines_of(state) if process.name() == "valkey-server").kill()
    wait_for(lambda: "broker" in health(port)[1].get("failing", []), "the report of the broker")
    time.sleep(2)
    assert health(port)[0] == 503
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/account/sign-in/") as page:
        assert page.status == 200


def test_ctrl_c_leaves_nothing_behind(server, state):
    parts = psutil.Process(server.pid).children(recursive=True)
    server.send_signal(signal.SIGINT)
    server.send_signal(signal.SIGINT)  # twice, as impatient people do
    assert server.wait(60) == 0
    assert engines_of(state) == []
    assert [part for part in parts if part.is_running() and part.status() != psutil.STATUS_ZOMBIE] == []
    assert not (state / "pg" / "postmaster.pid").exists()


@pytest.mark.parametrize("seconds", [0, 0.15, 0.4, 1])
def test_ctrl_c_during_the_start_leaves_nothing_behind(state, port, seconds):
    """A terminal sends it to everything in the foreground."""
    command, given = [sys.executable, "-m", "config.serve"], environment(state, port)
    starting = subprocess.Popen(command, cwd=ROOT, env=given, start_new_session=True)
    wait_for(lambda: engines_of(state), "PostgreSQL")
    time.sleep(seconds)
    os.killpg(starting.pid, signal.SIGINT)
    assert starting.wait(60) == 0
    assert engines_of(state) == []


def test_after_a_kill_of_everything_it_starts_again(server, state, port):
    """The cluster recovers, the demo town is still there, and it is not made a second time."""
    server.terminate()
    server.wait(60)
    again = subprocess.Popen([sys.executable, "-m", "config.serve"], cwd=ROOT, env=environment(state, port))
    wait_for(lambda: health(port)[0] == 200, "health")
    everything = [*engines_of(state), *psutil.Process(again.pid).children(recursive=True), psutil.Process(again.pid)]
    for process in everything:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    again.wait()
    third = subprocess.Popen(
        [sys.executable, "-m", "config.serve"],
        cwd=ROOT,
        env=environment(state, port),
        stdout=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: health(port)[0] == 200, "health after the kill")
    third.terminate()
    out, _ = third.communicate(timeout=60)
    assert "演示镇" not in out
    assert third.returncode == 0
