"""A short melee of real processes on both databases: nothing breaks, and what must hold is really looked at."""

from __future__ import annotations

from random import Random

import pytest
from sqlalchemy import text

from actions.duties.assignment import NobodyToAsk
from records.review.gates import seat_duties
from records.store import Store
from records.tables.review import GateRow
from rehearsal.stress.invariants import broken
from rehearsal.stress.melee import Melee, Outcome, Tally, fight, lines_of, perform
from rehearsal.stress.melee_acts import Fighter
from rules.campaign.campaign import Campaign
from tests.actions.conftest import at_desk, campaign, hand_in, local, move_village, opened, submitting
from tests.conftest import POSTGRESQL, postgresql_admin, tampering

__all__ = ["at_desk", "campaign", "hand_in", "opened", "submitting"]


@pytest.mark.programs
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_melee_of_processes_breaks_nothing(database: str) -> None:
    server = ""
    if database == "postgresql":
        with postgresql_admin():
            server = POSTGRESQL

    outcome = fight(Melee(seconds=3, processes=3, seed=11, server=server))

    assert (outcome.tally.exceptions, outcome.broken) == ([], [])
    assert outcome.is_well


def found(store: Store, campaign: Campaign, *acknowledged: int) -> list[str]:
    with store.reading() as session:
        return broken(session, campaign, acknowledged=acknowledged)


def test_campaign_under_way_holds(submitting: Store, at_desk: GateRow, campaign: Campaign) -> None:
    assert found(submitting, campaign) == []


def test_each_break_is_told(submitting: Store, at_desk: GateRow, campaign: Campaign) -> None:
    with submitting.writing() as session:
        owed = sorted(duty.key for duty in seat_duties(session, at_desk).values())
        gate = session.get_one(GateRow, at_desk.id)
        gate.state, gate.answer = "closed", "return"
    with tampering(submitting) as connection:
        connection.execute(text("UPDATE audit SET actor = 'somebody else' WHERE seq = 1"))
    move_village(submitting, at_desk.village_code, "recognised")

    told = found(submitting, campaign, 7)

    assert told[0] == "decision 7 was acknowledged and is gone"
    assert told[1].startswith("the audit log breaks at 1: ")
    assert told[2:] == [
        *(f"{key} is open and what it was owed to is over" for key in owed),
        f"desk_review #1 of {at_desk.subject} closed without an answer",
        f"{at_desk.village_code} is recognised, and its desk_review does not say so",
        f"{at_desk.village_code} is recognised, and its recognition does not say so",
    ]


def test_melee_in_which_an_act_broke_is_not_well() -> None:
    tally = Tally(seconds={"decide": [0.1, 0.3]}, exceptions=["decide: KeyError: 7"])

    lines = list(lines_of(Outcome(tally, [])))

    assert not Outcome(tally, []).is_well
    assert not Outcome(Tally(), []).is_well
    assert "exceptions: 1; points that do not hold: 0" in lines
    assert lines[-1] == "  ! decide: KeyError: 7"


def test_run_that_finds_nobody_to_ask_is_counted_and_an_act_of_people_is_not_excused(
    submitting: Store, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    fighter = Fighter(submitting, campaign, local(campaign, 11, 2), "one", Random(1), {})

    def nobody(_fighter: Fighter) -> object:
        raise NobodyToAsk("no active coordinator")

    tally = Tally()
    perform(nobody, fighter, tally)
    monkeypatch.setattr("rehearsal.stress.melee.BY_ITSELF", {nobody})
    perform(nobody, fighter, tally)

    assert (tally.stuck, tally.exceptions) == (1, ["nobody: no active coordinator"])
