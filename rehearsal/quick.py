"""A rehearsal within this process alone: no Prefect, no mail server, small dossiers; for trying many folders."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from actions.campaign import lifecycle
from actions.dossiers import acceptance, uploads
from actions.overview.simulation import STEPS, Woken
from actions.review.planning import plan
from actions.review.publicity import step
from actions.runs import wake
from actions.runs.tick import follow_calendar
from records import clock
from records.copies.in_memory import InMemoryStore
from records.runs import bells
from records.sealing.vault import Vault
from records.store import Store
from records.tables.dossiers import UploadRow
from rehearsal.clock_driver import Driver, Stuck
from rehearsal.doors.actions import Straight
from rehearsal.people.cast import Cast
from rehearsal.people.plots import plots_of, tempers_of
from rehearsal.people.workbooks import fill_dossier
from rehearsal.visitors import has_work
from rules.campaign.calendar import Calendar
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from workbooks.confined.examine import examine

MOST_WAKES = 2_000
ROWS = (40, 60)


Happens = Callable[[Store, datetime], object]


def nothing(_store: Store, _now: datetime) -> None:
    """What happens besides, where nothing does."""


@dataclass
class SmallDesk:
    """Fills dossiers as they are asked for, and remembers them by their hash."""

    campaign: Campaign
    plots: dict[str, str]
    seed: int
    by_hash: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def dossier(self, village_code: str, *, version: int) -> bytes:
        data = fill_dossier(
            self.campaign,
            village_code,
            plot=self.plots[village_code],
            version=version,
            seed=self.seed,
            rows=ROWS,
        )
        self.by_hash[hashlib.sha256(data).hexdigest()] = village_code, data
        return data


class QuickDriver(Driver):
    """Wakes every run that is rung itself, instead of waiting for a worker to do it."""

    desk: SmallDesk
    post: Happens

    def wait_until_quiet(self) -> None:
        for _ in range(MOST_WAKES):
            with self.store.reading() as session:
                call = next(iter(bells.waiting(session, limit=1)), None)
                now = clock.read(session)
            if call is None:
                self.post(self.store, now)
                return
            self._wake(call.kind, call.subject, now)
        raise Stuck(f"the runs ring each other without end, after {MOST_WAKES} wakes")

    def _wake(self, kind: str, subject: str, now: datetime) -> None:
        woken = wake.begin_wake(self.store, kind, subject)
        ended = STEPS[kind](Woken(self.store, subject, now, self._check))
        record = wake.record_end if ended else wake.record_sleep
        record(self.store, woken, now=now)

    def _check(self, store: Store, kind: str, subject: str, now: datetime) -> None:
        """What the reading process does, here."""
        campaign = self.desk.campaign
        with store.reading() as session:
            waiting = [
                (one, session.get_one(UploadRow, one).sha256)
                for one in uploads.waiting_uploads(session, kind, subject)
            ]
        for upload_id, sha256 in waiting:
            code, data = self.desk.by_hash[sha256]
            town = campaign.village(code).town_code
            understood = examine(data, campaign=campaign, town_code=town, village_code=code)
            acceptance.judge_upload(
                store, upload_id=upload_id, understood=understood, now=now, within=(kind, subject)
            )


def tick_once(store: Store, campaign_id: str) -> None:
    """What the tick does for one campaign: the calendar, the plan of visits, the end of a publicity."""
    now = clock.now(store)
    follow_calendar(store, campaign_id=campaign_id, now=now)
    plan.keep_visits(store, campaign_id=campaign_id, now=now, plainly=True)
    step.ring_over(store, campaign_id=campaign_id, now=now)


def play_quickly(
    campaign: Campaign,
    calendar: Calendar,
    *,
    seed: int = 1,
    until_role: str = "",
    post: Happens = nothing,
    meanwhile: Happens = nothing,
) -> InMemoryStore:
    """The campaign to its end, or until a role has work; raises ``Stuck`` where it does not get there.

    ``post`` delivers what is written whenever all is quiet, ``meanwhile`` happens before people look what to do next.
    """
    store = InMemoryStore(vault=Vault(bytes(range(32))), home=Path("/nowhere"))
    opening = campaign.start_of(campaign.stages[0].opens)
    clock.simulate(store, opening)
    first = next(person.id for person in campaign.people if "coordinator" in person.roles)
    done = lifecycle.open_campaign(store, campaign=campaign, calendar=calendar, by=first, now=opening)
    if isinstance(done, Refused):
        raise Stuck(done.reason)
    plots = plots_of(campaign, seed=seed)
    desk = SmallDesk(campaign, plots, seed)
    cast = Cast(
        store,
        way=Straight(store, campaign),
        campaign_id=campaign.id,
        plots=plots,
        tempers=tempers_of(campaign),
        desk=desk,  # type: ignore[arg-type]  # a desk without a process of its own
        seed=seed,
    )

    def happen(now: datetime) -> None:
        meanwhile(store, now)
        driver.wait_until_quiet()

    driver = QuickDriver(
        store,
        cast,
        campaign_id=campaign.id,
        tick=lambda: tick_once(store, campaign.id),
        look=lambda: None,
        progress=happen,
        enough=lambda: bool(until_role) and has_work(store, campaign.id, until_role),
    )
    driver.desk, driver.post = desk, post
    driver.play()
    return store
