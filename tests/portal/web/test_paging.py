"""Long lists come in sheets, and the board of a large county is not drawn again for everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions.campaign.survey import ask_for_survey
from portal.people import staff
from portal.web.board_cache import Boards
from portal.web.paging import Sheet, number_in, sheet_of
from records.store import Store
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local
from tests.portal.conftest import Portal


@pytest.mark.parametrize(
    ("number", "sheet"),
    [
        (1, Sheet([1, 2], 1, True)),
        (3, Sheet([5], 3, False)),
        (9, Sheet([5], 3, False)),
    ],
)
def test_sheet_of_a_list_knows_its_neighbours(number: int, sheet: Sheet[int]) -> None:
    assert sheet_of([1, 2, 3, 4, 5], number, size=2) == sheet


def test_sheet_of_nothing_is_the_first() -> None:
    assert sheet_of([], 4, size=2) == Sheet([], 1, False)


@pytest.mark.parametrize("text", ["", "0", "-1", "²", "1e3", "9" * 30, "x"])
def test_number_that_is_none_is_the_first_sheet(text: str) -> None:
    assert number_in(text) == 1


def test_people_beyond_one_sheet_are_on_the_next(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "MOST_PEOPLE", 2)
    browser = portal.as_("coordinator-1")
    address = f"/campaigns/{CAMPAIGN_ID}/people"

    first, second = browser.look(address), browser.look(f"{address}?page=2")

    assert ("下一页" in first, "上一页" in first, "上一页" in second) == (True, False, True)
    assert first.count('<th scope="row">') == second.count('<th scope="row">') == 2


def test_cheap_board_is_drawn_anew_and_a_dear_one_kept_for_a_while(
    opened: Store, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, boards = local(campaign, 10, 20), Boards()
    subject = f"{CAMPAIGN_ID}/{campaign.towns[0].code}"
    with opened.reading() as session:
        cheap = boards.board_of(session, CAMPAIGN_ID, now)
        assert boards.board_of(session, CAMPAIGN_ID, now) is not cheap
        monkeypatch.setattr("portal.web.board_cache.DEAR_S", 0.0)
        dear = boards.board_of(session, CAMPAIGN_ID, now)
    ask_for_survey(opened, subject=subject, now=now)

    with opened.reading() as session:
        kept = boards.board_of(session, CAMPAIGN_ID, now + timedelta(seconds=1))
        later = boards.board_of(session, CAMPAIGN_ID, now + timedelta(minutes=2))

    assert kept is dear
    assert (dear.waiting, len(later.waiting)) == ((), 1)
