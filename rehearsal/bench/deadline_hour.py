"""The last half hour before dossiers are due: hundreds of them at once through the portal's form, and what one costs.

The cost of an upload through the portal is the CPU time of the portal's process and that of the check as the
worker does it; the bare one is handing in by the action and the same check, in one process, for the same files
and on a database of its own. Both databases begin as copies of one.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import httpx

from actions.dossiers import acceptance, examination
from actions.dossiers import uploads as upload_acts
from portal.web.request import form_token
from records import clock
from records.campaign.stages import stages_in_order
from records.copies.dump import Line, lines_of
from records.schema.migrate import migrate
from records.sealing.vault import make_key, open_vault
from records.store import Store
from records.tables.dossiers import UploadRow
from rehearsal.bench.costs import cpu_of_family
from rehearsal.bench.crowd import UNANSWERED, Answer, Sending, send
from rehearsal.bench.intake import open_submission
from rehearsal.bench.pages import OK, let_in, percentile
from rehearsal.bench.portal_process import serving, sqlite_of
from rehearsal.larger_county import enlarge
from rehearsal.people.workbooks import fill_dossier
from rules.campaign.campaign import Campaign, Village
from workbooks.papers.receipt import grouped

BEFORE = timedelta(minutes=30)
FILLERS = 2
ROUNDS = 3
BROKEN = 500

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Rush:
    """How many dossiers of about so many rows come from how many clients, and how many are checked afterwards."""

    dossiers: int = 200
    rows: int = 600
    clients: int = 50
    checked: int = 60
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Hour:
    """How the hour went: receipts, answers of 500 and above or none, seconds, and CPU seconds of one upload."""

    receipts: int
    broken: int
    wall_s: float
    p95_ms: float
    portal_cpu_s: float
    to_bare: float


@dataclass(frozen=True, slots=True)
class Filled:
    """A dossier as it is sent."""

    village: Village
    file: Path
    sha256: str

    @property
    def clerk(self) -> str:
        return f"clerk-{self.village.town_code}"


@dataclass(frozen=True, slots=True)
class Through:
    """What went through the portal: its CPU seconds for one upload, seconds for all, answers and receipts."""

    portal_cpu_s: float
    wall_s: float
    answers: Sequence[Answer]
    receipts: int


def measure_hour(campaign: Campaign, folder: Path, *, rush: Rush, say: Say) -> Hour:
    """The whole hour in a folder of its own, on SQLite."""
    larger = enlarge(campaign, -(-rush.dossiers // len(campaign.villages)))
    house, bare = folder / "hour", folder / "bare"
    say(f"deadline hour: {len(larger.villages)} villages open, {rush.dossiers} dossiers being filled …")
    due = _open_house(house, larger)
    shutil.copytree(house, bare)
    filled = fill_all(larger, folder, rush)
    through = _through_the_portal(house, filled, campaign_id=larger.id, rush=rush)
    p95 = 1000 * percentile([one.seconds for one in through.answers], 0.95)
    say(f"  {through.receipts} receipts in {through.wall_s:.1f} s, p95 of an answer {p95:.0f} ms")
    say(
        f"  {1000 * through.portal_cpu_s:.1f} ms of the portal's CPU each; {rush.checked} stored and checked bare …"
    )
    ratio = _to_bare(larger, house, bare, filled[: rush.checked], hour=through, now=due - BEFORE)
    broken = sum(one.status == UNANSWERED or one.status >= BROKEN for one in through.answers)
    return Hour(through.receipts, broken, through.wall_s, p95, through.portal_cpu_s, ratio)


def _store_of(home: Path) -> Store:
    return Store(sqlite_of(home), vault=open_vault(home / "secret.key"), home=home)


def _open_house(home: Path, campaign: Campaign) -> datetime:
    """A campaign half an hour before its dossiers are due; when that is."""
    home.mkdir()
    make_key(home / "secret.key")
    store = _store_of(home)
    migrate(store.engine)
    open_submission(store, campaign)
    with store.reading() as session:
        due = next(row.due_at for row in stages_in_order(session, campaign.id) if row.name == "submission")
    clock.simulate(store, due - BEFORE)
    store.close()
    return due


def fill_all(campaign: Campaign, folder: Path, rush: Rush) -> list[Filled]:
    """A dossier of each of the first villages, as files, filled by processes of their own."""
    villages = campaign.villages[: rush.dossiers]
    fill = partial(
        fill_dossier, campaign, plot="good", version=1, seed=rush.seed, rows=(rush.rows, rush.rows)
    )
    with ProcessPoolExecutor(FILLERS, mp_context=get_context("spawn")) as pool:
        made = list(pool.map(fill, [village.code for village in villages], chunksize=8))
    return [_kept(village, data, folder) for village, data in zip(villages, made, strict=True)]


def _kept(village: Village, data: bytes, folder: Path) -> Filled:
    file = folder / f"{village.code}.xlsx"
    file.write_bytes(data)
    return Filled(village, file, hashlib.sha256(data).hexdigest())


# --- through the portal ------------------------------------------------------------------------------------


def _through_the_portal(home: Path, filled: Sequence[Filled], *, campaign_id: str, rush: Rush) -> Through:
    store = _store_of(home)
    tokens = dict(zip(filled, let_in(store, [one.clerk for one in filled]), strict=True))
    pages = {one: f"/campaigns/{campaign_id}/villages/{one.village.code}" for one in filled}
    sendings = [
        Sending(token, form_token(token), f"{pages[one]}/uploads", str(one.file))
        for one, token in tokens.items()
    ]
    with serving(home) as (portal, address):
        # Everybody has the page open before they send: that is not what an upload costs.
        _look(address, pages[filled[0]], tokens[filled[0]])
        before, started = cpu_of_family(portal.pid), time.perf_counter()
        answers = send(address, sendings, clients=rush.clients)
        wall = time.perf_counter() - started
        spent = cpu_of_family(portal.pid) - before
        receipts = _count_receipts(store, address, tokens)
    store.close()
    return Through(spent / len(filled), wall, answers, receipts)


def _look(address: str, path: str, token: str) -> httpx.Response:
    return httpx.get(f"{address}{path}", headers={"Cookie": f"hqe={token}"}, trust_env=False)


def _count_receipts(store: Store, address: str, tokens: Mapping[Filled, str]) -> int:
    """Dossiers that are kept once, as they were sent, and whose receipt says so."""
    with store.reading() as session:
        uploads = lines_of(session, UploadRow, ["village_code", "sha256", "id"])
    receipts = 0
    for one, token in tokens.items():
        kept = [upload for code, *upload in uploads if code == one.village.code]
        if [sha256 for sha256, _ in kept] == [one.sha256]:
            receipt = _look(address, f"/uploads/{kept[0][1]}/receipt", token)
            receipts += receipt.status_code == OK and grouped(one.sha256) in receipt.text
    return receipts


# --- against bare storing and checking ---------------------------------------------------------------------


def _to_bare(
    campaign: Campaign, house: Path, bare: Path, filled: Sequence[Filled], *, hour: Through, now: datetime
) -> float:
    """CPU of an upload through the portal, checked by the worker, to that of storing and checking it bare."""
    with closing(_store_of(house)) as ours, closing(_store_of(bare)) as theirs:
        with ours.reading() as session:
            upload_of = _numbers(lines_of(session, UploadRow, ["village_code", "id"]))
        # The reading process starts with the first question.
        examination.examine_upload(ours, upload_id=upload_of[filled[0].village.code])
        ratios = []
        for part in (filled[at::ROUNDS] for at in range(ROUNDS)):
            checked = _cpu(partial(_check, ours, [upload_of[one.village.code] for one in part], now))
            stored = _cpu(partial(_store_and_check, theirs, campaign, part, now))
            ratios.append((hour.portal_cpu_s * len(part) + checked) / stored)
    return median(ratios)


def _numbers(lines: Iterable[Line]) -> dict[str, int]:
    return {str(code): int(number) for code, number in lines}


def _cpu(act: Callable[[], object]) -> float:
    """CPU seconds of this process and of the reading process beside it."""
    before = cpu_of_family(os.getpid())
    act()
    return cpu_of_family(os.getpid()) - before


def _check(store: Store, upload_ids: Iterable[int], now: datetime) -> None:
    """Raises ``AssertionError`` for a dossier that is not accepted: less would be done for it."""
    for upload_id in upload_ids:
        understood = examination.examine_upload(store, upload_id=upload_id)
        state = acceptance.judge_upload(store, upload_id=upload_id, understood=understood, now=now)
        assert state == "accepted", state


def _store_and_check(store: Store, campaign: Campaign, filled: Iterable[Filled], now: datetime) -> None:
    for one in filled:
        upload = upload_acts.hand_in(
            store,
            campaign_id=campaign.id,
            village_code=one.village.code,
            data=one.file.read_bytes(),
            by=one.clerk,
            now=now,
            host_now=clock.host_now(),
        )
        assert isinstance(upload, UploadRow), upload.reason
        _check(store, [upload.id], now)
