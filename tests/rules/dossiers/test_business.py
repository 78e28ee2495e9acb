"""Business data beside claims: whom an extract names, and on whom it and the roster disagree."""

from __future__ import annotations

import pytest

from rules.campaign.business import BusinessSource
from rules.dossiers.business import Extract, Held, read_extract, to_spot_check
from rules.refusals import Refused
from tests.rules.samples import id_number

FIRST, SECOND, THIRD = (id_number(one) for one in (1, 2, 3))
INSURED = BusinessSource(
    "insurance",
    "参保记录",
    "insured",
    ("身份证号", "证件号码"),
    (("参保状态", ("正常参保", "在保")),),
    ("B1.3",),
)
EVERYBODY = BusinessSource("hardship", "认定名单", "hardship", ("身份证号",))


def test_rows_that_count_give_their_numbers_once() -> None:
    table = [
        ["某局导出", "", ""],
        ["姓名", "证件号码 ", "参保状态"],
        ["甲", f" {FIRST.lower()}", "正常参保"],
        ["甲", FIRST, "在保"],
        ["乙", SECOND, "停保"],
        ["丙", "330102199003", "在保"],
        ["丁"],
        ["", "", ""],
    ]

    assert read_extract(INSURED, table) == Extract((FIRST,), 1)


def test_source_without_conditions_counts_every_row() -> None:
    assert read_extract(EVERYBODY, [["身份证号"], [FIRST], [SECOND], [""]]) == Extract((FIRST, SECOND), 0)


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ([], "no_id_column"),
        ([["姓名"], ["甲"]], "no_id_column"),
        ([["身份证号", "状态"], [FIRST, "在保"]], "no_such_column"),
    ],
)
def test_table_without_the_columns_is_refused(table: list[list[str]], code: str) -> None:
    refused = read_extract(INSURED, table)

    assert isinstance(refused, Refused)
    assert refused.code == code


def test_disagreement_names_the_rows_of_both_sides_and_begins_the_spot_check() -> None:
    held = Held(INSURED, frozenset({4, 5, 6}), frozenset({6, 9}))

    assert (held.difference, held.only_claimed, held.only_known) == (1, (4, 5), (9,))
    assert to_spot_check([held, Held(EVERYBODY, frozenset({7}), frozenset())], "B1.3") == (4, 5, 9)
    assert to_spot_check([held], "B3.1") == ()
