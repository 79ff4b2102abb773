"""A server that dies where it is told to: ``X-Die-At: 7`` kills its process at the seventh statement of the request,
``X-Die-At: after`` when everything is written and nothing answered yet. Only in the settings of bench/faults.
"""

import os
import signal
from contextlib import nullcontext
from pathlib import Path

from django.db import connection
from django.http import HttpRequest


class Dying:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        when = request.headers.get("X-Die-At", "")
        last = Fuse(int(when)) if when.isdecimal() else None
        with connection.execute_wrapper(last) if last else nullcontext():
            response = self.get_response(request)
        if when == "after":
            die()
        return response


class Fuse:
    """Counts statements and dies before the last one."""

    def __init__(self, statements: int):
        self.left = statements

    def __call__(self, execute, *args):
        self.left -= 1
        if not self.left:
            die()
        return execute(*args)


def die() -> None:
    with Path(os.environ["BENCH_DEATHS"]).open("a") as deaths:
        deaths.write("x")
    os.kill(os.getpid(), signal.SIGKILL)
