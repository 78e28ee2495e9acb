"""What an intake costs: against one bare openpyxl load, by length of the roster, and on one core or two."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from actions.campaign import lifecycle, stages, survey
from actions.dossiers import acceptance, examination, submission, uploads
from actions.steps import subject_of
from config.calendar import read_calendar
from config.campaign_folder import campaign_folder, restrict
from records.schema.migrate import migrate
from records.sealing.vault import Vault
from records.store import Store, open_engine
from records.tables.dossiers import UploadRow
from rehearsal.bench.bounds import Bound
from rehearsal.people.workbooks import fill_dossier
from rules.campaign.campaign import Campaign
from workbooks.confined.client import Readers, examine_apart
from workbooks.read.reference_readers import load_bare

ROWS, MANY_ROWS = 3_000, 50_000
LENGTHS = (300, ROWS, MANY_ROWS)
DOSSIERS, PER_DOSSIER = 48, 625
ROUNDS, TWICE = 3, 2
RUSH, RUSH_SAMPLE = 200, 24
"""So many dossiers come in the last minute; so many of them are judged to measure it."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Figures:
    """Ratios of one run, and the reader's peak memory in MB."""

    intake_to_openpyxl: float
    per_row_growth: float
    two_cores_to_one: float
    reader_peak_mb: float
    village_peak_mb: float
    rush_seconds: float


BOUNDS = {
    "intake_to_openpyxl": Bound(most=0.4),
    "per_row_growth": Bound(most=1.2),
    "two_cores_to_one": Bound(least=1.8),
    "reader_peak_mb": Bound(most=400.0),
    "village_peak_mb": Bound(most=120.0),
    "rush_seconds": Bound(most=120.0),
}
"""What issue and design ask of each figure."""


def measure(campaign: Campaign, say: Say) -> Figures:
    """All figures in one run, each said as it is known."""
    intake_ratio = full_intake(campaign, say)
    growth, peak = by_length(campaign, say)
    village = village_peak(campaign, say)
    return Figures(intake_ratio, growth, on_two_cores(campaign, say), peak, village, rush(campaign, say))


def seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


# --- the whole way in ------------------------------------------------------------------------------------


def full_intake(campaign: Campaign, say: Say) -> float:
    """Hand in, parse, check, encrypt and store, against one bare load of the same file; the best of some."""
    small = restrict(campaign, 1)
    code = small.villages[0].code
    data = fill_dossier(small, code, plot="good", version=1, seed=7, rows=(ROWS, ROWS))
    bare = min(seconds(partial(load_bare, data)) for _ in range(ROUNDS))
    ours = min(one_intake(small, data) for _ in range(ROUNDS))
    say(f"{ROWS} rows: full intake {ours:.2f} s, bare openpyxl {bare:.2f} s, ratio {ours / bare:.2f}")
    return ours / bare


def one_intake(campaign: Campaign, data: bytes) -> float:
    """In a fresh database, since a village hands in until it is accepted."""
    with a_store() as store:
        now = open_submission(store, campaign)
        return seconds(partial(take_in, store, campaign, data, now))


@contextmanager
def a_store() -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'hqe.db'}"
        engine = open_engine(url)
        migrate(engine)
        engine.dispose()
        store = Store(url, vault=Vault(os.urandom(32)), home=Path(folder))
        yield store
        store.close()


def open_submission(store: Store, campaign: Campaign) -> datetime:
    """The campaign on the day after its survey closed, every town's dossiers asked for."""
    plan = campaign.stage("submission")
    opened, now = campaign.start_of(campaign.stage("survey").opens), campaign.start_of(plan.opens)
    calendar = read_calendar(campaign_folder(campaign.id), (campaign.year, campaign.year + 1))
    lifecycle.open_campaign(store, campaign=campaign, calendar=calendar, by="coordinator-1", now=opened)
    stages.open_due_stage(store, campaign_id=campaign.id, now=opened)
    for town in campaign.towns:
        confirm_survey(store, campaign, town.code, now=opened)
    stages.close_due_stage(store, campaign_id=campaign.id, now=now)
    stages.open_due_stage(store, campaign_id=campaign.id, now=now)
    for town in campaign.towns:
        submission.ask_for_dossiers(store, subject=subject_of(campaign.id, town.code), now=now)
    return now


def confirm_survey(store: Store, campaign: Campaign, town_code: str, *, now: datetime) -> None:
    """A town says that all its villages take part."""
    subject = subject_of(campaign.id, town_code)
    survey.ask_for_survey(store, subject=subject, now=now)
    survey.confirm_survey(
        store,
        campaign_id=campaign.id,
        town_code=town_code,
        villages=[village.code for village in campaign.villages if village.town_code == town_code],
        by=f"clerk-{town_code}",
        now=now,
    )
    with store.writing() as session:
        stages.finish_carrier(session, "survey", subject, heard=10**9, now=now)


def take_in(store: Store, campaign: Campaign, data: bytes, now: datetime) -> None:
    """Raises ``AssertionError`` when the dossier was not taken in: then there is nothing to measure."""
    upload = hand_in_one(store, campaign, campaign.villages[0].code, data, now)
    understood = examination.examine_upload(store, upload_id=upload)
    assert understood.acceptable
    acceptance.judge_upload(store, upload_id=upload, understood=understood, now=now)


# --- by length, and on two cores ---------------------------------------------------------------------------


def by_length(campaign: Campaign, say: Say) -> tuple[float, float]:
    """How much processor time a row costs more in the longest roster than in the shortest, and the peak memory."""
    village, readers = campaign.villages[0], Readers(1)
    costs: list[float] = []
    for rows in LENGTHS:
        data = fill_dossier(campaign, village.code, plot="good", version=1, seed=7, rows=(rows, rows))
        times = max(1, ROWS // rows)
        examine_one(data, campaign, readers)
        before = readers.processor_seconds()
        for _ in range(times):
            examine_one(data, campaign, readers)
        costs.append((readers.processor_seconds() - before) / rows / times)
        say(f"{rows} rows: {1e6 * costs[-1]:.0f} µs of processor a row")
    peak = readers.peak_megabytes()
    readers.close()
    say(f"the reader's peak: {peak:.0f} MB")
    return costs[-1] / costs[0], peak


def village_peak(campaign: Campaign, say: Say) -> float:
    """The most memory that a reader needs for one large village."""
    readers = Readers(1)
    data = fill_dossier(
        campaign, campaign.villages[0].code, plot="good", version=1, seed=7, rows=(ROWS, ROWS)
    )
    examine_one(data, campaign, readers)
    peak = readers.peak_megabytes()
    readers.close()
    say(f"the reader's peak with {ROWS} rows: {peak:.0f} MB")
    return peak


def rush(campaign: Campaign, say: Say) -> float:
    """Seconds until the dossiers that came in the last minute are all judged, by two at a time."""
    some = restrict(campaign, RUSH_SAMPLE)
    rows = (PER_DOSSIER, PER_DOSSIER)
    files = {
        village.code: fill_dossier(some, village.code, plot="good", version=1, seed=n, rows=rows)
        for n, village in enumerate(some.villages)
    }
    with a_store() as store:
        now = open_submission(store, some)
        ids = [hand_in_one(store, some, code, data, now) for code, data in files.items()]
        with ThreadPoolExecutor(2) as pool:
            took = seconds(lambda: list(pool.map(partial(judge_one, store, now=now), ids)))
    told = took * RUSH / len(ids)
    say(f"{len(ids)} dossiers judged in {took:.1f} s, so {RUSH} in {told:.0f} s")
    return told


def hand_in_one(store: Store, campaign: Campaign, code: str, data: bytes, now: datetime) -> int:
    clerk = f"clerk-{campaign.village(code).town_code}"
    upload = uploads.hand_in(
        store, campaign_id=campaign.id, village_code=code, data=data, by=clerk, now=now, host_now=now
    )
    assert isinstance(upload, UploadRow), upload.reason
    return upload.id


def judge_one(store: Store, upload_id: int, *, now: datetime) -> None:
    understood = examination.examine_upload(store, upload_id=upload_id)
    acceptance.judge_upload(store, upload_id=upload_id, understood=understood, now=now)


def examine_one(data: bytes, campaign: Campaign, readers: Readers | None = None) -> None:
    """Raises ``AssertionError`` when the dossier is not accepted: then less was done than is measured."""
    village = campaign.villages[0]
    understood = examine_apart(
        data, campaign=campaign, town_code=village.town_code, village_code=village.code, readers=readers
    )
    assert understood.acceptable, understood.findings[0]


def on_two_cores(campaign: Campaign, say: Say) -> float:
    village = campaign.villages[0]
    rows = (PER_DOSSIER, PER_DOSSIER)
    files = [
        fill_dossier(campaign, village.code, plot="good", version=1, seed=seed, rows=rows)
        for seed in range(DOSSIERS)
    ]
    # The best of some, one after the other: what else the machine does meanwhile hits both alike.
    rounds = [{workers: in_parallel(files, campaign, workers) for workers in (1, 2)} for _ in range(TWICE)]
    one, two = (min(took[workers] for took in rounds) for workers in (1, 2))
    say(f"{DOSSIERS} dossiers, {DOSSIERS * PER_DOSSIER} rows: {one:.1f} s on one core, {two:.1f} s on two")
    return one / two


def in_parallel(files: list[bytes], campaign: Campaign, workers: int) -> float:
    """The time for all files with so many readers, started before the clock is."""
    readers = Readers(workers)
    ask = partial(examine_one, campaign=campaign, readers=readers)
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(ask, files[: 2 * workers]))
        took = seconds(lambda: list(pool.map(ask, files)))
    readers.close()
    return took
