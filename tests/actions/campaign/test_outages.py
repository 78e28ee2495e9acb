"""An outage before a due date: measured by heartbeats, proposed, answered once, and seen by all."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from actions.campaign import outages
from actions.overview.time_ledger import time_ledger
from actions.upkeep import troubles
from actions.upkeep.heartbeat import beat
from records import clock
from records.duties.outages import last_beat
from records.store import Store
from records.tables.duties import DutyRow, OutageAnswerRow, OutageRow
from records.tables.messages import OutboxRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, local
from tests.conftest import rows_of

HOURS = timedelta(hours=1)


def down(store: Store, began: datetime, ended: datetime, *, ran: timedelta | None = None) -> bool:
    """Two heartbeats, and none between them."""
    beat(store, now=began, ran=None)
    return beat(store, now=ended, ran=ran)


@pytest.fixture
def cut(submitting: Store, campaign: Campaign) -> Store:
    """The portal was down in the evening of the day on which all dossiers were due."""
    assert down(submitting, local(campaign, 11, 15, 20), local(campaign, 11, 15, 23))
    return submitting


def waiting(store: Store) -> list[outages.Proposal]:
    with store.reading() as session:
        return outages.waiting(session, CAMPAIGN_ID)


def extend(
    store: Store, campaign: Campaign, *, by: str = "coordinator-1", anyway: bool = False
) -> int | Refused:
    [one] = rows_of(store, OutageRow)
    return outages.extend_for_outage(
        store, campaign_id=CAMPAIGN_ID, outage_id=one.id, by=by, words="", anyway=anyway,
        now=local(campaign, 11, 15, 23),
    )  # fmt: skip


def decline(store: Store, campaign: Campaign, words: str, *, by: str = "coordinator-1") -> Refused | None:
    [one] = rows_of(store, OutageRow)
    return outages.decline_outage(
        store, campaign_id=CAMPAIGN_ID, outage_id=one.id, by=by, words=words, now=local(campaign, 11, 16)
    )


def owed(store: Store) -> list[DutyRow]:
    return [one for one in rows_of(store, DutyRow) if one.kind in ("dossier", "paper")]


def test_outage_before_the_due_date_proposes_the_same_days_for_all(cut: Store, campaign: Campaign) -> None:
    [one] = waiting(cut)

    assert one.told == "11月15日20:00至23:00，共3小时"
    assert [day for day, _ in one.moves] == [date(2020, 11, 16)]
    assert one.duties == len(owed(cut))
    assert set(one.towns) == {town.name for town in campaign.towns}


def test_outage_is_told_to_the_coordinators_and_by_the_doctor(cut: Store, campaign: Campaign) -> None:
    mails = [one for one in rows_of(cut, OutboxRow) if one.template == "portal_outage"]
    found = [one.code for one in troubles.carrier_troubles(cut, now=local(campaign, 11, 15, 23))]

    assert {one.person_id for one in mails} == {"coordinator-1", "coordinator-2"}
    assert {one.facts["number"] for one in mails} == {len(owed(cut))}
    assert "outage" in found


def test_extension_for_an_outage_moves_all_towns_alike_and_stands_in_the_ledger(
    cut: Store, campaign: Campaign
) -> None:
    done = extend(cut, campaign)

    assert done == len(owed(cut))
    assert {one.due_at.astimezone(campaign.zone).date() for one in owed(cut)} == {date(2020, 11, 16)}
    assert waiting(cut) == []
    with cut.reading() as session:
        entries = time_ledger(session, CAMPAIGN_ID, now=local(campaign, 11, 16))
    [outage] = [one for one in entries if one.kind == "outage"]
    assert outage.reason.startswith("已同等延期：门户无法使用(11月15日20:00至23:00，共3小时)")
    assert {one.reason for one in entries if one.kind == "extension"} == {outage.reason.partition("：")[2]}


def test_extension_that_was_broken_off_is_carried_on_by_the_same_act(cut: Store, campaign: Campaign) -> None:
    [one] = waiting(cut)
    outages._answer(
        cut, campaign_id=CAMPAIGN_ID, outage_id=one.outage_id, answer="extended", by="coordinator-1",
        words="门户中断。", now=local(campaign, 11, 15, 23),
    )  # fmt: skip

    [left] = waiting(cut)
    refused = decline(cut, campaign, "来不及。")
    done = extend(cut, campaign)

    assert (left.answer, left.moves) == ("extended", one.moves)
    assert isinstance(refused, Refused)
    assert (refused.code, done, waiting(cut)) == ("answered", len(owed(cut)), [])


def test_outage_that_is_declined_moves_nothing_and_says_why(cut: Store, campaign: Campaign) -> None:
    before = [one.due_at for one in owed(cut)]

    silent, done = decline(cut, campaign, " "), decline(cut, campaign, "夜间中断，当日已另行通知。")
    again = extend(cut, campaign)

    assert isinstance(silent, Refused)
    assert isinstance(again, Refused)
    assert (silent.code, done, again.code) == ("no_reason", None, "no_such_outage")
    assert [one.due_at for one in owed(cut)] == before
    [answer] = rows_of(cut, OutageAnswerRow)
    assert (answer.answer, answer.words) == ("declined", "夜间中断，当日已另行通知。")


@pytest.mark.parametrize("by", ["leader-1", "clerk-331181100", "nobody"])
def test_nobody_but_the_coordinator_answers(cut: Store, campaign: Campaign, by: str) -> None:
    told = [extend(cut, campaign, by=by), decline(cut, campaign, "不延。", by=by)]

    assert [one.code for one in told if isinstance(one, Refused)] == ["not_coordinator"] * 2
    assert rows_of(cut, OutageAnswerRow) == []


@pytest.mark.parametrize(
    ("began", "ended", "ran", "noted", "proposed"),
    [
        ((15, 20), (15, 20.1), None, 0, 0),
        ((15, 20), (15, 20.5), None, 1, 0),
        ((10, 8), (10, 20), None, 1, 0),
        ((15, 8), (15, 20), 12 * HOURS, 1, 1),
        ((15, 8), (15, 20), timedelta(minutes=1), 0, 0),
    ],
    ids=["a restart", "a short one", "long before", "asleep", "only the clock"],
)
def test_outage_is_proposed_only_where_it_took_time_from_somebody(
    submitting: Store, campaign: Campaign, began: tuple[int, float], ended: tuple[int, float], ran: timedelta | None,
    noted: int, proposed: int,
) -> None:  # fmt: skip
    first, last = (local(campaign, 11, day, 0) + hour * HOURS for day, hour in (began, ended))

    down(submitting, first, last, ran=ran)

    assert (len(rows_of(submitting, OutageRow)), len(waiting(submitting))) == (noted, proposed)


def test_heartbeat_in_a_rehearsal_is_not_noted(submitting: Store, campaign: Campaign) -> None:
    clock.simulate(submitting, local(campaign, 11, 15))

    found = down(submitting, local(campaign, 11, 15, 8), local(campaign, 11, 15, 20))

    with submitting.reading() as session:
        assert (found, last_beat(session)) == (False, None)
