"""Pictures out of workbooks: found where they stand, shown without what came with them, never lost."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from rules.dossiers.pictures import Picture, alike, distance
from tests.workbooks.photos import SCORES_PART, camera, photo, scene, with_cell_pictures, with_floating
from tests.workbooks.raw import changed_parts, replacing
from tests.workbooks.samples import CAMPAIGN, TEMPLATE, VILLAGE, full
from workbooks.confined.client import pictures_apart
from workbooks.confined.examine import examine
from workbooks.pictures import pictures as workbook_pictures
from workbooks.pictures.decode import made_safe
from workbooks.pictures.pictures import pictures_of
from workbooks.reproducible import unzipped, zipped
from workbooks.template.fill import fill

SCORES = CAMPAIGN.forms.sheet("scores")
FILLED = fill(TEMPLATE, full())


def told(pictures: tuple[Picture, ...]) -> list[tuple[str, str, str, str]]:
    return [(one.sheet, one.ref, one.indicator, one.trouble) for one in pictures]


def png_header(width: int, height: int) -> bytes:
    """A PNG that promises more than it holds."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    written = b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + written


def test_picture_in_a_cell_is_bound_to_its_indicator() -> None:
    data = with_cell_pictures(FILLED, {"G4": photo(1), "G14": photo(2)})

    first, second = pictures_of(data, CAMPAIGN)

    assert told((first, second)) == [(SCORES, "G4", "A1.1", ""), (SCORES, "G14", "B1.1", "")]
    assert (first.width, first.height, first.name) == (800, 600, "wps1.jpeg")


def test_floating_picture_stands_in_the_cell_below_its_corner() -> None:
    pictures = {(13, 6): photo(1, format_="PNG"), (200, 2): photo(2, format_="PNG")}
    found = pictures_of(with_floating(FILLED, pictures), CAMPAIGN)

    assert told(found) == [(SCORES, "G14", "B1.1", ""), (SCORES, "C201", "", "")]


def test_picture_that_nothing_places_is_listed_all_the_same() -> None:
    data = zipped({**unzipped(FILLED), "xl/media/stray.png": photo(1, format_="PNG")})

    assert told(pictures_of(data, CAMPAIGN)) == [("", "", "", "")]


def test_one_photo_in_two_cells_is_evidence_twice() -> None:
    data = with_cell_pictures(FILLED, {"G4": photo(1), "G14": photo(2)})
    data = changed_parts(data, {"xl/_rels/cellimages.xml.rels": replacing(("wps2.jpeg", "wps1.jpeg"))})

    found = pictures_of(data, CAMPAIGN)

    assert told(found)[:2] == [(SCORES, "G4", "A1.1", ""), (SCORES, "G14", "B1.1", "")]
    assert found[0].sha256 == found[1].sha256 != found[2].sha256


@pytest.mark.parametrize(
    ("picture", "trouble"),
    [
        (b"\xd7\xcd\xc6\x9a metafile", "not_a_picture"),
        (photo(1)[:300], "not_a_picture"),
        (png_header(60_000, 60_000), "too_many_pixels"),
        (png_header(8_000, 8_000), "too_many_pixels"),
        (png_header(4_000, 4_000), "not_a_picture"),
    ],
)
def test_picture_that_cannot_be_shown_says_why_and_stops_no_other(picture: bytes, trouble: str) -> None:
    data = with_cell_pictures(FILLED, {"G4": picture, "G14": photo(2)})

    assert [one.trouble for one in pictures_apart(data, campaign=CAMPAIGN)] == [trouble, ""]


def test_picture_that_the_file_does_not_have_is_missed() -> None:
    parts = unzipped(with_cell_pictures(FILLED, {"G4": photo(1), "G14": photo(2)}))
    del parts["xl/media/wps1.jpeg"]

    assert [one.trouble for one in pictures_of(zipped(parts), CAMPAIGN)] == ["missing", ""]


def test_pictures_beyond_the_budget_are_named_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_pictures, "MOST", 1)
    data = with_cell_pictures(FILLED, {"G4": photo(1), "G14": photo(2)})

    assert [(one.name, one.trouble) for one in pictures_of(data, CAMPAIGN)] == [
        ("wps1.jpeg", ""),
        ("wps2.jpeg", "too_many"),
    ]


def test_damaged_list_of_pictures_is_told_as_unread() -> None:
    data = with_cell_pictures(FILLED, {"G4": photo(1)})
    broken = changed_parts(data, {"xl/cellimages.xml": replacing(("</etc:cellImages>", ""))})

    assert told(pictures_apart(broken, campaign=CAMPAIGN)) == [("", "", "", "unread")]


def test_dossier_with_pictures_is_checked_as_without(monkeypatch: pytest.MonkeyPatch) -> None:
    whose = {"campaign": CAMPAIGN, "town_code": VILLAGE.town_code, "village_code": VILLAGE.code}
    plain, pictured = examine(FILLED, **whose), examine(with_floating(FILLED, {(13, 6): photo(1)}), **whose)

    assert replace(pictured, pictures=()) == plain


def test_shown_picture_says_nothing_of_who_where_or_by_what() -> None:
    picture = made_safe(camera(3, taken="2020:11:01 10:22:33"), name="IMG.jpg")

    with Image.open(BytesIO(picture.shown)) as shown:
        assert (len(shown.getexif()), shown.info.keys() & {"exif", "comment", "icc_profile"}) == (0, set())
    assert "手机".encode() not in picture.shown
    assert picture.taken == "2020-11-01 10:22"


def test_photo_taken_sideways_is_shown_upright() -> None:
    picture = made_safe(camera(3, taken="", turned=6), name="IMG.jpg")

    with Image.open(BytesIO(picture.shown)) as shown:
        assert shown.size == (600, 800)
    assert (picture.width, picture.height) == (800, 600)


def test_transparent_picture_shows_paper() -> None:
    written = BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(written, "PNG")

    with Image.open(BytesIO(made_safe(written.getvalue(), name="a.png").shown)) as shown:
        assert min(shown.getpixel((5, 5))) > 250  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(12))
def test_copy_of_a_photo_is_known_whatever_was_done_to_it(seed: int) -> None:
    first = made_safe(photo(seed, (1600, 1200), quality=92), name="")
    smaller = made_safe(photo(seed, (640, 480), quality=35), name="")
    darker, copy = BytesIO(), scene(seed).point(lambda level: level * 0.8)
    copy.save(darker, "PNG")

    assert alike(first.likeness, smaller.likeness)
    assert alike(first.likeness, made_safe(darker.getvalue(), name="").likeness)


def test_different_photos_are_far_apart() -> None:
    seen = [made_safe(photo(seed), name="").likeness for seed in range(40)]

    assert min(distance(one, other) for n, one in enumerate(seen) for other in seen[:n]) > 60


def test_blank_or_tiny_picture_is_like_none() -> None:
    blank = BytesIO()
    Image.new("RGB", (300, 300), "white").save(blank, "PNG")

    assert made_safe(blank.getvalue(), name="").likeness == ""
    assert made_safe(photo(1, (40, 40)), name="").likeness == ""
    assert not alike("", "")


def test_part_of_annex_1_is_where_the_samples_say() -> None:
    assert SCORES_PART in unzipped(FILLED)
