"""Waking the worker for work that already stands in a table."""

import logging

from kombu.exceptions import OperationalError

log = logging.getLogger("linzhi.background")


def wake(task) -> None:
    """Sends a task without arguments; with the broker away the next sweep does the work, and nobody is told an error.

    Args:
        task: a Celery task that takes up whatever is due in its table.
    """
    try:
        task.delay()
    except OperationalError as error:
        log.warning("%s waits for the next sweep: %s", task.name, error)
