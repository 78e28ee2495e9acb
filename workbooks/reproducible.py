"""Saving a workbook so that the same content always gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
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
    return zipped({name: timeless(name, content) for name, content in unzipped(saved.getvalue()).items()})


def unzipped(data: bytes) -> dict[str, bytes]:
    """The parts of a workbook of ours by name, in their order."""
    with ZipFile(BytesIO(data)) as source:
        return {name: source.read(name) for name in source.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a zip whose entries all bear the same moment."""
    result = BytesIO()
    with ZipFile(result, "w", ZIP_DEFLATED) as target:
        for name, content in parts.items():
            info = ZipInfo(name, ZIP_MOMENT)
            info.compress_type = ZIP_DEFLATED
            target.writestr(info, content)
    return result.getvalue()


def timeless(name: str, content: bytes) -> bytes:
    stamp = MOMENT.isoformat().encode() + b"Z"
    return MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", content) if name == PROPERTIES else content
