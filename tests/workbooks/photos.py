"""Photos of nothing, and workbooks that carry them as WPS and Excel do."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from PIL import Image

from workbooks.reproducible import unzipped, zipped

SCORES_PART = "xl/worksheets/sheet1.xml"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
WPS = "http://www.wps.cn/officeDocument"


def scene(seed: int, size: tuple[int, int] = (800, 600)) -> Image.Image:
    """Light and shade as a camera sees them: the same for a seed, another for every seed."""
    dice = random.Random(seed)
    coarse = Image.frombytes("RGB", (12, 9), bytes(dice.randrange(256) for _ in range(12 * 9 * 3)))
    return coarse.resize(size, Image.Resampling.BICUBIC)


def photo(seed: int, size: tuple[int, int] = (800, 600), format_: str = "JPEG", **how: Any) -> bytes:
    written = BytesIO()
    scene(seed, size).save(written, format_, **how)
    return written.getvalue()


def camera(seed: int, *, taken: str, turned: int = 1) -> bytes:
    """A photo with what a telephone writes into it: when, where, and which way it was held."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = turned, "山村牌手机"
    exif.get_ifd(0x8769)[0x9003] = taken
    exif.get_ifd(0x8825)[1] = "N"
    return photo(seed, exif=exif)


def with_cell_pictures(data: bytes, cells: Mapping[str, bytes], *, part: str = SCORES_PART) -> bytes:
    """``data`` with a picture in each of these cells of annex 1, as WPS keeps them."""
    parts = unzipped(data)
    names = {ref: f"ID_{number:032X}" for number, ref in enumerate(cells, 1)}
    parts[part] = _formulas(parts[part].decode(), names).encode()
    parts["xl/cellimages.xml"] = (
        f'<etc:cellImages xmlns:etc="{WPS}/2017/etCustomData" xmlns:xdr="{XDR}" xmlns:a="{MAIN}" xmlns:r="{RELATED}">'
        + "".join(
            f'<etc:cellImage><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="{number}" name="{name}"/><xdr:cNvPicPr/>'
            f'</xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId{number}"/></xdr:blipFill></xdr:pic></etc:cellImage>'
            for number, name in enumerate(names.values(), 1)
        )
        + "</etc:cellImages>"
    ).encode()
    parts["xl/_rels/cellimages.xml.rels"] = _relations(
        {f"rId{number}": ("image", f"media/wps{number}.jpeg") for number in range(1, len(cells) + 1)}
    )
    for number, picture in enumerate(cells.values(), 1):
        parts[f"xl/media/wps{number}.jpeg"] = picture
    kind = f"{WPS}/2020/cellImage"
    added = f'<Relationship Id="rIdWps" Type="{kind}" Target="cellimages.xml"/></Relationships>'
    rels = parts["xl/_rels/workbook.xml.rels"].decode()
    parts["xl/_rels/workbook.xml.rels"] = rels.replace("</Relationships>", added).encode()
    return zipped(parts)


def _formulas(sheet: str, names: Mapping[str, str]) -> str:
    for ref, name in names.items():
        cell = f'<c r="{ref}" t="str"><f>_xlfn.DISPIMG("{name}",1)</f><v>=DISPIMG("{name}",1)</v></c>'
        sheet, changed = re.subn(rf'<c r="{ref}"[^>]*?(/>|>.*?</c>)', cell, sheet, count=1)
        assert changed == 1, ref
    return sheet


def with_floating(
    data: bytes, pictures: Mapping[tuple[int, int], bytes], *, part: str = SCORES_PART
) -> bytes:
    """``data`` with pictures that float over a sheet, each by the (row, column) below its corner, from 0."""
    parts = unzipped(data)
    file = part.rsplit("/", 1)[-1]
    related = f"xl/worksheets/_rels/{file}.rels"
    assert related not in parts, "this sheet has relations of its own"
    parts[related] = _relations({"rIdD": ("drawing", "../drawings/drawing9.xml")})
    parts["xl/drawings/drawing9.xml"] = (
        f'<xdr:wsDr xmlns:xdr="{XDR}" xmlns:a="{MAIN}" xmlns:r="{RELATED}">'
        + "".join(
            f"<xdr:twoCellAnchor><xdr:from><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}"
            f"</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>{column + 2}</xdr:col><xdr:row>"
            f'{row + 9}</xdr:row></xdr:to><xdr:pic><xdr:blipFill><a:blip r:embed="rId{number}"/></xdr:blipFill>'
            "</xdr:pic><xdr:clientData/></xdr:twoCellAnchor>"
            for number, (row, column) in enumerate(pictures, 1)
        )
        + "</xdr:wsDr>"
    ).encode()
    parts["xl/drawings/_rels/drawing9.xml.rels"] = _relations(
        {f"rId{number}": ("image", f"../media/float{number}.png") for number in range(1, len(pictures) + 1)}
    )
    for number, picture in enumerate(pictures.values(), 1):
        parts[f"xl/media/float{number}.png"] = picture
    sheet = parts[part].decode()
    parts[part] = sheet.replace(
        "</worksheet>", f'<drawing xmlns:r="{RELATED}" r:id="rIdD"/></worksheet>'
    ).encode()
    return zipped(parts)


def _relations(targets: Mapping[str, tuple[str, str]]) -> bytes:
    told = "".join(
        f'<Relationship Id="{name}" Type="{RELATED}/{kind}" Target="{to}"/>'
        for name, (kind, to) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}">{told}</Relationships>'.encode()
