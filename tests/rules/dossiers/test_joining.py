"""Masked numbers of a prefilled roster are joined again by row key, or it is said why not."""

from __future__ import annotations

import hashlib

import pytest

from rules.dossiers.dossier import Cell, Dossier, RosterRow
from rules.dossiers.id_numbers import mask
from rules.dossiers.prefill import ROW_KEY, is_masked, joined, masked_rows, place_of, places_asked, row_key
from rules.dossiers.tolerances import TOLERANCES

NUMBER = "331199199003070019"
PLACE = place_of(7, 4)
KEY = row_key(PLACE, "叶春")
MASKED = mask(NUMBER)


def cell(value: str | None) -> Cell:
    return Cell("附件2", "D4", value, "text" if value else "blank")


def roster(*, number: str = MASKED, name: str = "叶春", key: str | None = KEY) -> Dossier:
    cells = {"name": cell(name), "id": cell(number)} | ({} if key is None else {ROW_KEY: cell(key)})
    return Dossier(identity={}, roster=(RosterRow(4, cells),), claims={}, survey={}, recommendation={})


@pytest.mark.parametrize(
    ("text", "masked"), [(MASKED, True), ("**", True), ("3311*", False), (NUMBER, False), ("", False)]
)
def test_masked_is_what_holds_more_than_one_star(text: str, masked: bool) -> None:
    assert is_masked(cell(text)) is masked
    assert is_masked(None) is False


def test_masked_row_asks_for_its_place_and_gets_the_number() -> None:
    dossier = roster()

    whole = joined(dossier, "id", {PLACE: NUMBER})

    assert places_asked(masked_rows(dossier, "id")) == (PLACE,)
    assert whole.roster[0].cells["id"].text == NUMBER
    assert (whole.unjoined, whole.roster[0].cells["name"]) == ({}, cell("叶春"))


@pytest.mark.parametrize(
    ("dossier", "code"),
    [
        (roster(key=None), "id_masked_alone"),
        (roster(key=""), "id_masked_alone"),
        (roster(key="9.9.abc"), "id_masked_unknown"),
        (roster(key="nonsense"), "id_masked_unknown"),
        (roster(number="****************28"), "id_masked_changed"),
        (roster(number="3311**********0019"), "id_masked_changed"),
        (roster(name="叶秋"), "id_masked_renamed"),
    ],
)
def test_masked_row_that_does_not_fit_stays_masked_and_says_why(dossier: Dossier, code: str) -> None:
    left = joined(dossier, "id", {PLACE: NUMBER})

    assert left.unjoined == {4: code}
    assert left.roster == dossier.roster


@pytest.mark.parametrize(("typed", "prefilled"), TOLERANCES["name"].samples)
def test_name_that_is_only_spaced_otherwise_is_the_same_person(typed: str, prefilled: str) -> None:
    for now, before in ((typed, prefilled), (prefilled, typed)):
        assert joined(roster(name=now, key=row_key(PLACE, before)), "id", {PLACE: NUMBER}).unjoined == {}


def test_name_of_a_template_from_before_names_were_tidied_is_the_same_person() -> None:
    before = hashlib.sha256(f"{PLACE} 陈　明".encode()).hexdigest()[:8]

    assert joined(roster(name="陈　明", key=f"{PLACE}.{before}"), "id", {PLACE: NUMBER}).unjoined == {}


def test_masks_in_full_width_or_with_blanks_are_masks() -> None:
    wide = MASKED.replace("*", "＊") + " "

    assert is_masked(cell(wide))
    assert joined(roster(number=wide), "id", {PLACE: NUMBER}).unjoined == {}


def test_row_that_was_typed_in_full_is_left_as_it_is() -> None:
    dossier = roster(number=NUMBER, name="叶秋")

    assert masked_rows(dossier, "id") == []
    assert joined(dossier, "id", {}) == dossier


def test_key_that_names_no_place_asks_for_nothing() -> None:
    assert places_asked(masked_rows(roster(key="nonsense"), "id")) == ()
