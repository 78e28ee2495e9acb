"""What the portal costs: pages under use, in a county a hundred times larger, in the deadline hour, and an upload."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path

from config.campaign_folder import campaign_folder, read_campaign, restrict
from records.copies.temporary_database import answers, own_database
from records.sealing.vault import open_vault
from records.store import Store, shown
from rehearsal.bench.bounds import Bound
from rehearsal.bench.copies import multiply_house
from rehearsal.bench.deadline_hour import Hour, Rush, measure_hour
from rehearsal.bench.pages import KINDS, Pages, Use, measure_pages
from rehearsal.bench.portal_process import serving, sqlite_of
from rehearsal.rehearsal import Script, play
from rules.campaign.campaign import Campaign

CAMPAIGN = "longquan-2020"
TIMES = 100
KILOBYTE = 1000

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Sizes:
    """What is measured with; smaller ones are for trying the bench itself."""

    villages: int | None = None
    times: int = TIMES
    use: Use = field(default_factory=Use)
    rush: Rush = field(default_factory=Rush)


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that was measured. ``moved``, the same campaign on PostgreSQL, and ``larger`` are None where no
    server answered."""

    pages: Pages
    moved: Pages | None
    larger: Pages | None
    hour: Hour
    dossiers: int


BOUNDS = {
    **{f"{kind}_p95_ms": Bound(most=150.0) for kind in KINDS},
    "largest_page_kb": Bound(most=100.0),
    "answers_not_200": Bound(most=0.0),
    **{f"{kind}_larger_to_ours": Bound(most=1.5) for kind in KINDS},
    "dossiers_without_receipt": Bound(most=0.0),
    "uploads_broken": Bound(most=0.0),
    "upload_to_bare": Bound(most=1.3),
}
"""What is asked of each figure."""


def figures(measured: Measured) -> dict[str, float]:
    """What is held against a bound; what was not measured is left out."""
    hour = measured.hour
    every = [one for one in (measured.pages, measured.moved, measured.larger) if one is not None]
    ratios = _ratios(measured.larger, measured.pages)
    return {
        **{f"{kind}_p95_ms": measured.pages.timings[kind].p95_ms for kind in KINDS},
        "largest_page_kb": max(one.largest for one in every) / KILOBYTE,
        "answers_not_200": sum(one.not_ok for one in every),
        **{f"{kind}_larger_to_ours": value for kind, value in ratios.items()},
        "dossiers_without_receipt": measured.dossiers - hour.receipts,
        "uploads_broken": hour.broken,
        "upload_to_bare": hour.to_bare,
    }


def _ratios(these: Pages | None, those: Pages | None) -> dict[str, float]:
    """Of the p95 by kind of page; empty where one of both was not measured."""
    if these is None or those is None:
        return {}
    return {kind: these.timings[kind].p95_ms / those.timings[kind].p95_ms for kind in KINDS}


def causes(measured: Measured) -> dict[str, float]:
    """What of the larger county's times comes from its size, and what from the other database: no bounds."""
    by_size = _ratios(measured.larger, measured.moved)
    by_database = _ratios(measured.moved, measured.pages)
    return {
        **{f"{kind}_by_size_alone": value for kind, value in by_size.items()},
        **{f"{kind}_by_database_alone": value for kind, value in by_database.items()},
    }


def as_json(measured: Measured) -> dict[str, object]:
    """All that was measured, for programs."""
    return {**figures(measured), **causes(measured), **asdict(measured)}


def measure(sizes: Sizes, *, postgresql: str, say: Say) -> Measured:
    """All of it in one run and a folder of its own, each part said as it is known."""
    with tempfile.TemporaryDirectory(prefix="hqe-bench-") as folder:
        home = Path(folder) / "finished"
        campaign = _finished(home, sizes, say)
        pages = _pages(home, campaign, sqlite_of(home), sizes.use, say)
        moved, larger = _on_postgresql(home, campaign, sizes, postgresql, say)
        shutil.rmtree(home)
        hour = measure_hour(campaign, Path(folder), rush=sizes.rush, say=say)
    return Measured(pages, moved, larger, hour, sizes.rush.dossiers)


def _finished(home: Path, sizes: Sizes, say: Say) -> Campaign:
    """Play a campaign to its end; which one."""
    say("a whole rehearsal …")
    script = Script(
        home=home, campaign_id=CAMPAIGN, villages=sizes.villages, seed=sizes.use.seed, progress=_by_day(say)
    )
    play(script).stop()
    campaign = read_campaign(campaign_folder(CAMPAIGN))
    return campaign if sizes.villages is None else restrict(campaign, sizes.villages)


def _by_day(say: Say) -> Callable[[datetime], object]:
    """Tells each new business day once."""
    days: set[date] = set()

    def tell(moment: datetime) -> None:
        if moment.date() not in days:
            days.add(moment.date())
            say(f"  {moment:%m-%d}")

    return tell


def _store_of(home: Path, url: str) -> Store:
    return Store(url, vault=open_vault(home / "secret.key"), home=home)


def _pages(home: Path, campaign: Campaign, url: str, use: Use, say: Say) -> Pages:
    seconds = use.thinking_s
    say(
        f"pages: {use.users} users, thinking {seconds:g} s (exponential): {use.users / seconds:.0f} requests a second …"
    )
    with closing(_store_of(home, url)) as store, serving(home, HQE_DATABASE_URL=url) as (_, address):
        pages = measure_pages(store, address, campaign_id=campaign.id, use=use)
    for name, timing in pages.timings.items():
        say(f"  {name}: p50 {timing.p50_ms:.0f} ms, p95 {timing.p95_ms:.0f} ms ({timing.count} pages)")
    say(f"  largest page {pages.largest / KILOBYTE:.0f} kB")
    return pages


def _on_postgresql(
    home: Path, campaign: Campaign, sizes: Sizes, server: str, say: Say
) -> tuple[Pages | None, Pages | None]:
    """The same pages on PostgreSQL, with the same rows and with so many times as many; None without a server."""
    if not answers(server):
        say(f"no PostgreSQL server answers at {shown(server)}: the larger county is not measured")
        return None, None
    moved = _counties(home, campaign, 1, sizes.use, server, say)
    return moved, _counties(home, campaign, sizes.times, sizes.use, server, say)


def _counties(home: Path, campaign: Campaign, times: int, use: Use, server: str, say: Say) -> Pages:
    say(f"{times * len(campaign.villages)} villages on PostgreSQL …")
    with own_database(server) as url:
        with closing(_store_of(home, sqlite_of(home))) as ours:
            rows = multiply_house(ours, url, campaign_id=campaign.id, times=times)
        say(f"  {rows} rows written")
        return _pages(home, campaign, url, use, say)
