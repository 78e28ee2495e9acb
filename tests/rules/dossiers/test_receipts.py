"""What a receipt reads back, and how it adds up."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from rules.dossiers.receipts import NEXT, TITLES, Receipt, ReceiptLine, read_back
from tests.rules.samples import SCHEME

LINES = {
    "A1.1": ["14", "520/530=98.11%，满分"], "A1.4": ["4", "满分"], "A4.2": ["3/2", "1.5分"],
    "B1.1": ["3", "2项中具备2项，满分"], "B1.3": ["5", "1例"], "B3.4": ["3", "4×0.75分"],
    "C1": ["2", "评定2分"], "C2": ["3", "国家，满分"],
}  # fmt: skip
RECEIPT = Receipt(
    "活动", "示例市", "示例镇", "第一村", "331181101201", 2, "accepted", "经办丁", "收件", False, "校验", 10,
    "ab" * 32, "2020.1", "sample", "1", 0, None, (), 7, "cd" * 32, "下一步", "自拟示例",
)  # fmt: skip


def test_score_is_read_back_by_part_and_indicator_with_the_bonus_capped() -> None:
    read = read_back(SCHEME, people=2, lines=LINES, total=Fraction(69, 2), vetoes=["V1", "V9"])

    assert read.sum == "A部分19.50＋B部分11.00＋加分4.00＝34.50"
    assert [(part.title, part.points, part.maximum) for part in read.parts] == [
        ("A部分", "19.50", "21.00"),
        ("B部分", "11.00", "12.00"),
        ("加分", "4.00", "4.00"),
    ]
    assert read.parts[0].lines[2] == ReceiptLine("A4.2", "创业带动就业", "3.00", "1.50", "1.5分")
    assert (read.people, read.total, read.vetoes) == (2, "34.50", ("零就业家庭未消除", "V9"))


def test_scheme_without_bonus_has_no_such_part() -> None:
    read = read_back(replace(SCHEME, bonus=()), people=2, lines=LINES, total=Fraction(61, 2), vetoes=[])

    assert read.sum == "A部分19.50＋B部分11.00＝30.50"


def test_receipt_is_named_by_state_number_and_timeliness() -> None:
    assert set(TITLES) == set(NEXT)
    assert (RECEIPT.title, RECEIPT.number, RECEIPT.timeliness) == (
        "申报材料校验通过回执",
        "331181101201-2",
        "按时",
    )
    assert replace(RECEIPT, late=True).timeliness == "逾期"
