"""Opening originals and annotated copies: counted, noted, and only when the scanner has called them clean."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from actions.dossiers import originals
from actions.dossiers.annotated_copy import annotated_copy
from actions.dossiers.originals import MOST_A_DAY, open_original
from records.store import Store
from records.tables.dossiers import UploadRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import HandIn, local
from tests.actions.dossiers.test_progress import CLERK, judge
from tests.conftest import rows_of
from tests.workbooks.clamd import SmallClamd, small_clamd

HOST_NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
VIRUS, BUSY = b"stream: Test.Virus FOUND\0", b"COMMAND READ TIMED OUT\0"


@pytest.fixture
def upload(submitting: Store, hand_in: HandIn, campaign: Campaign) -> UploadRow:
    upload = hand_in()
    assert isinstance(upload, UploadRow)
    judge(submitting, upload, now=local(campaign, 11, 3))
    return upload


def opened(
    store: Store,
    campaign: Campaign,
    *,
    by: str = "coordinator-1",
    scanner: str = "",
    host_now: datetime = HOST_NOW,
) -> bytes | Refused:
    now = local(campaign, 11, 3)
    return open_original(
        store, upload_id=1, by=by, reason="核对", scanner=scanner, now=now, host_now=host_now
    )


def copied(store: Store, campaign: Campaign, *, scanner: str = "") -> bytes | Refused:
    now = local(campaign, 11, 3)
    return annotated_copy(
        store, upload_id=1, by="coordinator-1", reason="核对", scanner=scanner, now=now, host_now=HOST_NOW
    )


@pytest.mark.usefixtures("upload")
def test_originals_and_copies_beyond_the_days_limit_are_refused_until_the_next_day(
    submitting: Store, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(originals, "MOST_A_DAY", 3)
    done = [opened(submitting, campaign), copied(submitting, campaign), opened(submitting, campaign)]

    refused = [opened(submitting, campaign), copied(submitting, campaign)]

    assert [type(one) for one in done] == [bytes] * 3
    assert [one.code for one in refused if isinstance(one, Refused)] == ["too_many_opened"] * 2
    assert isinstance(opened(submitting, campaign, by=CLERK), bytes)
    assert isinstance(opened(submitting, campaign, host_now=HOST_NOW + timedelta(days=1)), bytes)


def test_a_day_allows_fewer_originals_than_single_numbers() -> None:
    assert MOST_A_DAY < 60


@pytest.mark.usefixtures("upload")
@pytest.mark.parametrize(("says", "code"), [(VIRUS, "virus_found"), (BUSY, "scanner_away")])
def test_what_the_scanner_does_not_call_clean_stays_in_the_house_and_is_noted(
    submitting: Store, campaign: Campaign, says: bytes, code: str
) -> None:
    with small_clamd(SmallClamd(says=says)) as scanner:
        refused = [
            opened(submitting, campaign, scanner=scanner),
            copied(submitting, campaign, scanner=scanner),
        ]

    noted = [json.loads(one.facts) for one in rows_of(submitting, AuditRow) if one.act == "withhold_file"]
    assert [one.code for one in refused if isinstance(one, Refused)] == [code] * 2
    assert [(one["version"], one["code"]) for one in noted] == [(1, code)] * 2


@pytest.mark.usefixtures("upload")
def test_what_the_scanner_calls_clean_is_what_is_given_out(submitting: Store, campaign: Campaign) -> None:
    daemon = SmallClamd()
    with small_clamd(daemon) as scanner:
        done = [opened(submitting, campaign, scanner=scanner), copied(submitting, campaign, scanner=scanner)]

    assert (done, len(daemon.seen)) == (daemon.seen, 2)
