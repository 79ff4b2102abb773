"""The scripts as their caller sees them."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STEPS = ["ruff check", "ruff format", "djade", "manage.py check", "makemigrations", "pytest"]
QUIET = {"capture_output": True, "text": True, "timeout": 60}
STUB = """#!/bin/sh
echo "$(basename "$0") $*"
case "$(basename "$0") $*" in *"$FAILS"*) exit 1;; esac
"""


@pytest.fixture
def checkout(tmp_path) -> Path:
    """The scripts in a folder with a space, where every tool only says its name and fails when it is told to."""
    folder = tmp_path / "a checkout"
    (folder / "script").mkdir(parents=True)
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / "templates").mkdir()
    (folder / "templates" / "page.html").touch()
    for name in ("test", "vectors"):
        shutil.copy(ROOT / "script" / name, folder / "script")
    for name in ("script/setup", "script/browser", ".venv/bin/python", ".venv/bin/djade"):
        (folder / name).write_text(STUB)
        (folder / name).chmod(0o700)
    for words in (["init", "-q"], ["add", "templates"]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    return folder


def run(checkout: Path, fails: str) -> subprocess.CompletedProcess:
    return subprocess.run(["script/test"], cwd=checkout, env={"PATH": "/usr/bin:/bin", "FAILS": fails}, **QUIET)


def test_all_steps_run_in_order(checkout):
    done = run(checkout, fails="none of them")
    assert done.returncode == 0
    places = [done.stdout.index(step) for step in STEPS]
    assert places == sorted(places)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_fails_ends_it(checkout, step):
    done = run(checkout, fails=step)
    assert done.returncode != 0
    assert all(later not in done.stdout for later in STEPS[STEPS.index(step) + 1 :])


@pytest.mark.parametrize("half", ["pytest -q tests/browser", "pytest -q --ignore"])
def test_either_half_of_the_suite_may_fail_it_and_both_are_shown(checkout, half):
    done = run(checkout, fails=half)
    assert done.returncode == 1
    assert "pytest -q tests/browser" in done.stdout and "pytest -q --ignore" in done.stdout


@pytest.mark.parametrize("typed", ["cases.json", "no such folder/cases.json", "/no such folder/cases.json"])
def test_a_file_is_looked_for_where_the_caller_stands(checkout, tmp_path, typed):
    command, stubbed = [checkout / "script" / "vectors", typed], {"PATH": "/usr/bin:/bin", "FAILS": "none of them"}
    done = subprocess.run(command, cwd=tmp_path, env=stubbed, **QUIET)
    assert done.stdout.splitlines()[-1] == f"python manage.py vectors {tmp_path / typed}"
    assert done.stderr == ""
