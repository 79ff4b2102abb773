"""Numbered papers as PDF, by typst. Data reaches a template as JSON, never as formatted source.

A template begins with ``#import "/paper.typ": *``, ``#show: paper`` and reads its data from ``data``.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder


def pdf(template: str, data: Any) -> bytes:
    """A paper, filled in.

    Args:
        template: its path below ``templates/``, for instance ``inspections/patrol_record.typ``.
        data: what JSON can hold, and dates; amounts already written out by ``lib.money``.

    Raises:
        typst.TypstError: the template does not fit the data.
    """
    import typst  # 0.1 s, and only those who print need it

    root = templates()
    return typst.compile(
        str(root / template),
        root=str(root),
        font_paths=[str(font_folder())],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False)},
        format="pdf",
    )


def templates() -> Path:
    return Path(settings.BASE_DIR) / "templates"


@cache
def font_folder() -> Path:
    """Where the wheel keeps its font, so that papers look the same on every machine."""
    import cvttf_NotoSansCJK_Regular

    return Path(cvttf_NotoSansCJK_Regular.__file__).parent
