"""What a rehearsal costs: wall time, wake-ups, CPU and memory of every process, and the floor under them."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import psutil

from actions.dossiers.uploads import read_upload
from deployments.bench.wakeups import empty_cost
from records.copies.dump import lines_of
from records.runs import carriers
from records.sealing.vault import open_vault
from records.store import Store
from records.tables.dossiers import UploadRow
from rehearsal.rehearsal import Played, Script, play
from workbooks.read.reference_readers import load_and_save_bare

LOOK_EVERY_S = 1.0
"""Looking means reading about every process of the machine, which costs what it measures."""
MEGABYTE = 1024 * 1024
SELF = "rehearsal"


@dataclass(frozen=True, slots=True)
class Costs:
    """One rehearsal: seconds of wall time, CPU seconds and peak megabytes by process, and what was done."""

    villages: int
    wall_s: float
    wakeups: int
    cpu_s: Mapping[str, float]
    cpu_per_wakeup_s: float
    """Of the server and whoever runs the flows, without their start and without the people who are played."""
    peak_mb: Mapping[str, float]
    peak_together_mb: float
    outcome_sha256: str

    @property
    def wakeups_per_village(self) -> float:
        return self.wakeups / self.villages

    @property
    def wall_per_village_s(self) -> float:
        return self.wall_s / self.villages


@dataclass(frozen=True, slots=True)
class Floor:
    """The least that the same work could cost: empty wake-ups, and bare writing and reading of the same files."""

    wakeups_s: float
    workbooks_s: float

    @property
    def wall_s(self) -> float:
        return self.wakeups_s + self.workbooks_s


@dataclass
class Watch:
    """Looks at the memory of a rehearsal's processes, children included, until told to stop."""

    pids: Callable[[], Mapping[str, int]]
    peak: dict[str, float] = field(default_factory=dict)
    together: float = 0.0
    stopping: threading.Event = field(default_factory=threading.Event)

    def look_until_stopped(self) -> None:
        while not self.stopping.wait(LOOK_EVERY_S):
            found = {name: resident(process_id) for name, process_id in self.pids().items()}
            # The rehearsal started the others: what is theirs is not its own.
            found[SELF] = resident(os.getpid()) - sum(found.values())
            self.together = max(self.together, sum(found.values()))
            for name, used in found.items():
                self.peak[name] = max(self.peak.get(name, 0.0), used)


def resident(process_id: int) -> float:
    """Megabytes of a process and all its descendants; 0 when it is gone."""
    try:
        family = [psutil.Process(process_id), *psutil.Process(process_id).children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    return sum(map(own_memory, family))


def own_memory(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss) / MEGABYTE
    except psutil.NoSuchProcess:
        return 0.0


def cpu_of(process: psutil.Process) -> float:
    """CPU seconds of a process and of those of its children that have ended."""
    try:
        return float(sum(process.cpu_times()[:4]))
    except psutil.NoSuchProcess:
        return 0.0


def cpu_of_family(process_id: int) -> float:
    """CPU seconds of a process and of all its descendants, living and ended."""
    process = psutil.Process(process_id)
    return sum(map(cpu_of, [process, *process.children(recursive=True)]))


def measure(
    home: Path,
    *,
    villages: int | None = None,
    seed: int,
    times: int = 1,
    served: bool = False,
    say: Callable[[str], object] = lambda _: None,
) -> Costs:
    """Play a rehearsal in ``home``, tell ``say`` how far it has come, and weigh it.

    ``times`` makes the county so many times larger, ``served`` leaves the flows to Prefect's stock ``serve``.
    """
    before, started = cpu_of(psutil.Process()), time.monotonic()
    diary = Diary(home, say)
    with watching() as (begin, watch):

        def on_start(played: Played) -> None:
            diary.pids = played.stack.pids
            begin(played)

        played = play(
            Script(
                home=home,
                villages=villages,
                seed=seed,
                times=times,
                served=served,
                started=on_start,
                progress=diary.note,
            )
        )
        wall = time.monotonic() - started
        spent = diary.spent()
        own = cpu_of(psutil.Process()) - before
        played.stop()
    wakeups = played.report["wakeups"]
    return Costs(
        villages=played.report["villages"],
        wall_s=wall,
        wakeups=wakeups,
        cpu_s={**spent, SELF: own},
        cpu_per_wakeup_s=(sum(spent.values()) - diary.spent_before) / (wakeups - diary.wakeups_before),
        peak_mb=watch.peak,
        peak_together_mb=watch.together,
        outcome_sha256=played.report["outcome_sha256"],
    )


@dataclass
class Diary:
    """Tells each new business day, and notes at the first what had been spent until everything was up."""

    home: Path
    say: Callable[[str], object]
    pids: Callable[[], Mapping[str, int]] = dict
    started: float = field(default_factory=time.monotonic)
    day: date | None = None
    spent_before: float = 0.0
    wakeups_before: int = 0

    def note(self, moment: datetime) -> None:
        """For the rehearsal: the business time has come so far, and nothing moves."""
        if self.day is None:
            self.spent_before, self.wakeups_before = sum(self.spent().values()), wakeups_in(self.home)
        if self.day != moment.date():
            self.say(f"  {moment:%m-%d} after {time.monotonic() - self.started:.0f} s")
        self.day = moment.date()

    def spent(self) -> dict[str, float]:
        """CPU seconds by process of the stack."""
        return {name: cpu_of_family(process_id) for name, process_id in self.pids().items()}


def wakeups_in(home: Path) -> int:
    """How often runs have woken so far in a rehearsal's house."""
    store = _store_of(home)
    with store.reading() as session:
        count = carriers.count_wakes(session)
    store.close()
    return count


def _store_of(home: Path) -> Store:
    return Store(f"sqlite:///{home / 'hqe.db'}", vault=open_vault(home / "secret.key"), home=home)


@contextmanager
def watching() -> Iterator[tuple[Callable[[Played], object], Watch]]:
    """A hook that begins to watch a rehearsal's processes, and what the watch has seen."""
    watch = Watch(dict)
    thread = threading.Thread(target=watch.look_until_stopped, name="watch", daemon=True)

    def begin(played: Played) -> None:
        watch.pids = played.stack.pids
        thread.start()

    try:
        yield begin, watch
    finally:
        watch.stopping.set()


def floor_of(home: Path, costs: Costs) -> Floor:
    """As many wake-ups of an empty flow, and each handed-in workbook read and written once without checks."""
    with tempfile.TemporaryDirectory(prefix="hqe-bench-") as folder:
        empty = empty_cost(Path(folder), count=costs.wakeups)
    started = time.monotonic()
    for data in handed_in(home):
        load_and_save_bare(data)
    return Floor(wakeups_s=empty.wall * costs.wakeups, workbooks_s=time.monotonic() - started)


def handed_in(home: Path) -> Iterator[bytes]:
    """The bytes of every upload of a finished rehearsal."""
    store = _store_of(home)
    with store.reading() as session:
        uploads = [line[0] for line in lines_of(session, UploadRow, ["id"])]
    for upload_id in uploads:
        yield read_upload(store, upload_id)[1]
    store.close()
