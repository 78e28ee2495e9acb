"""Signs that nobody types on purpose."""

from __future__ import annotations

import pytest

from rules.signs import (
    LONGEST_TEXT,
    any_text,
    for_csv,
    has_unseen,
    is_one_line,
    is_too_long,
    looks_live,
    says_nothing,
)


@pytest.mark.parametrize("text", ["\0", "a\x1bb", "\x7f", "\x85", "\ud800", "\u2028", "\u2029"])
def test_control_sign_is_unseen_in_text_and_no_part_of_a_name(text: str) -> None:
    assert (has_unseen(text), is_one_line(text)) == (True, False)


@pytest.mark.parametrize("text", ["\r\n", "一行\t两行\n"])
def test_line_break_belongs_to_text_and_not_to_a_name(text: str) -> None:
    assert (has_unseen(text), is_one_line(text)) == (False, False)


@pytest.mark.parametrize("text", ["", "测试 甲", "😀", "é", "\u200b"])
def test_what_people_type_is_fine(text: str) -> None:
    assert (has_unseen(text), is_one_line(text)) == (False, True)


@pytest.mark.parametrize(
    ("plain", "unseen"),
    [({"a": ["b", {"c": "\0"}]}, True), ({"\0": 1}, True), ({"a": [1, None, b"\0", "b"]}, False)],
)
def test_everything_within_is_looked_at(plain: object, unseen: bool) -> None:
    assert any_text(plain, has_unseen) is unseen


@pytest.mark.parametrize(
    ("text", "live"),
    [
        ("=1", True),
        ("+86", True),
        ("-", True),
        ("@甲", True),
        ("＝1", True),
        ("\t=1", True),
        ("1=1", False),
        ("", False),
    ],
)
def test_text_that_begins_like_a_formula_looks_live(text: str, live: bool) -> None:
    assert looks_live(text) is live


@pytest.mark.parametrize(
    ("value", "told"),
    [("=1", "'=1"), ("@甲", "'@甲"), ("-甲", "'-甲"), ("-3.5", "-3.5"), ("甲", "甲"), (-1, -1), ("", "")],
)
def test_text_that_looks_live_is_written_with_an_apostrophe_and_a_number_is_not(
    value: object, told: object
) -> None:
    assert for_csv(value) == told


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("", True),
        (" \t\n\u3000", True),
        ("\u200b", True),
        ("\u2060 \ufeff", True),
        ("甲", False),
        ("。", False),
    ],
)
def test_text_of_which_nothing_can_be_seen_says_nothing(text: str, nothing: bool) -> None:
    assert says_nothing(text) is nothing


@pytest.mark.parametrize(("longer", "too_long"), [(0, False), (1, True)])
def test_text_longer_than_anybody_reads_is_too_long(longer: int, too_long: bool) -> None:
    text = "甲" * (LONGEST_TEXT + longer)

    assert (is_too_long(text), any_text({"a": [text]}, is_too_long)) == (too_long, too_long)
