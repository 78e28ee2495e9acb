"""Many gates at once: forty-eight decided in the same moment wake their runs, two hundred lose nothing."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from actions.campaign import lifecycle
from actions.campaign.stages import verification_run
from actions.review import decisions, gates
from actions.steps import subject_of
from config.calendar import read_calendar
from config.campaign_folder import campaign_folder, read_campaign
from deployments.worker import stored_calls
from deployments.worker.carrier_runs import Orders
from deployments.worker.execution import allow
from deployments.worker.register import register
from deployments.worker.registry import ENTRYPOINTS
from deployments.worker.ringer import Ringer
from records import audit, clock
from records.dossiers import files
from records.runs import bells, carriers
from records.store import Session, Store
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow
from records.tables.people import PersonRow
from records.tables.review import DecisionRow, GateRow
from records.tables.runs import CarrierRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import local
from tests.conftest import rows_of
from tests.prefect_server import Running, eventually

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

FOLDER = campaign_folder("longquan-2020")
GATES, DECIDERS, EACH = 200, 50, 20


@pytest.fixture
def county() -> Campaign:
    return read_campaign(FOLDER)


@pytest.fixture
def submitted(at_work: Store, county: Campaign) -> Store:
    """All forty-eight villages with an accepted dossier, on the morning of the verification."""
    opening = county.start_of(county.stage("survey").opens)
    calendar = read_calendar(FOLDER, (2020, 2021))
    lifecycle.open_campaign(at_work, campaign=county, calendar=calendar, by="coordinator-1", now=opening)
    now = local(county, 11, 16)
    clock.simulate(at_work, now)
    with at_work.writing() as session:
        for bell in bells.waiting(session):
            bells.answer(session, bell.kind, bell.subject, up_to=bell.bell_id)
        for village in county.villages:
            _submit(session, at_work, county, village.code, now)
    return at_work


def _submit(session: Session, store: Store, county: Campaign, code: str, now: datetime) -> None:
    blob = files.keep(session, store.vault, code.encode(), about="test")
    session.add(
        UploadRow(
            campaign_id=county.id, village_code=code, version=1, blob_id=blob, sha256=code, size=1,
            filed_by=f"clerk-{county.village(code).town_code}", received_at=now, late=False,
            state="accepted", facts={},
        )
    )  # fmt: skip
    row = session.get_one(VillageRow, (county.id, code))
    row.state = "submitted"
    kind, unit, label, tags = verification_run(county, row)
    carriers.enlist(
        session, kind=kind, subject=subject_of(county.id, unit), campaign_id=county.id,
        label=label, tags=tags, at=now,
    )  # fmt: skip


def is_quiet(store: Store) -> bool:
    with store.reading() as session:
        return bells.count_unanswered(session) == 0 and carriers.count_awake(session) == 0


@pytest.mark.usefixtures("prefect_server")
def test_all_gates_of_a_county_decided_at_once_wake_every_run(
    submitted: Store, county: Campaign, prefect_client: SyncPrefectClient, prefect_server: Running
) -> None:
    register(prefect_client, scheduled=False)
    orders = Orders(owner="one", home=submitted.home, load=allow(ENTRYPOINTS), register=register)
    ringer = Ringer(stored_calls.StoredCalls(submitted), orders)
    ringer.start()
    try:
        eventually(lambda: is_quiet(submitted))
        asked = [row for row in rows_of(submitted, DutyRow) if row.kind == "gate"]
        with ThreadPoolExecutor(len(asked)) as pool:
            outcomes = list(pool.map(lambda duty: decide(submitted, duty, local(county, 11, 17)), asked))
        eventually(lambda: is_quiet(submitted))
    finally:
        ringer.stop()

    assert len(asked) == len(county.villages) == 48
    assert [one for one in outcomes if isinstance(one, Refused)] == []
    visits = Counter(row.village_code for row in rows_of(submitted, DutyRow) if row.kind == "visit")
    assert visits == {village.code: 1 for village in county.villages}
    verifications = [row for row in rows_of(submitted, CarrierRow) if row.kind == "verification"]
    assert Counter((row.state, row.wakes >= 2) for row in verifications) == {("asleep", True): 48}


def decide(store: Store, duty: DutyRow, now: datetime) -> DecisionRow | Refused:
    with store.reading() as session:
        gate = session.get_one(GateRow, duty.facts["gate_id"])
    return answer(store, gate, duty.person_id, now)


def answer(store: Store, gate: GateRow, person: str, now: datetime) -> DecisionRow | Refused:
    return decisions.decide(
        store,
        gate_id=gate.id,
        attempt=gate.attempt,
        by=person,
        answer="pass",
        reason="",
        seen_hash=gate.content_hash,
        door="portal",
        now=now,
    )


def test_two_hundred_gates_and_fifty_deciders_lose_nothing(submitted: Store, county: Campaign) -> None:
    people = [f"racer-{number:02d}" for number in range(DECIDERS)]
    now = local(county, 11, 17)
    asked = open_many(submitted, county, people, now)

    def work(number: int) -> list[DecisionRow | Refused]:
        mine = [asked[(number * GATES // DECIDERS + step) % GATES] for step in range(EACH)]
        return [answer(submitted, gate, people[number], now) for gate in mine]

    with ThreadPoolExecutor(DECIDERS) as pool:
        outcomes = [outcome for outcomes in pool.map(work, range(DECIDERS)) for outcome in outcomes]

    won = [one for one in outcomes if isinstance(one, DecisionRow)]
    lost = Counter(one.code for one in outcomes if isinstance(one, Refused))
    assert Counter(one.gate_id for one in won) == {gate.id: 1 for gate in asked}
    assert lost == {"taken_seat": DECIDERS * EACH - GATES}
    assert Counter(row.state for row in rows_of(submitted, GateRow)) == {"closed": GATES}
    with submitted.reading() as session:
        assert audit.verify(session).broken is None


def open_many(store: Store, county: Campaign, people: list[str], now: datetime) -> list[GateRow]:
    """Two hundred desk reviews, several attempts about each village, that fifty reviewers may answer."""
    with store.writing() as session:
        session.add_all(
            PersonRow(
                id=one, name=one, email=f"{one}@example.invalid", roles=["reviewer"], town_code="",
                conflicts=[], deputy="",
            )
            for one in people
        )  # fmt: skip
        session.flush()
        opened = []
        for number in range(GATES):
            village = county.villages[number % len(county.villages)]
            subject = subject_of(county.id, village.code)
            question = gates.Question(
                name="desk_review",
                subject=subject,
                content_hash=f"{number:064d}",
                carrier=("verification", subject),
                asked={"初审": people[0]},
                about=village.name,
                town_code=village.town_code,
                village_code=village.code,
            )
            attempt = number // len(county.villages) + 1
            opened.append(gates.open_gate(session, county, question, attempt=attempt, now=now))
    return opened
