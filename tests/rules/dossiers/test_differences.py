"""What changed between two versions: cells, people, whose row is whose, and what is never told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.dossiers.differences import (
    MOST_ROWS,
    ROW_KEY,
    Alike,
    CellChange,
    Difference,
    FormDifference,
    RowChange,
    difference,
)
from rules.dossiers.dossier import Cell, RosterRow
from tests.rules.samples import CAMPAIGN, cell, dossier, id_number, row


def between(before: tuple[RosterRow, ...], after: tuple[RosterRow, ...]) -> Difference:
    return difference(
        CAMPAIGN, dossier(before, survey={"able_total": 1}), dossier(after, survey={"able_total": 1})
    )


def masked(serial: int) -> str:
    return "*" * 16 + id_number(serial)[-2:]


def test_version_that_reads_the_same_has_no_difference() -> None:
    found = between((row(5), row(6)), (row(5, sex="女"), row(6)))

    assert found.is_nothing
    assert (found.roster.people_before, found.roster.people_after) == (2, 2)


def test_cells_of_forms_are_told_with_title_place_and_both_texts() -> None:
    before = dossier(claims={"B1.3": 1, "B1.3:score": 5.0}, survey={"reasons": None})
    after = dossier(
        claims={"B1.3": 2, "B1.3:score": 5}, survey={"reasons": "漏报一人"}, recommendation={"total": 33}
    )

    found = difference(CAMPAIGN, before, after)

    assert not found.is_nothing
    assert found.forms == (
        FormDifference("附件1 评价指标", (CellChange("B1.3 基础台账动态更新", "@B1.3", "1", "2"),)),
        FormDifference("附件3 调查表", (CellChange("不一致的原因", "@reasons", "", "漏报一人"),)),
        FormDifference("附件4 推荐表", (CellChange("合计得分", "@total", "34.5", "33"),)),
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (cell(None, formula="=A1"), "(公式，未计算)"),
        (cell(True, kind="flag"), "是"),
        (cell(False, kind="flag"), "否"),
        (7.0, "7"),
        ("长" * 200, "长" * 120 + "…(共200字)"),
        ("号" + id_number(3), "号" + masked(3)),
    ],
)
def test_cell_is_told_as_people_read_it(value: Cell | float | str, text: str) -> None:
    found = difference(CAMPAIGN, dossier(survey={"reasons": "旧"}), dossier(survey={"reasons": value}))

    assert [one.after for one in found.forms[1].cells] == [text]


def test_claim_that_is_missing_from_a_version_is_told_as_blank() -> None:
    before = dossier()
    after = replace(before, claims={key: one for key, one in before.claims.items() if key != "C1"})

    found = difference(CAMPAIGN, before, after)

    assert found.forms[0].cells == (CellChange("C1 特色载体或品牌", "@C1", "2", ""),)


def test_people_who_came_and_went_are_told_by_name_and_masked_number() -> None:
    found = between((row(5), row(6, name="测试乙")), (row(5), row(6, name="测试丙", id_number=id_number(99))))

    assert found.roster.rows_removed == (RowChange("测试乙", masked(13), 6, 0),)
    assert found.roster.rows_added == (RowChange("测试丙", masked(99), 0, 6),)
    assert (found.roster.added, found.roster.removed, found.roster.changed) == (1, 1, 0)


def test_person_who_moved_to_another_row_is_the_same_person() -> None:
    found = between(
        (row(5), row(6, name="测试乙"), row(7, household="5", id_number=id_number(41))),
        (row(5, id_number=id_number(41)), row(6, name="测试乙", id_number=id_number(13), industry="三")),
    )

    change = CellChange("产业", "industry6", "二", "三")
    assert found.roster.rows_changed == (RowChange("测试乙", masked(13), 6, 6, (change,)),)
    assert [one.before for one in found.roster.rows_removed] == [5]


def test_number_put_right_is_the_same_person_by_name_and_tells_neither_number() -> None:
    wrong, right = id_number(13), id_number(13, born="19900308")
    found = between((row(6, id_number=wrong),), (row(9, id_number=right),))

    (changed,) = found.roster.rows_changed
    assert (changed.before, changed.after) == (6, 9)
    assert changed.cells[1] == CellChange(
        "身份证号", "id_number9", "*" * 16 + wrong[-2:], "*" * 16 + right[-2:]
    )
    assert wrong not in repr(found)
    assert right not in repr(found)


def test_numbers_that_look_alike_when_masked_are_told_to_differ() -> None:
    found = between((row(6, id_number="331199A12"),), (row(6, id_number="331199B12"),))

    assert found.roster.rows_changed[0].cells == (
        CellChange("身份证号", "id_number6", "*******12", "*******12(内容不同)"),
    )


def test_row_with_a_key_is_known_by_it_whatever_else_changed() -> None:
    columns = (*CAMPAIGN.forms.roster, replace(CAMPAIGN.forms.roster[0], key=ROW_KEY, title="行号"))
    campaign = replace(CAMPAIGN, forms=replace(CAMPAIGN.forms, roster=columns))
    before = row(6, name="测试乙", **{ROW_KEY: "r1"})
    after = row(9, name="测试丙", id_number=id_number(99), household="6", **{ROW_KEY: "r1"})

    found = difference(campaign, dossier((before,)), dossier((after,)))

    assert [one.title for one in found.roster.rows_changed[0].cells] == ["姓名", "身份证号"]


def test_row_without_a_name_is_known_by_its_place() -> None:
    found = between((row(6, name=None),), (row(6, name="测试乙", id_number=id_number(99)),))

    assert (found.roster.changed, found.roster.added) == (1, 0)


def test_people_with_one_number_are_told_apart_in_their_order() -> None:
    twice = (row(6, name="甲", id_number=id_number(3)), row(7, name="乙", id_number=id_number(3)))

    assert between(twice, twice).is_nothing


def test_change_that_many_rows_share_is_told_once_with_its_places() -> None:
    before = tuple(row(number) for number in range(5, 11))
    after = tuple(row(number, industry="三", note="改" if number == 5 else None) for number in range(5, 11))

    found = between(before, after).roster

    where = "、".join(f"industry{number}" for number in range(5, 11))
    assert found.alike == (Alike("产业", "二", "三", 6, where),)
    assert [one.cells for one in found.rows_changed] == [(CellChange("备注", "note5", "", "改"),)]
    assert (found.changed, found.unlisted) == (6, 0)


def test_more_people_than_fit_are_counted() -> None:
    many = tuple(row(number, name=f"测试{number}") for number in range(5, 5 + MOST_ROWS + 20))

    found = between((), many).roster

    assert (found.added, len(found.rows_added), found.unlisted) == (MOST_ROWS + 20, MOST_ROWS, 20)
