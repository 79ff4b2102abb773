"""What the environment must say, and that reading settings starts nothing."""

import os
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from redis.exceptions import RedisError

from config import embedded, settings
from config.cache import Cache

ROOT = Path(__file__).resolve().parents[2]
PRIVATE = ("LINZHI_", "EMBEDDED_", "DJANGO_")  # what tests set for themselves
REAL = {
    "DATABASE_URL": "postgres://linzhi_app:secret@127.0.0.1:1/linzhi",
    "REDIS_URL": "redis://127.0.0.1:1",
    "SECRET_KEY": "k" * 10 + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
    "ALLOWED_HOSTS": "wuye.example.gov.cn",
}


def manage(*words: str, state: Path, **environment: str) -> subprocess.CompletedProcess:
    clean = {k: v for k, v in os.environ.items() if k not in REAL and not k.startswith(PRIVATE)}
    clean |= {"DJANGO_SETTINGS_MODULE": "config.settings", "EMBEDDED_DIR": str(state), **environment}
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("words", [["--help"], ["check"], ["help", "migrate"]])
def test_reading_settings_starts_nothing(tmp_path, words):
    done = manage(*words, state=tmp_path)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "pg").exists() and not (tmp_path / "valkey").exists()


def test_a_real_set_up_passes_the_deploy_check_in_silence(tmp_path):
    done = manage("check", "--deploy", "--fail-level", "INFO", state=tmp_path, **REAL)
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout
    assert "WARNING" not in done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_with_servers_of_its_own_secrets_and_hosts_are_required(tmp_path, name):
    done = manage("check", state=tmp_path, **(REAL | {name: ""}))
    assert done.returncode != 0
    assert f"请设置环境变量 {name}" in done.stderr


def test_the_embedded_set_up_makes_its_own_key_for_its_user_only(tmp_path):
    assert manage("check", state=tmp_path).returncode == 0
    key = tmp_path / "secret_key"
    assert len(key.read_text()) >= 50
    assert key.stat().st_mode & 0o077 == 0


def test_starting_at_once_all_get_the_same_key(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded, "STATE", tmp_path)
    monkeypatch.setattr(settings.os, "getpid", threading.get_ident)  # processes, for the moment
    with ThreadPoolExecutor(8) as many:
        keys = set(many.map(lambda _: settings.own_secret("secret_key"), range(8)))
    assert keys == {(tmp_path / "secret_key").read_text()}
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]


def test_several_hosts_may_be_written_with_spaces(monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", "wuye.example.gov.cn, www.example.gov.cn,")
    assert settings.words("ALLOWED_HOSTS") == ["wuye.example.gov.cn", "www.example.gov.cn"]


def test_a_broker_that_hangs_does_not_hang_pages():
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        cache = Cache(f"redis://127.0.0.1:{deaf.getsockname()[1]}/1", {**settings.CACHES["default"]})
        begun = time.monotonic()
        with pytest.raises(RedisError):
            cache.get("anything")
    assert time.monotonic() - begun < 10


def test_migrations_without_the_owner_are_explained(tmp_path):
    done = manage("migrate", state=tmp_path, **REAL)
    assert done.returncode != 0
    assert "MIGRATE_DATABASE_URL" in done.stderr
