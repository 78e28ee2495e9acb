"""A village's people on a telephone: overdue ones confirmed with one press, a visit recorded in a few."""

from __future__ import annotations

import re

import pytest

from records import clock
from records.store import Store
from records.tables.year import RosterConfirmationRow, ServiceRow
from tests.actions.conftest import CAMPAIGN_ID
from tests.actions.year.conftest import CLERK, NUMBERS, SOON, TOWN, VILLAGE, at, kept, keys, year
from tests.conftest import rows_of
from tests.portal.conftest import Browser, Portal

__all__ = ["kept", "year"]

PAGE = f"/campaigns/{CAMPAIGN_ID}/villages/{VILLAGE}/year"


@pytest.fixture
def clerk(kept: Store, portal: Portal) -> Browser:
    """More than a month after the roster began."""
    clock.simulate(kept, at(SOON))
    return portal.as_(CLERK)


def boxes(text: str) -> list[str]:
    return re.findall(r'name="row" value="(\w+)"', text)


def test_clerk_finds_the_overdue_from_the_village_masked(clerk: Browser, kept: Store) -> None:
    assert f'href="{PAGE}"' in clerk.look(f"/campaigns/{CAMPAIGN_ID}/villages/{VILLAGE}")

    text = clerk.look(PAGE)

    assert (boxes(text), "逾期未核实1人" in text) == ([keys(kept)[1]], True)
    assert not [number for number in NUMBERS if number in text]


def test_clerk_confirms_a_list_with_one_press(clerk: Browser, kept: Store) -> None:
    chosen = boxes(clerk.look(PAGE))

    done = clerk.fill_in(f"{PAGE}/confirmed", {"row": chosen, "day": SOON.isoformat()})

    assert ("没有变化。" in done.text, boxes(done.text)) == (True, [])
    assert [one.people for one in rows_of(kept, RosterConfirmationRow)] == [chosen]


def test_clerk_records_a_visit_of_somebody_found_by_name_and_not_twice(clerk: Browser, kept: Store) -> None:
    [chosen] = boxes(clerk.look(f"{PAGE}?name=张"))
    visit = {"row": chosen, "day": SOON.isoformat(), "kind": "visit"}

    first, second = (clerk.fill_in(f"{PAGE}/services", visit) for _ in range(2))
    again = clerk.fill_in(f"{PAGE}/services", {**visit, "again": "yes"})

    assert (first.status_code, second.status_code, again.status_code) == (200, 422, 200)
    assert "服务已登记。" in first.text
    assert [one.people for one in rows_of(kept, ServiceRow)] == [[chosen], [chosen]]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("confirmed", {"day": "2021-13-01"}),
        ("confirmed", {"day": "2021-02-01"}),
        ("services", {"day": "x", "kind": "visit"}),
        ("services", {"day": "2021-02-01", "kind": "publicity", "count": "viele"}),
    ],
)
def test_form_that_says_nothing_is_refused(clerk: Browser, path: str, form: dict[str, str]) -> None:
    clerk.look(PAGE)

    assert clerk.fill_in(f"{PAGE}/{path}", form).status_code == 422


def test_page_before_a_roster_has_begun_says_what_to_do(opened: Store, portal: Portal) -> None:
    text = portal.as_(CLERK).look(PAGE)

    assert ("日常服务尚未启用" in text, boxes(text), 'name="kind"' in text) == (True, [], False)


def test_deputy_head_looks_and_presses_nothing(clerk: Browser, portal: Portal) -> None:
    text = portal.as_(f"head-{TOWN}").look(PAGE)

    assert ("逾期未核实1人" in text, boxes(text), 'name="kind"' in text) == (True, [], False)
