"""Every long table as a workbook with all its rows, opened again."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import load_workbook

from portal.overview.tables import COLUMNS, TABLES, Table
from records.store import Store
from rules.people.rights import RIGHTS
from tests.actions.conftest import CAMPAIGN_ID
from tests.portal.conftest import Browser, Portal


@pytest.fixture
def coordinator(portal: Portal, submitting: Store, at: Callable[[int, int], None]) -> Browser:
    """The coordinator on 17 November, when two dossiers are late."""
    at(11, 17)
    return portal.as_("coordinator-1")


def address(name: str) -> str:
    return f"/campaigns/{CAMPAIGN_ID}/tables/{name}.xlsx"


def rows_of_table(browser: Browser, name: str, query: str = "") -> list[tuple[object, ...]]:
    answer = browser.get(address(name) + query)
    assert answer.status_code == 200
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    rows = [tuple(row) for row in sheet.iter_rows(values_only=True)]
    head = next(n for n, row in enumerate(rows) if row[0] == COLUMNS[name][0])
    assert rows[head][: len(COLUMNS[name])] == COLUMNS[name]
    return rows[head + 1 :]


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.name)
def test_every_table_opens_as_a_workbook_and_each_row_fills_its_columns(
    coordinator: Browser, table: Table
) -> None:
    rows = rows_of_table(coordinator, table.name)

    assert rows or table.name == "ledger"
    assert all(row[0] for row in rows)


def test_table_of_towns_counts_as_the_board_does(coordinator: Browser) -> None:
    rows = rows_of_table(coordinator, "towns")

    [town] = [row for row in rows if row[:2] == ("八都镇", "汇总上报")]
    assert town[2:7] == (2, 0, 0, 2, None) or town[2:7] == (2, 0, 0, 2, 0)
    assert len(rows) == 10


def test_table_of_the_audit_log_keeps_the_filters_of_its_page(coordinator: Browser) -> None:
    opened = rows_of_table(coordinator, "audit", "?act=confirm_survey")

    assert opened
    assert {row[3] for row in opened} == {"确认调查摸底"}


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.name)
def test_table_is_there_for_whoever_may_read_its_page_and_for_nobody_else(
    portal: Portal, submitting: Store, table: Table
) -> None:
    people = {"coordinator": "coordinator-1", "auditor": "auditor-1", "town_clerk": "clerk-331181100"}

    for role, person in people.items():
        status = 200 if role in RIGHTS[table.right] else 404
        assert portal.as_(person).get(address(table.name)).status_code == status
