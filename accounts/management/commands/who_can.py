"""``manage.py who_can``: the matrix of who can do what; ``--write`` puts it into docs/access.md."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts import who_can

PLACE = Path(settings.BASE_DIR) / "docs" / "access.md"


class Command(BaseCommand):
    help = "Prints who can do what, read from the URL table, the table of acts and the admin."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--write", action="store_true", help="write docs/access.md instead of printing")

    def handle(self, *args, write: bool, **options) -> None:
        if write:
            PLACE.write_text(who_can.matrix())
        else:
            self.stdout.write(who_can.matrix())
