"""Saving a workbook so that the same content always gives the same bytes."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook

MOMENT = datetime(2000, 1, 1)  # noqa: DTZ001 (a stamp in every file, not a time)
ZIP_MOMENT = (2000, 1, 1, 0, 0, 0)
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
PROPERTIES = "docProps/core.xml"


def sealed(workbook: Workbook) -> bytes:
    """The bytes of ``workbook`` with fixed times, in which openpyxl had written the present."""
    workbook.properties.creator = "hqe"
    workbook.properties.created = MOMENT
    saved = BytesIO()
    workbook.save(saved)
    result = BytesIO()
    with ZipFile(saved) as source, ZipFile(result, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = ZipInfo(name, ZIP_MOMENT)
            info.compress_type = ZIP_DEFLATED
            target.writestr(info, timeless(name, source.read(name)))
    return result.getvalue()


def timeless(name: str, content: bytes) -> bytes:
    stamp = MOMENT.isoformat().encode() + b"Z"
    return MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", content) if name == PROPERTIES else content
