"""Settings of a server that dies on demand."""

from bench.settings import *  # noqa: F403
from bench.settings import MIDDLEWARE

MIDDLEWARE = ["bench.faults.dying.Dying", *MIDDLEWARE]
