"""The table of spellings: every sample means what the table says, for every reader of it."""

from __future__ import annotations

import pytest

from rules.dossiers.cell_values import entries, read_age, read_date, read_flag, read_number
from rules.dossiers.dossier import Cell
from rules.dossiers.id_numbers import normalise_id
from rules.dossiers.tolerances import (
    TOLERANCES,
    asked,
    choice_meant,
    folded,
    folded_name,
    household_meant,
    oddness,
    rule_of,
    sex_meant,
    yes_words,
)

OFFERED = ("是", "否", "男", "女", "已就业", "个体/创业", "高中(中专)")
READ = {
    "id_number": lambda text: normalise_id(text)[0],
    "integer": lambda text: read_number(cell(text)),
    "number": lambda text: read_number(cell(text)),
    "date": lambda text: read_date(cell(text)),
    "choice": lambda text: entries(cell(text), "choice", OFFERED),
    "choices": lambda text: entries(cell(text), "choices"),
    "flag": lambda text: read_flag(cell(text)),
    "name": folded_name,
    "sex": lambda text: sex_meant(folded(text)),
    "age": lambda text: read_age(cell(text)),
    "household": lambda text: household_meant(folded(text)),
}
SAMPLES = [(kind, *pair) for kind, one in TOLERANCES.items() for pair in one.samples]


def cell(text: str) -> Cell:
    return Cell("表", "A1", text, "text")


@pytest.mark.parametrize(("kind", "typed", "meant"), SAMPLES)
def test_sample_of_a_spelling_is_read_as_what_it_means(kind: str, typed: str, meant: str) -> None:
    assert READ[kind](typed) == READ[kind](meant)
    assert READ[kind](meant) is not None


def test_every_kind_that_takes_something_else_shows_samples_of_it() -> None:
    assert [kind for kind, one in TOLERANCES.items() if bool(one.takes) != bool(one.samples)] == []


def test_invisible_sign_is_invisible_to_every_reader() -> None:
    """One list: a soft hyphen in an identity number is no more foreign than one in an answer."""
    for sign in "\u00ad\u200b\u200e\u202a\u2060\u2066\ufeff\ufe0f\u3164":
        assert folded(f"已{sign}就业") == "已就业", sign
        assert normalise_id(f"331199{sign}19900307001X") == ("33119919900307001X", ("zero_width",)), sign


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("已\u200b就业", "含有看不见的字符"),
        ("已就业 ", "多了空格"),
        ("高 中", "多了空格"),
        ("个体／创业", "是全角或另一种写法"),
        ("男性", "是另一种写法"),
    ],
)
def test_what_is_odd_about_a_spelling_is_said(text: str, said: str) -> None:
    assert oddness(text) == said


def test_kinds_without_a_rule_ask_nothing_and_limit_nothing() -> None:
    assert (asked("text"), rule_of("text"), rule_of("choice")) == ("", None, None)
    assert rule_of("id_number") == TOLERANCES["id_number"].rule


def test_words_for_yes_are_those_that_a_cell_may_hold() -> None:
    assert {read_flag(cell(word)) for word in yes_words() if word != "TRUE"} == {1}


@pytest.mark.parametrize(
    ("word", "choices", "meant"),
    [
        ("汉", ("汉族", "畲族"), "汉族"),
        ("男性", ("男", "女"), "男"),
        ("√", ("是", "否"), "是"),
        ("0", ("是", "否"), "否"),
        ("无", ("有", "无"), "无"),
        ("√", ("有", "无"), "√"),
        ("有", ("是", "否", "有"), "有"),
        ("汉", ("汉族", "汉性"), "汉"),
        ("族", ("汉族", "无"), "族"),
        ("外星", ("男", "女"), "外星"),
    ],
)
def test_word_is_a_choice_only_where_it_can_mean_no_other(
    word: str, choices: tuple[str, ...], meant: str
) -> None:
    assert choice_meant(word, choices) == meant
