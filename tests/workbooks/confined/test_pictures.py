"""Pictures out of the reading process: what is decoded there arrives whole, and its death leaves word."""

from __future__ import annotations

import pytest

from tests.workbooks.photos import photo, with_cell_pictures
from tests.workbooks.samples import CAMPAIGN, TEMPLATE, full
from workbooks.confined import client
from workbooks.confined.client import Died, photo_apart, pictures_apart
from workbooks.pictures.decode import made_safe
from workbooks.pictures.pictures import pictures_of, unread
from workbooks.template.fill import fill

FILLED = fill(TEMPLATE, full())


def test_pictures_decoded_apart_are_those_of_this_process() -> None:
    data = with_cell_pictures(FILLED, {"G4": photo(1), "G14": b"none"})

    assert pictures_apart(data, campaign=CAMPAIGN) == pictures_of(data, CAMPAIGN)


def test_photo_decoded_apart_is_that_of_this_process() -> None:
    assert photo_apart(photo(1), name="a.jpg") == made_safe(photo(1), name="a.jpg")


def test_death_of_the_reader_leaves_word(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(_: object, __: object, *, seconds: float) -> bytes:
        raise Died(slow=seconds < 1)

    monkeypatch.setattr(client.Readers, "ask", die)

    data = with_cell_pictures(FILLED, {"G4": photo(1)})
    assert pictures_apart(data, campaign=CAMPAIGN) == (unread(),)
    assert photo_apart(photo(1), name="a.jpg") == unread()


def test_workbook_without_pictures_asks_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "readers_of", None)

    assert pictures_apart(FILLED, campaign=CAMPAIGN) == ()
