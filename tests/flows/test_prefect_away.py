"""A decision made while Prefect is stopped is kept, and its run wakes soon after Prefect is back."""

from __future__ import annotations

import pytest

from deployments.prefect_server.server import free_port
from deployments.worker import backoff, stored_calls
from deployments.worker.backoff import LONGEST
from deployments.worker.carrier_runs import Orders
from deployments.worker.execution import allow, one_client, quiet_engine
from deployments.worker.register import register
from deployments.worker.registry import ENTRYPOINTS
from deployments.worker.ringer import Ringer
from records import clock
from records.runs import bells, carriers
from records.store import Store
from records.tables.duties import DutyRow
from records.tables.review import DecisionRow, GateRow
from records.tables.runs import CarrierRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import decide_latest, local
from tests.conftest import rows_of
from tests.prefect_server import Running, eventually, serving, settings_for

pytestmark = pytest.mark.programs

WITHIN = 5.0
"""Seconds after Prefect is back in which a waiting bell has to be taken up."""


def is_quiet(store: Store) -> bool:
    with store.reading() as session:
        return bells.count_unanswered(session) == 0 and carriers.count_awake(session) == 0


def wakes(store: Store, subject: str) -> int:
    return next(row.wakes for row in rows_of(store, CarrierRow) if row.subject == subject)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_decision_made_while_prefect_is_stopped_wakes_its_run_when_it_is_back(
    at_work: Store, at_desk: GateRow, campaign: Campaign, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home, port, subject = tmp_path_factory.mktemp("prefect-away"), free_port(), at_desk.subject
    clock.simulate(at_work, local(campaign, 11, 16))
    orders = Orders(owner="ringer", home=at_work.home, load=allow(ENTRYPOINTS), register=register)
    with settings_for(Running(home, port)):
        ringing = Ringer(stored_calls.StoredCalls(at_work), orders)
        with serving(home, port=port):
            with quiet_engine(), one_client() as client:
                register(client, scheduled=False)
            ringing.start()
            eventually(lambda: is_quiet(at_work))
            asleep = wakes(at_work, subject)
        try:
            decided = decide_latest(
                at_work,
                "desk_review",
                subject,
                by=_asked(at_work, at_desk),
                answer="return",
                reason="缺证明。",
            )
            kept = rows_of(at_work, DecisionRow)
            waiting = not is_quiet(at_work)
            with serving(home, port=port):
                eventually(lambda: is_quiet(at_work))
        finally:
            ringing.stop()

    assert isinstance(decided, DecisionRow)
    assert ([row.door for row in kept], waiting) == (["portal"], True)
    assert wakes(at_work, subject) == asleep + 1
    duties = {(row.kind, row.state) for row in rows_of(at_work, DutyRow)}
    assert ("correction", "open") in duties


def _asked(store: Store, gate: GateRow) -> str:
    """Who is asked at the gate now."""
    duties = rows_of(store, DutyRow)
    return next(row.person_id for row in duties if row.kind == "gate" and row.facts["gate_id"] == gate.id)


def test_longest_pauses_of_a_ringer_add_up_to_less_than_five_seconds() -> None:
    # A look for the server that just missed it, its own time, a look for bells, and a subject's first failure.
    looking = backoff.LONGEST_ABSENCE + 1.0 + LONGEST + backoff.SHORTEST_PAUSE

    assert looking < WITHIN
