"""Pictures made safe to show: decoded once, turned upright, written anew without metadata."""

from __future__ import annotations

import hashlib
import re
import warnings
from dataclasses import replace
from io import BytesIO
from itertools import pairwise

from PIL import Image, ImageOps, UnidentifiedImageError

from rules.dossiers.pictures import Picture

FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF")
MAX_PIXELS = 50_000_000
"""More than the cameras of telephones give by default."""
SHOWN_EDGE, THUMBNAIL_EDGE = 1600, 320
QUALITY = 80
LIKENESS_EDGE = 16
SMALL = 48
"""Icons and signs shorter than this are nobody's evidence."""
PLAIN = 24
"""Levels of grey between the darkest and the brightest spot: with fewer there is nothing to compare."""

EXIF, TAKEN, CHANGED = 0x8769, 0x9003, 0x0132
MOMENT = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d)")
BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, OverflowError, EOFError, MemoryError)
"""What Pillow raises for files that are no pictures, or damaged ones."""


def made_safe(data: bytes, *, name: str) -> Picture:
    """The picture as it can be shown; ``trouble`` says why it cannot."""
    picture = Picture(name=name, sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    try:
        with warnings.catch_warnings():
            # Pillow's own limit only warns at first.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.simplefilter("ignore", UserWarning)
            with Image.open(BytesIO(data), formats=FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    return replace(picture, width=image.width, height=image.height, trouble="too_many_pixels")
                return dressed(picture, image)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return replace(picture, trouble="too_many_pixels")
    except BROKEN:
        return replace(picture, trouble="not_a_picture")


def dressed(picture: Picture, image: Image.Image) -> Picture:
    width, height, taken = image.width, image.height, moment_taken(image)
    # A JPEG can be decoded at a fraction of its size, which saves most of the time and memory.
    image.draft("RGB", (SHOWN_EDGE, SHOWN_EDGE))
    upright = on_white(ImageOps.exif_transpose(image))
    upright.thumbnail((SHOWN_EDGE, SHOWN_EDGE))
    small = upright.copy()
    small.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE))
    return replace(
        picture,
        width=width,
        height=height,
        taken=taken,
        likeness=likeness(upright) if min(width, height) >= SMALL else "",
        shown=as_jpeg(upright),
        thumbnail=as_jpeg(small),
    )


def moment_taken(image: Image.Image) -> str:
    """``2020-11-01 10:22`` as the camera noted it, empty when it did not; a claim, since anybody can write it."""
    exif = image.getexif()
    found = MOMENT.match(str(exif.get_ifd(EXIF).get(TAKEN) or exif.get(CHANGED) or ""))
    return "{}-{}-{} {}:{}".format(*found.groups()) if found else ""


def on_white(image: Image.Image) -> Image.Image:
    """In plain colours; what is transparent shows paper."""
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    clear = image.convert("RGBA")
    paper = Image.new("RGB", clear.size, "white")
    paper.paste(clear, mask=clear.getchannel("A"))
    return paper


def as_jpeg(image: Image.Image) -> bytes:
    """Written from the pixels alone, so nothing that came with the file goes with it."""
    written = BytesIO()
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    bare.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()


def likeness(image: Image.Image) -> str:
    """Whether each spot of a coarse grey copy is brighter than its neighbour (dHash, 16 by 16 bits)."""
    grey = image.convert("L").resize((LIKENESS_EDGE + 1, LIKENESS_EDGE), Image.Resampling.LANCZOS)
    spots = grey.tobytes()
    if max(spots) - min(spots) < PLAIN:
        return ""
    rows = (spots[start : start + LIKENESS_EDGE + 1] for start in range(0, len(spots), LIKENESS_EDGE + 1))
    bits = "".join(str(int(left > right)) for row in rows for left, right in pairwise(row))
    return f"{int(bits, 2):064x}"
