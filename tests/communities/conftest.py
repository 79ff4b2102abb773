"""What the tests of sheets share."""

import pytest

from communities import imports
from communities.models import SheetImport
from communities.sheets import KINDS
from tests.communities.sheet_files import xlsx


@pytest.fixture
def bring(clerk, now):
    """``bring("units", rows…)``: reads and, where nothing is wrong, writes; returns the import."""

    def bring(kind: str, *rows, by=None, data: bytes | None = None) -> SheetImport:
        data = xlsx(*rows) if data is None else data
        row = imports.take_in(kind=KINDS[kind], file_name="表.xlsx", data=data, by=by or clerk, now=now)
        imports.work(row, now=now)
        row.refresh_from_db()
        if row.state == "ready" and not row.wrong:
            imports.confirm(row=row, by=row.by, now=now)
            imports.work(row, now=now)
            row.refresh_from_db()
        return row

    return bring
