"""Lapsed duties: listed, and given more time, one, a town's, or all, or none where a promise would break."""

from __future__ import annotations

from datetime import date

import pytest

from actions.duties.more_time import give_more_time, lapsed
from actions.duties.reminders import lapse_locked
from records.copies.dump import rows_of
from records.store import Store
from records.tables.campaign import VillageRow
from records.tables.duties import DutyRow, ExtensionRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, local

UNTIL = date(2020, 11, 22)


@pytest.fixture
def silent(submitting: Store, campaign: Campaign) -> Store:
    """Nobody handed in: all dossiers have lapsed."""
    lapse_locked(submitting, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 19))
    return submitting


def numbers(store: Store, town: str = "") -> list[int]:
    with store.reading() as session:
        return [one.duty_id for one in lapsed(session, CAMPAIGN_ID, town_code=town) if one.kind == "dossier"]


def give(store: Store, campaign: Campaign, ids: list[int], **changed: object) -> int | Refused:
    usual: dict[str, object] = {
        "until": UNTIL,
        "by": "coordinator-1",
        "reason": "暴雨停电",
        "anyway": True,
        "now": local(campaign, 11, 19),
    }
    return give_more_time(store, duty_ids=ids, **{**usual, **changed})  # type: ignore[arg-type]


def test_lapsed_duties_are_listed_with_what_and_where(silent: Store) -> None:
    with silent.reading() as session:
        told = [(one.where, one.what) for one in lapsed(session, CAMPAIGN_ID) if one.kind == "dossier"]

    assert told == [
        ("八都镇第一村", "申报材料"),
        ("八都镇第四村", "申报材料"),
        ("查田镇小查田村", "申报材料"),
    ]


@pytest.mark.parametrize(("town", "back"), [("", 3), ("331181100", 2), ("331181103", 1)])
def test_more_time_brings_back_all_or_those_of_a_town(
    silent: Store, campaign: Campaign, town: str, back: int
) -> None:
    wanted = numbers(silent, town)

    done = give(silent, campaign, wanted)

    with silent.reading() as session:
        open_again = [one.id for one in rows_of(session, DutyRow) if one.id in wanted and one.state == "open"]
        villages = [one.state for one in rows_of(session, VillageRow)]
    assert (done, len(open_again), villages.count("taking_part")) == (back, back, back)
    assert len(numbers(silent)) == 3 - back


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"until": date(2020, 11, 24), "anyway": False}, "infeasible"),
        ({"by": "clerk-331181100"}, "not_coordinator"),
        ({"reason": " "}, "no_reason"),
        ({"until": date(2020, 11, 1)}, "not_later"),
    ],
)
def test_more_time_that_may_not_be_given_moves_nothing(
    silent: Store, campaign: Campaign, changed: dict[str, object], code: str
) -> None:
    refused = give(silent, campaign, numbers(silent), **changed)

    with silent.reading() as session:
        granted = rows_of(session, ExtensionRow)
    assert isinstance(refused, Refused)
    assert (refused.code, granted, len(numbers(silent))) == (code, [], 3)


def test_more_time_for_nothing_is_refused(silent: Store, campaign: Campaign) -> None:
    refused = give(silent, campaign, [])

    assert isinstance(refused, Refused)
    assert refused.code == "nothing_lapsed"
