"""The .xls of Excel 97 to 2003, read in a process of its own.

The reader believes the lengths that such a file names: a damaged one makes it ask for a hundred gigabytes, and the
system ends the process. So it is another process than the one that serves pages or works, with its own limits.
"""

import pickle
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from lib.table_files import workbook
from lib.workbook_parts import SAVE_AS, BadFile

MEMORY = 1024 * 1024 * 1024
SECONDS = 60
GAVE_UP = f"这个旧格式的文件坏了，或者很远的空格子里有东西。{SAVE_AS}"


def sheets(data: bytes) -> list[tuple[str, list[list[Any]]]]:
    """Name and rows of each sheet that is shown.

    Raises:
        BadFile: the file is broken, or reading it took more than a minute or a gigabyte.
    """
    command = [sys.executable, "-m", "lib.old_workbooks"]
    try:
        child = subprocess.run(
            command, input=data, capture_output=True, cwd=Path(__file__).parents[1], timeout=SECONDS
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise BadFile(GAVE_UP) from error
    if child.returncode:
        raise BadFile(GAVE_UP)
    found = pickle.loads(child.stdout)  # noqa: S301 — written below
    if isinstance(found, str):
        raise BadFile(found)
    return found


def main() -> None:
    """Reads from standard input, writes sheets or a sentence to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        found = [(sheet.name, sheet.rows) for sheet in workbook(sys.stdin.buffer.read())]
    except BadFile as error:
        found = str(error)
    pickle.dump(found, sys.stdout.buffer)


if __name__ == "__main__":
    main()
