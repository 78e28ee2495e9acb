"""Whatever ends takes its open duties with it: nobody is reminded of what nobody waits for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from actions.duties.duties import extend
from actions.duties.reminders import fire_rungs
from actions.lists import recommendation
from actions.upkeep.troubles import duty_troubles
from records.duties.duties import open_duties
from records.review.gates import latest_gate, seat_duties
from records.runs import carriers
from records.store import Store
from records.tables.duties import DutyRow, RungFireRow
from records.tables.messages import OutboxRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign, Seat
from rules.refusals import Refused
from tests.actions.conftest import (
    CAMPAIGN_ID,
    close_campaign,
    decide_latest,
    local,
    recognise,
    small_campaign,
)
from tests.conftest import rows_of

SEATS = (Seat("人社局", "bureau_leader"), Seat("财政局", "finance"), Seat("就业局", "coordinator"))


@pytest.fixture
def campaign() -> Campaign:
    """The recommendation has three seats, of which two are enough."""
    gates = [
        replace(one, seats=SEATS, quorum=2) if one.name == "recommendation" else one
        for one in small_campaign().gates
    ]
    return replace(small_campaign(), gates=tuple(gates))


@pytest.fixture
def ranked(opened: Store, campaign: Campaign) -> Store:
    now = local(campaign, 11, 26)
    recognise(opened, campaign.villages[0].code)
    with opened.writing() as session:
        carriers.enlist(
            session, kind="recommendation", subject=CAMPAIGN_ID, campaign_id=CAMPAIGN_ID, label="", tags=[],
            at=now,
        )  # fmt: skip
    recommendation.rank_villages(opened, subject=CAMPAIGN_ID, now=now)
    return opened


def seats(store: Store) -> dict[str, DutyRow]:
    with store.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "recommendation", CAMPAIGN_ID)
        assert gate is not None
        return seat_duties(session, gate)


def decide_by_two(store: Store) -> None:
    for person in ("leader-1", "finance-1"):
        decide_latest(store, "recommendation", CAMPAIGN_ID, by=person, answer="approve")


def ended(store: Store) -> list[tuple[str, str, str]]:
    told = [one for one in rows_of(store, OutboxRow) if one.template == "duty_ended"]
    return [(one.person_id, one.facts["what"], one.facts["why"]) for one in told]


def test_gate_closed_by_two_of_three_ends_the_third_seat_and_tells_who_was_asked(ranked: Store) -> None:
    decide_by_two(ranked)

    assert {name: duty.state for name, duty in seats(ranked).items()} == {
        "人社局": "done", "财政局": "done", "就业局": "cancelled",
    }  # fmt: skip
    assert ended(ranked) == [("coordinator-1", "推荐丽水市级", "该审批点已有结论，不再需要您的答复。")]


def test_seat_that_ended_with_its_gate_is_reminded_of_no_more(ranked: Store, campaign: Campaign) -> None:
    decide_by_two(ranked)

    fire_rungs(ranked, campaign_id=CAMPAIGN_ID, now=local(campaign, 12, 10))

    third = seats(ranked)["就业局"].id
    assert [one for one in rows_of(ranked, RungFireRow) if one.duty_id == third] == []


def test_campaign_closed_ends_every_open_duty_and_gate_of_it(
    at_desk: GateRow, submitting: Store, campaign: Campaign
) -> None:
    with submitting.reading() as session:
        owed = open_duties(session, CAMPAIGN_ID)
    assert {duty.kind for duty in owed} == {"dossier", "paper", "gate"}

    close_campaign(submitting, now=local(campaign, 12, 20))

    with submitting.reading() as session:
        assert open_duties(session, CAMPAIGN_ID) == []
        assert session.get_one(GateRow, at_desk.id).state == "superseded"
    assert {why for _, _, why in ended(submitting)} == {"本次活动已经结束。"}
    assert sorted(who for who, _, _ in ended(submitting)) == sorted(duty.person_id for duty in owed)


def test_campaign_in_which_something_began_anew_is_not_closed(submitting: Store, campaign: Campaign) -> None:
    from actions.campaign.lifecycle import close_campaign as close

    assert not close(submitting, campaign_id=CAMPAIGN_ID, now=local(campaign, 12, 20))


def test_lapsed_duty_of_a_closed_campaign_is_not_extended(submitting: Store, campaign: Campaign) -> None:
    duty = next(one for one in rows_of(submitting, DutyRow) if one.kind == "dossier")
    with submitting.writing() as session:
        session.get_one(DutyRow, duty.id).state = "lapsed"
    now = local(campaign, 12, 20)
    close_campaign(submitting, now=now)

    refused = extend(
        submitting, duty_id=duty.id, by="coordinator-1", due_at=now + timedelta(days=9), lock_at=None,
        reason="补报", now=now,
    )  # fmt: skip

    assert isinstance(refused, Refused)
    assert refused.code == "campaign_over"


# --- what a version before left open -------------------------------------------------------------


def test_open_duty_of_a_decided_gate_is_a_trouble_of_its_own_and_ended_by_repair(
    ranked: Store, campaign: Campaign
) -> None:
    decide_by_two(ranked)
    now, third = local(campaign, 11, 27), seats(ranked)["就业局"]
    with ranked.writing() as session:
        session.get_one(DutyRow, third.id).state = "open"

    [trouble] = duty_troubles(ranked, now=now)
    assert trouble.mend is not None
    trouble.mend()

    assert (trouble.code, trouble.where) == ("duty_needless", third.key)
    assert (duty_troubles(ranked, now=now), seats(ranked)["就业局"].state) == ([], "cancelled")


def test_open_duty_of_a_closed_campaign_is_found_after_its_end(submitting: Store, campaign: Campaign) -> None:
    now = local(campaign, 12, 21)
    close_campaign(submitting, now=now)
    left = rows_of(submitting, DutyRow)[-1].id
    with submitting.writing() as session:
        session.get_one(DutyRow, left).state = "open"

    [trouble] = duty_troubles(submitting, now=now)
    assert trouble.mend is not None
    trouble.mend()

    assert (trouble.code, duty_troubles(submitting, now=now)) == ("duty_needless", [])
    assert "本次活动已经结束" in trouble.what
