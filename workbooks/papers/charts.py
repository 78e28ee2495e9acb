"""Bar charts of a report as pictures, in the font that papers have; without a Chinese font there are none."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from rules.refusals import Refused
from workbooks.papers.fonts import find_font

WIDTH, ROW, LABEL, TOP = 1200, 44, 260, 20
INK, BAR, RULE = (28, 37, 48), (31, 78, 110), (200, 206, 212)
Bars = Sequence[tuple[str, int]]


def bar_chart(bars: Bars, *, font: str = "") -> bytes | None:
    """A PNG with one bar for each (name, number); None without a Chinese font or without bars."""
    found = find_font(font)
    if isinstance(found, Refused) or not bars:
        return None
    face = ImageFont.truetype(str(found.file), 26, index=found.face)
    picture = Image.new("RGB", (WIDTH, TOP * 2 + ROW * len(bars)), "white")
    pen = ImageDraw.Draw(picture)
    most = max(1, *(number for _, number in bars))
    for place, (name, number) in enumerate(bars):
        top = TOP + place * ROW
        pen.text((LABEL - 14, top + ROW / 2), name[:9], font=face, fill=INK, anchor="rm")
        length = (WIDTH - LABEL - 110) * number / most
        pen.rectangle((LABEL, top + 8, LABEL + max(2, length), top + ROW - 8), fill=BAR if number else RULE)
        pen.text((LABEL + length + 12, top + ROW / 2), str(number), font=face, fill=INK, anchor="lm")
    saved = BytesIO()
    picture.save(saved, "PNG")
    return saved.getvalue()
