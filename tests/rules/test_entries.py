"""What people type: one rule for numbers, whole numbers, numbers of rows and days, whatever the door."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from rules.entries import (
    exact_texts,
    read_day,
    read_number,
    read_ratio,
    read_ratios,
    read_row_number,
    read_whole,
    refuse_year,
)
from rules.refusals import Refused

NO_NUMBER = (
    "", " ", "1e5000", "1E2", "1_000", "١٢", "０x1", "+1", "--1", "1.2.3", "1.", ".5", "inf", "nan", "9" * 10,
    "9" * 5000, f"0.{'1' * 31}", "1,000", "1/2/3", "1/0", "/2", "1/", "1/-2", "三", "10²", "①",
)  # fmt: skip
"""What Python's own readers take, or choke on, and what is simply none."""


@pytest.mark.parametrize("text", NO_NUMBER)
def test_text_that_is_no_number_is_none_for_every_reader(text: str) -> None:
    read = [read_number(text), read_ratio(text), read_whole(text), read_whole(text, signed=True)]

    assert read == [None] * 4
    assert read_ratios({"B1.3": text}) == Refused(
        "not_a_number", "分值和数字请填写整数、小数或分数，如 3、0.5、1/3，不写单位和正负号。"
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", Fraction(3)),
        ("0.5", Fraction(1, 2)),
        ("４．５", Fraction(9, 2)),
        (" 007\u3000", Fraction(7)),
        ("9" * 9, Fraction(999_999_999)),
        ("1/3", Fraction(1, 3)),
        ("１／３", Fraction(1, 3)),
        ("\u200b36\u00a0", Fraction(36)),
        ("0.5/2", Fraction(1, 4)),
    ],
)
def test_number_is_read_exactly_in_half_and_full_width(text: str, number: Fraction) -> None:
    assert read_ratios({"B1.3": text}) == {"B1.3": number}


def test_numbers_are_kept_in_half_width_and_whole_ones_without_a_point() -> None:
    typed = {"a": "１", "b": "1.0", "c": "0.50", "d": "2/6", "e": "00"}

    assert exact_texts(typed) == {"a": "1", "b": "1", "c": "0.50", "d": "2/6", "e": "0"}


@pytest.mark.parametrize(
    ("text", "unsigned", "signed"), [("12", 12, 12), ("-12", None, -12), ("－３", None, -3)]
)
def test_sign_is_taken_only_where_it_is_allowed(text: str, unsigned: int | None, signed: int) -> None:
    assert (read_whole(text), read_whole(text, signed=True)) == (unsigned, signed)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, 0),
        ("9" * 5000, 0),
        ("１２", 0),
        ("١", 0),
        ("-1", 0),
        ("", 0),
    ],
)
def test_number_of_a_row_fits_every_database(text: str, number: int) -> None:
    assert read_row_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05",
        "2026.1.5",
        "2026/01/05",
        "20260105",
        "2026年1月5日",
        "２０２６－０１－０５",
        " 2026-01-05 0:00",
    ],
)
def test_day_is_read_as_a_cell_may_say_it(text: str) -> None:
    assert read_day(text) == date(2026, 1, 5)


@pytest.mark.parametrize(
    "text", ["", "2026-W01-1", "2026W011", "2026-005", "2026-02-30", "26-01-05", "1月5日", "٢٠٢٦-٠١-٠٥", "9" * 5000]
)  # fmt: skip
def test_text_that_is_no_day_is_refused_with_a_sentence(text: str) -> None:
    refused = read_day(text)

    assert isinstance(refused, Refused)
    assert (refused.code, len(refused.reason) < 90) == ("no_date", True)


@pytest.mark.parametrize("text", ["9999-12-31", "0001-01-01", "1899-12-31", "2200-01-01"])
def test_day_of_another_century_is_refused(text: str) -> None:
    assert read_day(text) == Refused("far_year", f"日期{text}的年份不对，须在1900年至2199年之间，请核对。")


@pytest.mark.parametrize(
    ("year", "code"), [(2014, "far_year"), (2015, None), (2025, None), (2026, "far_year")]
)
def test_day_some_years_from_what_it_is_about_is_refused(year: int, code: str | None) -> None:
    refused = refuse_year(date(year, 6, 1), about=2020)

    assert (refused.code if refused else None) == code
