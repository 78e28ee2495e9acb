"""Copies of one photo."""

from __future__ import annotations

import pytest

from rules.dossiers.pictures import ALIKE_WITHIN, alike, distance


def differing(bits: int) -> str:
    return f"{(1 << bits) - 1:064x}"


@pytest.mark.parametrize(
    ("bits", "expected"), [(0, True), (ALIKE_WITHIN, True), (ALIKE_WITHIN + 1, False), (256, False)]
)
def test_pictures_are_alike_up_to_so_many_bits(bits: int, expected: bool) -> None:
    nothing = "0" * 64

    assert distance(nothing, differing(bits)) == bits
    assert alike(nothing, differing(bits)) is expected


@pytest.mark.parametrize("pair", [("", ""), ("", "0" * 64), ("0" * 64, "")])
def test_picture_without_likeness_is_like_none(pair: tuple[str, str]) -> None:
    assert alike(*pair) is False
