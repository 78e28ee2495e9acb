"""A campaign's rows written again for further counties: other keys, whole references, nothing of the campaign twice."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from actions.lookup import campaign_of
from records import audit
from records.copies.enlarge import STRIDE, moving
from records.people import people
from records.sealing.vault import Vault
from records.store import Store
from records.tables.campaign import StageRow, VillageRow
from records.tables.columns import Base
from records.tables.dossiers import BlobRow, RosterPersonRow, UploadRow
from records.tables.duties import DutyRow
from records.tables.people import PersonRow
from records.tables.review import GateRow, ScoreRow
from records.tables.runs import BellRow, CarrierRow
from rehearsal.bench.copies import multiply_house
from rehearsal.larger_county import enlarge
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, at_desk, campaign, hand_in, opened, submitting
from tests.conftest import database_for, rows_of

__all__ = ["at_desk", "campaign", "hand_in", "opened", "submitting"]

TIMES = 3
OF_PLACES = (VillageRow, UploadRow, ScoreRow, GateRow, DutyRow)
ONCE = (BlobRow, RosterPersonRow, StageRow)


@pytest.fixture
def database_url(migrated_file: Path, tmp_path: Path) -> str:
    """What is multiplied is always SQLite."""
    shutil.copy(migrated_file, tmp_path / "hqe.db")
    return f"sqlite:///{tmp_path / 'hqe.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def larger(request: pytest.FixtureRequest, tmp_path: Path, at_desk: GateRow, store: Store) -> Iterator[Store]:
    """Three counties of a campaign in the middle of its review, in either database."""
    with database_for(request.param, tmp_path / "larger.db") as url:
        multiply_house(store, url, campaign_id=CAMPAIGN_ID, times=TIMES)
        made = Store(url, vault=Vault(bytes(range(32))), home=tmp_path)
        yield made
        made.close()


def count(store: Store, table: type[Base]) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_further_counties_have_rows_of_their_own_and_the_campaign_has_them_once(
    store: Store, larger: Store, campaign: Campaign
) -> None:
    grown = {table: (count(larger, table), count(store, table)) for table in (*OF_PLACES, *ONCE)}

    assert all(ours > 0 for _, ours in grown.values())
    assert [grown[table][0] // grown[table][1] for table in OF_PLACES] == [TIMES] * len(OF_PLACES)
    assert [grown[table][0] // grown[table][1] for table in ONCE] == [1] * len(ONCE)
    with larger.reading() as session:
        assert campaign_of(session, CAMPAIGN_ID) == enlarge(campaign, TIMES)
        assert {row.code for row in rows_of(larger, VillageRow)} == {
            village.code for village in enlarge(campaign, TIMES).villages
        }
        assert {one.id for one in people.everybody(session)} == {
            person.id for person in enlarge(campaign, TIMES).people
        }
        assert audit.verify(session).broken is None


def test_copy_of_a_row_refers_to_the_copies_of_what_it_referred_to(larger: Store, at_desk: GateRow) -> None:
    gates = {row.id: row for row in rows_of(larger, GateRow)}
    copy = gates[at_desk.id + 2 * STRIDE]
    duties = [row for row in rows_of(larger, DutyRow) if row.facts.get("gate_id") == copy.id]
    carriers = {(row.kind, row.subject): row for row in rows_of(larger, CarrierRow)}

    assert copy.village_code == at_desk.village_code.replace("331181", "331183")
    assert copy.upload_id == (at_desk.upload_id or 0) + 2 * STRIDE
    assert [duty.village_code for duty in duties] == [copy.village_code]
    assert (copy.carrier_kind, copy.carrier_subject) in carriers
    assert duties[0].person_id in {row.id for row in rows_of(larger, PersonRow)}


@pytest.mark.parametrize("larger", ["postgresql"], indirect=True)
def test_rows_written_afterwards_get_numbers_of_their_own(larger: Store, at_desk: GateRow) -> None:
    newest = max(row.id for row in rows_of(larger, BellRow))
    copied = rows_of(larger, BellRow)[-1]
    with larger.writing() as session:
        bell = BellRow(kind=copied.kind, subject=copied.subject, cause="test", written_at=copied.written_at)
        session.add(bell)
        session.flush()

        assert bell.id > newest


def test_code_is_moved_only_where_it_is_one() -> None:
    move = moving("331181")

    assert move("duty:331181100200 clerk-331181100@example.invalid", 99) == (
        "duty:331280100200 clerk-331280100@example.invalid"
    )
    for text in ("331181", "331181199003070019", "a331181100", "3311811002", "331181100f"):
        assert move(text, 1) == text
