"""Workbooks changed below what any library would write."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from workbooks.reproducible import unzipped, zipped

Change = Callable[[str], str]

ROSTER_PART = "xl/worksheets/sheet2.xml"
SURVEY_PART = "xl/worksheets/sheet3.xml"


def changed_parts(data: bytes, changes: Mapping[str, Change]) -> bytes:
    """``data`` with parts changed as text; a part that is not there begins empty."""
    parts = unzipped(data)
    for name, change in changes.items():
        before = parts.get(name, b"").decode()
        after = change(before)
        assert after != before, f"{name} is as it was"
        parts[name] = after.encode()
    return zipped(parts)


def replacing(*pairs: tuple[str, str]) -> Change:
    """Every first text by its second; each must be there."""

    def change(text: str) -> str:
        for old, new in pairs:
            assert old in text, f"not there: {old}"
            text = text.replace(old, new, 1)
        return text

    return change


def in_cell(data: bytes, ref: str, new: str, part: str = ROSTER_PART) -> bytes:
    """``data`` with the XML inside one cell replaced: ``new`` begins behind the cell's style."""
    cell = re.compile(rf'<c r="{ref}"( s="\d+")[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
    return changed_parts(
        data, {part: lambda xml: cell.sub(lambda old: f'<c r="{ref}"{old[1]}{new}</c>', xml, count=1)}
    )
