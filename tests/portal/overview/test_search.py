"""Finding a town, a village, somebody or a case."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from records.store import Store
from records.tables.review import GateRow
from tests.actions.conftest import CAMPAIGN_ID
from tests.portal.conftest import Browser, Portal

SEARCH = f"/campaigns/{CAMPAIGN_ID}/search"


@pytest.fixture
def coordinator(
    portal: Portal, submitting: Store, at_desk: GateRow, at: Callable[[int, int], None]
) -> Browser:
    at(11, 17)
    return portal.as_("coordinator-1")


@pytest.mark.parametrize(
    ("words", "shown", "left_out"),
    [
        ("第一村", "八都镇第一村", "小查田村"),
        ("331181100200", "八都镇第一村", "小查田村"),
        ("查田镇", "/towns/331181103", "第一村"),
        ("季文静", "/people/", "第一村"),
        ("CLERK-331181103", "叶晓峰", "第一村"),
        ("没有这个", "没有找到", "第一村"),
        ("#99999999999999999999", "没有找到", "第一村"),
        ("%", "没有找到", "第一村"),
    ],
)
def test_search_finds_by_part_of_a_name_a_code_or_an_account(
    coordinator: Browser, words: str, shown: str, left_out: str
) -> None:
    page = coordinator.get(SEARCH, params={"q": words}).text

    assert shown in page
    assert left_out not in page


def test_search_finds_the_case_and_the_duties_of_a_village(coordinator: Browser, at_desk: GateRow) -> None:
    page = coordinator.get(SEARCH, params={"q": "第一村"}).text

    assert f'href="/gates/{at_desk.id}"' in page
    assert "材料初审" in page


def test_search_finds_a_duty_by_its_number(coordinator: Browser) -> None:
    found = coordinator.get(SEARCH, params={"q": "小查田村"}).text
    number = found.split('href="/duties/')[1].split('"')[0]

    assert f'href="/duties/{number}"' in coordinator.get(SEARCH, params={"q": f"#{number}"}).text


def test_leader_finds_villages_and_no_accounts(portal: Portal, submitting: Store) -> None:
    page = portal.as_("leader-1").get(SEARCH, params={"q": "叶晓峰"}).text

    assert "没有找到" in page


def test_clerk_has_no_search(portal: Portal, submitting: Store) -> None:
    assert portal.as_("clerk-331181100").get(SEARCH, params={"q": "村"}).status_code == 404
