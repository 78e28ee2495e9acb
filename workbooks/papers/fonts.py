"""The Chinese font of papers: one that is named, else one of those that machines usually have."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont, TTLibError

from config.places import ROOT
from rules.refusals import Refused

USUAL = (
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/System/Library/Fonts/Supplemental/Songti.ttc",
)
"""Where Debian, others and macOS put a font with simplified Chinese, the most paper-like first."""

NEEDED = "本县申报材料收件回执自拟示例"
"""A font without these signs is none for us."""
SIMPLIFIED = ("SC", "CN", "GB")
INSTALL = "请安装中文字体(Debian：apt install fonts-noto-cjk)，或用 HQE_FONT 指明字体文件(.ttf、.otf、.ttc)。"
WORDS = {
    "none": "本机没有找到中文字体，不能生成PDF。",
    "unfit": "HQE_FONT 指明的文件打不开，或者不是含简体中文的字体。",
}


@dataclass(frozen=True, slots=True)
class Font:
    """A font file, and which of its faces."""

    file: Path
    face: int


def find_font(named: str = "", *, places: Iterable[str] = USUAL) -> Font | Refused:
    """``named`` if it is given, and no other; else the first that has what is needed."""
    if named:
        face = face_in(Path(named))
        return Refused("font_unfit", WORDS["unfit"] + INSTALL) if face is None else Font(Path(named), face)
    for file in (*bundled(), *map(Path, places), *listed()):
        face = face_in(file)
        if face is not None:
            return Font(file, face)
    return Refused("no_font", WORDS["none"] + INSTALL)


def bundled() -> list[Path]:
    """What came along with the program for a machine without internet."""
    return sorted((ROOT / "fonts").glob("*.[to]t[fc]"))


def listed() -> Iterator[Path]:
    """What fontconfig knows with simplified Chinese."""
    program = shutil.which("fc-list")
    if program is None:
        return
    found = subprocess.run(
        [program, "-f", "%{file}\n", ":lang=zh-cn"], capture_output=True, check=False, text=True
    )
    yield from map(Path, sorted(set(found.stdout.split("\n")) - {""}))


def face_in(file: Path) -> int | None:
    """The number of the face to use, that of simplified Chinese where there are several; None for no such font."""
    try:
        with file.open("rb") as source:
            collection = source.read(4) == b"ttcf"
            source.seek(0)
            faces = TTCollection(source, lazy=True).fonts if collection else [TTFont(source, lazy=True)]
            fitting = [number for number, face in enumerate(faces) if has_signs(face)]
            simplified = [number for number in fitting if is_simplified(faces[number])]
    except (OSError, TTLibError):
        return None
    return next(iter(simplified or fitting), None)


def has_signs(face: TTFont) -> bool:
    signs = face.getBestCmap() or {}
    return all(ord(sign) in signs for sign in NEEDED)


def is_simplified(face: TTFont) -> bool:
    name = str(face["name"].getDebugName(4) or "")
    return any(word in name.split() for word in SIMPLIFIED) and "Mono" not in name
