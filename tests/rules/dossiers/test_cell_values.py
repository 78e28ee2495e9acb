"""Reading and judging cells."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from rules.dossiers.cell_values import entries, judge_cell, read_date, read_flag, read_number
from rules.dossiers.dossier import Value
from tests.rules.samples import cell, local


def test_words_are_parted_by_any_separator_people_type() -> None:
    found = entries(cell("高校毕业生、残疾人，低保；个体/创业"), "choices")

    assert found == {"高校毕业生", "残疾人", "低保", "个体/创业"}


@pytest.mark.parametrize(
    ("value", "number"),
    [(3, 3), (0.1, Fraction(1, 10)), ("３０", 30), (True, 1), (-1, None), ("约30", None), (None, None)],
)
def test_number_is_read_exactly_or_not_at_all(value: Value, number: Fraction | None) -> None:
    assert read_number(cell(value)) == number


@pytest.mark.parametrize(("value", "flag"), [("是", 1), ("×", 0), (1, 1), ("0", 0), ("也许", None)])
def test_flag_is_read_from_words_and_numbers(value: Value, flag: int | None) -> None:
    assert read_flag(cell(value)) == flag


@pytest.mark.parametrize(
    "value",
    [date(2020, 10, 2), local(10, 2, 8), "2020-10-02", "2020.10.2", "20201002", "2020年10月2日"],
)
def test_date_is_read_as_people_write_it(value: Value) -> None:
    assert read_date(cell(value)) == date(2020, 10, 2)


@pytest.mark.parametrize("value", ["2020-13-01", "昨天", 44106])
def test_date_that_is_none_is_not_read(value: Value) -> None:
    assert read_date(cell(value)) is None


@pytest.mark.parametrize(
    ("kind", "value", "codes"),
    [
        ("text", "随便", ()),
        ("integer", 30.0, ()),
        ("integer", 1.5, ("integer_unreadable",)),
        ("integer", "无", ("integer_unreadable",)),
        ("number", 1.5, ()),
        ("number", "甲", ("number_unreadable",)),
        ("date", "2020-10-02", ()),
        ("date", "昨天", ("date_unreadable",)),
        ("choice", " 高中（中专） ", ()),
        ("choice", "博士后", ("choice_unknown",)),
        ("choices", "本科、高中(中专)", ()),
        ("choices", "本科、博士后", ("choices_unknown",)),
        ("id_number", "'331199199003070019", ("id_corrected",)),
        ("id_number", "331199 199003070018", ("id_check_digit", "id_corrected")),
    ],
)
def test_cell_is_judged_by_its_kind(kind: str, value: Value, codes: tuple[str, ...]) -> None:
    assert judge_cell(cell(value), kind, ("高中(中专)", "本科")) == codes


def test_cell_of_a_field_without_choices_takes_any() -> None:
    assert judge_cell(cell("省级"), "choice") == judge_cell(cell("省级"), "choices") == ()


def test_cell_with_an_error_is_that_error_only() -> None:
    assert judge_cell(cell("#REF!", kind="error"), "integer") == ("cell_error",)
