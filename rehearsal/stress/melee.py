"""The melee: several processes do every act at once on a few villages; what it came to, and whether all still holds."""

from __future__ import annotations

import logging
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from random import Random
from statistics import median

from actions.dossiers import examination, uploads
from actions.duties.assignment import NobodyToAsk
from actions.overview.simulation import wake_all
from actions.runs import tick
from config.campaign_folder import campaign_folder, read_campaign, restrict
from records.copies.temporary_database import own_database
from records.schema.migrate import migrate
from records.sealing.vault import Vault
from records.store import Store
from records.store import log as store_log
from records.tables.dossiers import UploadRow
from records.tables.review import DecisionRow
from rehearsal.bench.intake import open_submission
from rehearsal.bench.pages import percentile
from rehearsal.people.workbooks import fill_dossier
from rehearsal.stress.invariants import broken
from rehearsal.stress.melee_acts import ACTS, BY_ITSELF, NO_OCCASION, Act, Fighter
from rules.campaign.campaign import Campaign
from rules.dossiers.dossier import Understood
from rules.refusals import Refused

CAMPAIGN_ID = "longquan-2020"
KEY = bytes(range(32))
ROWS = (40, 60)
AT_DESK = timedelta(days=23)
"""From the day on which dossiers are asked for until the desk reviews are under way."""
MOST_TOLD = 20

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Melee:
    """How long, with how many processes on how many villages; ``server`` of PostgreSQL, empty for SQLite."""

    seconds: float = 10.0
    processes: int = 4
    villages: int = 2
    seed: int = 7
    server: str = ""


@dataclass
class Tally:
    """What one fighter's acts came to, by their names and by the codes of refusals."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    exceptions: list[str] = field(default_factory=list)
    acknowledged: list[int] = field(default_factory=list)
    retries: int = 0
    stuck: int = 0
    """Runs that found nobody to ask and said so: too many were stood down, away or in conflict at that moment."""

    def add(self, other: Tally) -> None:
        for name, seconds in other.seconds.items():
            self.seconds.setdefault(name, []).extend(seconds)
        self.done.update(other.done)
        self.refused.update(other.refused)
        self.exceptions += other.exceptions
        self.acknowledged += other.acknowledged
        self.retries += other.retries
        self.stuck += other.stuck

    @property
    def acts(self) -> int:
        return sum(map(len, self.seconds.values()))


@dataclass(frozen=True, slots=True)
class Outcome:
    """The tallies of all fighters together, and a sentence for each point that does not hold afterwards."""

    tally: Tally
    broken: Sequence[str]

    @property
    def is_well(self) -> bool:
        return not self.broken and not self.tally.exceptions and self.tally.acts > 0


def fight(melee: Melee) -> Outcome:
    """Prepare a house, let the fighters loose, count, and look at what they left."""
    with tempfile.TemporaryDirectory(prefix="hqe-melee-") as folder, _database(melee, Path(folder)) as url:
        campaign = restrict(read_campaign(campaign_folder(CAMPAIGN_ID)), melee.villages)
        store = Store(url, vault=Vault(KEY), home=Path(folder))
        now, understood = _prepare(store, campaign)
        tally = Tally()
        for one in _loose(melee, url, Path(folder), campaign=campaign, now=now, understood=understood):
            tally.add(one)
        with store.reading() as session:
            left = broken(session, campaign, acknowledged=tally.acknowledged)
        store.close()
    return Outcome(tally, left)


@contextmanager
def _database(melee: Melee, folder: Path) -> Iterator[str]:
    if not melee.server:
        yield f"sqlite:///{folder / 'hqe.db'}"
        return
    with own_database(melee.server) as url:
        yield url


def _prepare(store: Store, campaign: Campaign) -> tuple[datetime, Mapping[str, Understood]]:
    """Every dossier handed in and the desk reviews under way; what the checks make of each village's dossier."""
    migrate(store.engine)
    opened = open_submission(store, campaign)
    understood = {
        village.code: _handed_in(store, campaign, village.code, opened) for village in campaign.villages
    }
    now = opened + AT_DESK
    tick.follow_calendar(store, campaign_id=campaign.id, now=now)
    wake_all(store, now=now)
    return now, understood


def _handed_in(store: Store, campaign: Campaign, code: str, now: datetime) -> Understood:
    upload = uploads.hand_in(
        store,
        campaign_id=campaign.id,
        village_code=code,
        data=fill_dossier(campaign, code, plot="good", version=1, seed=7, rows=ROWS),
        by=f"clerk-{campaign.village(code).town_code}",
        now=now,
        host_now=now,
    )
    assert isinstance(upload, UploadRow), upload.reason
    return examination.examine_upload(store, upload_id=upload.id)


def _loose(
    melee: Melee,
    url: str,
    folder: Path,
    *,
    campaign: Campaign,
    now: datetime,
    understood: Mapping[str, Understood],
) -> list[Tally]:
    """The tally of each process; all of them begin at once."""
    context = get_context("spawn")
    start, told = context.Barrier(melee.processes), context.SimpleQueue()
    fighters = [
        context.Process(
            target=_fight_alone,
            args=(melee, number, url, folder, campaign, now, understood, start, told.put),
            daemon=True,
        )
        for number in range(melee.processes)
    ]
    for fighter in fighters:
        fighter.start()
    tallies = [told.get() for _ in fighters]
    for fighter in fighters:
        fighter.join()
    return tallies


def _fight_alone(
    melee: Melee,
    number: int,
    url: str,
    folder: Path,
    campaign: Campaign,
    now: datetime,
    understood: Mapping[str, Understood],
    start: Barrier,
    tell: Callable[[Tally], object],
) -> None:
    store = Store(url, vault=Vault(KEY), home=folder)
    luck = Random(f"{melee.seed}:{number}")
    fighter = Fighter(store, campaign, now, f"fighter-{number}", luck, understood)
    counter = Retries()
    store_log.addHandler(counter)
    store_log.setLevel(logging.DEBUG)
    start.wait()
    tally, until = Tally(), time.monotonic() + melee.seconds
    while time.monotonic() < until:
        perform(fighter.luck.choice(ACTS), fighter, tally)
    tally.retries = counter.count
    store.close()
    tell(tally)


class Retries(logging.Handler):
    """Counts how often an act ran again."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def emit(self, _record: logging.LogRecord) -> None:
        self.count += 1


def perform(act: Act, fighter: Fighter, tally: Tally) -> None:
    """Do it once and count what came of it."""
    began = time.perf_counter()
    try:
        outcome = act(fighter)
    except NobodyToAsk as nobody:
        if act in BY_ITSELF:
            tally.stuck += 1
        else:
            tally.exceptions.append(f"{act.__name__}: {nobody}")
        return
    except Exception as error:
        tally.exceptions.append(f"{act.__name__}: {type(error).__name__}: {error}"[:500])
        return
    if outcome == NO_OCCASION:
        return
    tally.seconds.setdefault(act.__name__, []).append(time.perf_counter() - began)
    if isinstance(outcome, Refused):
        tally.refused[outcome.code] += 1
        return
    tally.done[act.__name__] += 1
    if isinstance(outcome, DecisionRow):
        tally.acknowledged.append(outcome.id)


def lines_of(outcome: Outcome) -> Iterator[str]:
    """What it came to, for people."""
    tally = outcome.tally
    for name, seconds in sorted(tally.seconds.items()):
        yield (
            f"  {name}: {len(seconds)} acts, {tally.done[name]} done, "
            f"p50 {1000 * median(seconds):.0f} ms, p99 {1000 * percentile(seconds, 0.99):.0f} ms"
        )
    every = [one for seconds in tally.seconds.values() for one in seconds]
    yield f"{tally.acts} acts, {tally.done.total()} done, {tally.refused.total()} refused, {tally.retries} run again"
    if every:
        yield f"an act: p50 {1000 * median(every):.0f} ms, p99 {1000 * percentile(every, 0.99):.0f} ms"
    yield "refused: " + ", ".join(f"{code} {count}" for code, count in tally.refused.most_common())
    yield f"runs that found nobody to ask and said so: {tally.stuck}"
    yield f"exceptions: {len(tally.exceptions)}; points that do not hold: {len(outcome.broken)}"
    yield from [f"  ! {sentence}" for sentence in (*tally.exceptions, *outcome.broken)[:MOST_TOLD]]


def as_json(outcome: Outcome) -> dict[str, object]:
    tally = outcome.tally
    return {
        "acts": tally.acts,
        "done": dict(tally.done),
        "refused": dict(tally.refused),
        "retries": tally.retries,
        "stuck": tally.stuck,
        "exceptions": tally.exceptions,
        "broken": list(outcome.broken),
        "p50_ms": {name: 1000 * median(seconds) for name, seconds in tally.seconds.items()},
        "p99_ms": {name: 1000 * percentile(seconds, 0.99) for name, seconds in tally.seconds.items()},
    }
