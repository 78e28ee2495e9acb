"""Rosters of a closed campaign are erased when their time is over; what they counted stays."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from actions.dossiers import originals
from actions.dossiers import uploads as upload_acts
from actions.dossiers.uploads import key_fits, read_upload
from actions.upkeep import retention
from records.dossiers.files import Erased
from records.store import Store, file_of
from records.tables.dossiers import BlobRow, FindingRow, RosterPersonRow, UploadRow
from records.tables.messages import OutboxRow
from records.tables.review import GateRow, ScoreRow
from records.tables.upkeep import AuditRow
from records.upkeep import retention as records_of
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, HandIn, close_campaign, dossier_of, judge, local
from tests.conftest import rows_of

CLOSED = datetime(2020, 12, 20, 4, tzinfo=UTC)
OVER = datetime(2022, 12, 20, 16, tzinfo=UTC)
"""The first moment of 21 December 2022 in Longquan."""


@pytest.fixture
def closed(submitting: Store, at_desk: GateRow, campaign: Campaign) -> Store:
    """A closed campaign: one village with an accepted dossier, another with one that was returned."""
    village = campaign.villages[2]
    wrong = upload_acts.hand_in(
        submitting,
        campaign_id=CAMPAIGN_ID,
        village_code=village.code,
        data=dossier_of(village.code, plot="mistakes"),
        by=f"clerk-{village.town_code}",
        now=local(campaign, 11, 2),
        host_now=local(campaign, 11, 2),
    )
    assert isinstance(wrong, UploadRow)
    assert judge(submitting, wrong, now=local(campaign, 11, 2)) == "returned"
    close_campaign(submitting, now=CLOSED)
    return submitting


def test_rosters_within_their_time_and_of_open_campaigns_stay(submitting: Store, hand_in: HandIn) -> None:
    hand_in()

    assert retention.erase_outlived(submitting, by="system", now=OVER) == []
    close_campaign(submitting, now=CLOSED)
    assert retention.erase_outlived(submitting, by="system", now=OVER - timedelta(seconds=1)) == []
    assert read_upload(submitting, 1)[1][:2] == b"PK"


def test_rosters_whose_time_is_over_are_erased_once_and_noted(closed: Store, campaign: Campaign) -> None:
    people = len(rows_of(closed, RosterPersonRow))
    told = retention.outlived(closed, now=OVER)

    erased = retention.erase_outlived(closed, by="system", now=OVER)

    assert [(one.village_code, one.uploads, one.people) for one in erased] == [
        (campaign.villages[0].code, 1, people),
        (campaign.villages[2].code, 1, 0),
    ]
    assert [one.village_code for one in told] == [one.village_code for one in erased]
    assert retention.erase_outlived(closed, by="system", now=OVER) == []
    acts = [(one.act, one.subject) for one in rows_of(closed, AuditRow)][-2:]
    assert acts == [("erase_roster", f"{CAMPAIGN_ID}/{one.village_code}") for one in erased]


def test_erasure_keeps_what_was_counted_scored_and_decided(closed: Store) -> None:
    def kept() -> list[object]:
        uploads = [
            (one.sha256, one.size, one.rows, one.facts, one.state) for one in rows_of(closed, UploadRow)
        ]
        scores = [(one.party, one.total, one.lines) for one in rows_of(closed, ScoreRow)]
        findings = [(one.code, one.severity, one.sheet, one.ref) for one in rows_of(closed, FindingRow)]
        return [uploads, scores, findings, len(rows_of(closed, GateRow)), len(rows_of(closed, OutboxRow))]

    before = kept()

    retention.erase_outlived(closed, by="system", now=OVER)

    assert kept() == before
    assert rows_of(closed, RosterPersonRow) == []
    assert {one.message for one in rows_of(closed, FindingRow)} == {records_of.ERASED}
    letters = [one for one in rows_of(closed, OutboxRow) if one.template == "dossier_findings"]
    assert [one.facts["findings"] for one in letters] == [[{"message": records_of.ERASED}]]
    assert {(one.sealed, one.erased_at) for one in rows_of(closed, BlobRow)} == {(b"", OVER)}


def test_opening_an_erased_dossier_is_answered_with_a_sentence(closed: Store) -> None:
    retention.erase_outlived(closed, by="system", now=OVER)

    now = OVER + timedelta(days=1)
    refused = originals.open_original(
        closed, upload_id=1, by="clerk-331181100", reason="核对", scanner="", now=now, host_now=now
    )

    assert isinstance(refused, Refused)
    assert refused.reason.startswith("材料已于2022年12月21日(星期三)按保存期限删除")
    with pytest.raises(Erased):
        read_upload(closed, 1)
    assert key_fits(closed) is True


def test_erased_bytes_are_gone_from_the_files_of_sqlite(closed: Store) -> None:
    file = file_of(str(closed.engine.url))
    if file is None:
        pytest.skip("PostgreSQL keeps its files to itself")
    samples = [one.sealed[40:80] for one in rows_of(closed, BlobRow)]
    samples += [one.sealed[10:30] for one in rows_of(closed, RosterPersonRow)]
    samples += [one.lookup.encode() for one in rows_of(closed, RosterPersonRow)]
    assert any(one in bytes_of(closed) for one in samples)

    retention.erase_outlived(closed, by="system", now=OVER)

    assert [one for one in samples if one in bytes_of(closed)] == []
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def bytes_of(store: Store) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(store.home.glob("hqe.db*")))


def test_scrubbing_writes_the_tables_anew_on_both_databases(closed: Store) -> None:
    retention.erase_outlived(closed, by="system", now=OVER)

    assert records_of.scrub(closed.engine) is True
    assert len(rows_of(closed, UploadRow)) == 2
