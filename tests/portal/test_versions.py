"""Versions before their readers: differences on a page, masked, for whom the village is theirs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from records.store import Store
from records.tables import UploadRow
from rules.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, HandIn, dossier_of, judge, local
from tests.portal.conftest import CLERK, Browser, Portal

At = Callable[[int, int], None]


@pytest.fixture
def village(campaign: Campaign) -> str:
    """The page of the first village."""
    return f"/campaigns/{CAMPAIGN_ID}/villages/{campaign.villages[0].code}"


@pytest.fixture
def clerk(portal: Portal, submitting: Store, hand_in: HandIn, campaign: Campaign, at: At) -> Browser:
    """The clerk on 2 November; a first version was returned, a second one accepted."""
    at(11, 2)
    code = campaign.villages[0].code
    for data in (dossier_of(code, plot="mistakes"), dossier_of(code, 2)):
        upload = hand_in(data=data)
        assert isinstance(upload, UploadRow)
        judge(submitting, upload, now=local(campaign, 11, 2, 11))
    return portal.as_(CLERK)


def test_difference_stands_on_a_page_without_identity_numbers(clerk: Browser, village: str) -> None:
    assert f"{village}/diff?from=1&amp;to=2" in clerk.look(village)

    page = clerk.look(f"{village}/diff?from=1&to=2")

    assert "第1版与第2版的差异" in page
    assert "文化程度" in page
    assert "第2版补充" in page
    assert "331199" not in page
    assert page == clerk.look(f"{village}/diff")


@pytest.mark.parametrize("numbers", ["from=1&to=9", "from=2&to=2", "from=99999999999&to=9"])
def test_difference_of_no_two_versions_says_so(clerk: Browser, village: str, numbers: str) -> None:
    page = clerk.look(f"{village}/diff?{numbers}", status=422)

    assert 'class="refused"' in page
    assert "<caption>" not in page


def test_difference_with_odd_numbers_shows_the_newest_two(clerk: Browser, village: str) -> None:
    assert "第1版与第2版的差异" in clerk.look(f"{village}/diff?from=x&to=²")


def test_difference_of_a_foreign_village_is_not_there(clerk: Browser, portal: Portal, village: str) -> None:
    portal.as_("clerk-331181103").look(f"{village}/diff?from=1&to=2", status=404)
