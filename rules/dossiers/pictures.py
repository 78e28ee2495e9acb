"""Pictures: what is known of one, and when two show the same photo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ALIKE_WITHIN = 24
"""Of 256 bits so many may differ between two copies of one photo. Made smaller, darker and compressed harder
they differ in at most 4, different scenes in at least 90 (60 of each)."""

TROUBLES: Mapping[str, str] = {
    "missing": "单元格引用了图片，文件里却没有这张图片",
    "not_a_picture": "图片格式无法显示，请查阅原文件",
    "too_many_pixels": "图片像素过大，没有显示，请查阅原文件",
    "too_many": "图片太多，没有全部显示，请查阅原文件",
    "unread": "图片未能读出，请查阅原文件",
}
"""Why a picture is not shown; the file it came in keeps it all the same."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a workbook or a visit; ``shown`` and ``thumbnail`` are JPEG without any metadata.

    ``sheet`` and ``ref`` say where it stands, both empty when nothing in the file places it; ``indicator``
    is the row of annex 1 it stands in. ``taken`` is what the camera noted, ``2020-11-01 10:22``.
    ``likeness`` is 64 hexadecimal digits, empty when there is too little to see for a comparison.
    """

    name: str
    sha256: str
    size: int
    sheet: str = ""
    ref: str = ""
    indicator: str = ""
    width: int = 0
    height: int = 0
    taken: str = ""
    likeness: str = ""
    shown: bytes = b""
    thumbnail: bytes = b""
    trouble: str = ""
    """A key of ``TROUBLES``, empty when it can be shown."""


def distance(first: str, second: str) -> int:
    """In how many of 256 bits two likenesses differ."""
    return (int(first, 16) ^ int(second, 16)).bit_count()


def alike(first: str, second: str) -> bool:
    """Whether two pictures are copies of one photo; pictures without likeness are like none."""
    return bool(first and second) and distance(first, second) <= ALIKE_WITHIN
