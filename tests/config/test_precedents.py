"""Real scoring tables of other places can be written as configuration and score as their text says."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from config.campaign_folder import YEAR, read_folder
from rules.campaign.facts import Facts
from rules.campaign.scheme import Scheme
from rules.campaign.scoring import score

HERE = Path(__file__).parent
TABLES = HERE / "precedents"


def scheme_of(tmp_path: Path, name: str) -> Scheme:
    """The table in an otherwise complete folder, without a mistake."""
    folder = Path(shutil.copytree(HERE / "yunxi-2026", tmp_path / "yunxi-2026"))
    (folder / YEAR).unlink()
    shutil.copy(TABLES / "forms.yaml", folder / "forms.yaml")
    shutil.copy(TABLES / f"{name}.yaml", folder / "indicators.yaml")
    reading = read_folder(folder)
    assert reading.campaign is not None, reading.mistakes
    return reading.campaign.scheme


def points(scheme: Scheme, facts: Facts) -> list[Fraction]:
    return [line.points for line in score(scheme, facts).lines]


HANGZHOU: Facts = {
    "employed": 94, "able_and_willing": 100, "moved": 85, "surplus": 100, "low_placed": 7, "low_households": 7,
    "cards": 30, "cards_due": 30, **{f"2.5/{n}": 1 for n in range(1, 7)}, "3.3": 4,
}  # fmt: skip
BAOJI: Facts = {
    "registered_placed": 9, "registered": 10, "older_placed": 18, "older": 20, "zero_helped": 2, "zero_families": 2,
    "4": 15, "still_registered": 3, "active": 100, "6": 4, "7": 30, "trained": 40, "newcomers": 40,
    "graduates_placed": 95, "graduates": 100, "10": 10, "11": 8,
}  # fmt: skip


def test_hangzhou_gives_full_points_to_a_village_that_misses_nothing(tmp_path: Path) -> None:
    scheme = scheme_of(tmp_path, "hangzhou")

    assert points(scheme, HANGZHOU) == [10, 10, 20, 10, 10, 10, 10, 4, 4]


@pytest.mark.parametrize(
    ("row", "facts", "expected"),
    [
        (0, {"1/1": 1, "1/2": 2}, 2),
        (0, {"1/1": 1, "1/2": 3}, 0),
        (1, {"employed": 93}, 0),
        (2, {"moved": 84}, 0),
        (3, {"low_placed": 6}, 0),
        (4, {"cards": 29}, 0),
        (5, {"2.5/4": 0}, 0),
        (6, {"3.1/1": 1, "3.1/2": 1}, Fraction(13, 2)),
        (6, {"3.1/2": 30}, 0),
        (7, {"3.2/1": 1, "3.2/2": 1}, 1),
    ],
)
def test_hangzhou_deducts_as_its_text_says(
    tmp_path: Path, row: int, facts: Facts, expected: Fraction | int
) -> None:
    scheme = scheme_of(tmp_path, "hangzhou")

    assert points(scheme, {**HANGZHOU, **facts})[row] == expected


def test_baoji_scores_as_its_text_says(tmp_path: Path) -> None:
    scheme = scheme_of(tmp_path, "baoji")

    assert points(scheme, BAOJI) == [10, 20, 15, 15, 10, 40, 30, 10, 10, 10, 8]
    assert score(scheme, BAOJI).total == 178


@pytest.mark.parametrize(
    ("row", "facts", "expected"),
    [
        (2, {"zero_helped": 1}, 0),
        (2, {"zero_helped": 0, "zero_families": 0}, 15),
        (4, {"still_registered": 4}, 0),
        (5, {"6": 9}, 50),
        (6, {"7": 130}, 100),
        (7, {"trained": 20}, 5),
        (7, {"trained": 19}, 0),
        (8, {"graduates_placed": 94}, 5),
        (8, {"graduates_placed": 47}, 0),
    ],
)
def test_baoji_gives_half_or_nothing_or_the_cap(
    tmp_path: Path, row: int, facts: Facts, expected: int
) -> None:
    scheme = scheme_of(tmp_path, "baoji")

    assert points(scheme, {**BAOJI, **facts})[row] == expected


def test_zhenjiang_adds_praise_and_reports_up_to_ten_points(tmp_path: Path) -> None:
    scheme = scheme_of(tmp_path, "zhenjiang")

    some = score(scheme, {"1": 92, "J1": 1, "J3": 2, "J4": 7})
    many = score(scheme, {"1": 92, "J1": 3, "J2": 4, "J4": 90})

    assert (some.bonus, some.total) == (Fraction(57, 10), Fraction(977, 10))
    assert (many.bonus, many.total, many.line("J4").points) == (10, 102, 2)
    assert {one.evidence for one in scheme.bonus} == {"表彰决定", "报道原件"}
