"""A whole rehearsal: a house of its own, the local stack, simulated people, and the report."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from actions.campaign import lifecycle
from actions.runs.tick import follow_calendar, ring_tick
from config.calendar import read_calendar
from config.campaign_folder import folder_of, read_campaign, restrict
from config.failpoints import arm
from config.settings import Settings, read_settings
from deployments.bench.run_counts import count_runs
from deployments.local.processes import Stack
from deployments.prefect_server.server import free_port, password
from records import clock
from records.copies.dump import lines_of
from records.schema import migrate
from records.sealing.vault import make_key, open_vault
from records.store import Store
from records.tables.dossiers import UploadRow
from rehearsal import outcome
from rehearsal.clock_driver import Driver
from rehearsal.doors.actions import Straight, Way
from rehearsal.doors.browser import Tally
from rehearsal.doors.logins import Logins
from rehearsal.doors.portal import ThroughPortal
from rehearsal.larger_county import enlarge
from rehearsal.logs import errors_in
from rehearsal.mailbox import Postbox, count_duplicates, read_mails
from rehearsal.people import objectors
from rehearsal.people.cast import Cast
from rehearsal.people.plots import plots_of, tempers_of
from rehearsal.people.workbook_pool import Desk
from rehearsal.visitors import Visitor, has_work, let_in_visitors
from rules.campaign.campaign import Campaign
from rules.refusals import Refused

FINISHED = "finished"
"""A file that marks a rehearsal played to its end; without it the next start goes on where it stopped."""


@dataclass(frozen=True, slots=True)
class Script:
    """What to rehearse. ``home`` holds everything; nothing outside it is touched."""

    home: Path
    campaign_id: str = "longquan-2020"
    """The id of a campaign that ships, or the path of a folder."""
    villages: int | None = None
    seed: int = 1
    database_url: str = ""
    """An empty database of its own instead of the SQLite file in ``home``."""
    prefect_database_url: str | None = None
    failpoints: tuple[tuple[str, int], ...] = ()
    """(name, hits) at which a process of the rehearsal is killed, once each."""
    disturb: Callable[[Stack, int], None] | None = None
    """For drills: called with the stack and the number of the step before each step."""
    progress: Callable[[datetime], object] = field(default=lambda _: None)
    under: tuple[str, ...] = ()
    """For drills: a module with its arguments that runs the worker and the portal inside it."""
    publicity: int = 0
    """Make public for so many working days whom the bureau would recognise; 0 leaves it to the campaign."""
    times: int = 1
    """Make the county so many times larger, to measure."""
    served: bool = False
    """Leave the flows to Prefect's stock ``serve``, to compare with."""
    through_portal: bool = False
    """People work over HTTP at a real portal process instead of through the actions."""
    until: date | None = None
    """Play to the end of this day and leave the campaign as it stands then; the next start goes on."""
    until_role: str = ""
    """Play until somebody in this role has something to do."""
    visitors: bool = False
    """Start the portal, and make an invitation for one person of each role who has something to do."""
    started: Callable[[Played], object] = field(default=lambda _: None)
    """Told as soon as the stack runs."""


@dataclass(frozen=True, slots=True)
class Played:
    """The report (design, The command line) and the stack, which still runs until ``stop``."""

    report: dict[str, Any]
    stack: Stack
    postbox: Postbox
    visitors: list[Visitor] = field(default_factory=list)

    def stop(self) -> None:
        self.stack.stop()
        self.postbox.stop()


def play(script: Script) -> Played:
    """Play the campaign from its opening to the county's award, or go on with one that was interrupted."""
    started = time.monotonic()
    campaign = _campaign(script)
    settings, postbox = _make_house(script)
    store = Store(settings.database_url, vault=open_vault(settings.key_file), home=settings.home)
    migrate.migrate(store.engine)
    stack = Stack(
        script.home,
        environment=settings.environment(),
        prefect_database_url=script.prefect_database_url,
        scheduled=False,
        served=script.served,
        more={"portal": ["portal.serve"]} if script.through_portal or script.visitors else None,
        under=script.under,
    )
    tally = Tally() if script.through_portal else None
    played = Played({}, stack, postbox)
    try:
        stack.start()
        script.started(played)
        _open(store, campaign, script.campaign_id)
        for name, hits in script.failpoints:
            arm(script.home, name, hits)
        portal = f"http://{settings.portal_host}:{settings.portal_port}"
        with _way(store, campaign, portal, tally, seed=script.seed, look=stack.look) as way:
            if _drive(store, campaign, stack, script, way):
                (script.home / FINISHED).touch()
        played.report.update(_report(store, campaign, stack, script))
        played.report.update(_portal_report(tally))
        if script.visitors:
            played.visitors.extend(let_in_visitors(store, campaign, portal))
        played.report["duration_s"] = round(time.monotonic() - started, 1)
    except BaseException:
        played.stop()
        raise
    finally:
        store.close()
    return played


def _campaign(script: Script) -> Campaign:
    campaign = enlarge(read_campaign(folder_of(script.campaign_id)), script.times)
    if script.publicity:
        campaign = replace(campaign, publicity_workdays=script.publicity)
    return campaign if script.villages is None else restrict(campaign, script.villages)


def _make_house(script: Script) -> tuple[Settings, Postbox]:
    """A folder with key, database and mails of its own; HQE_DATABASE_URL and every channel of the shell are ignored."""
    if (script.home / FINISHED).exists():
        shutil.rmtree(script.home)
    script.home.mkdir(parents=True, exist_ok=True)
    postbox = Postbox(script.home / "mails")
    elsewhere = {"HQE_DATABASE_URL": script.database_url} if script.database_url else {}
    settings = read_settings(
        {
            **elsewhere,
            "HQE_HOME": str(script.home),
            "HQE_SMTP_URL": postbox.start(),
            "HQE_PUBLIC_URL": "http://hqe.example.invalid/",
            "HQE_PORTAL_PORT": str(free_port()),
        }
    )
    make_key(settings.key_file)
    return settings, postbox


def _open(store: Store, campaign: Campaign, campaign_id: str) -> None:
    opening = campaign.start_of(campaign.stage("survey").opens)
    clock.simulate(store, opening)
    calendar = read_calendar(folder_of(campaign_id), (campaign.year, campaign.year + 1))
    first = next(person.id for person in campaign.people if "coordinator" in person.roles)
    done = lifecycle.open_campaign(store, campaign=campaign, calendar=calendar, by=first, now=opening)
    if isinstance(done, Refused) and done.code != "already_open":
        raise ValueError(done.reason)


@contextmanager
def _way(
    store: Store,
    campaign: Campaign,
    portal: str,
    tally: Tally | None,
    *,
    seed: int,
    look: Callable[[], object],
) -> Iterator[Way]:
    """Straight through the actions, or at the portal with everybody invited."""
    if tally is None:
        yield Straight(store, campaign)
        return
    logins = Logins(store, portal, seed, campaign.id, tally, look)
    try:
        logins.invite_everybody()
        yield ThroughPortal(logins, campaign.id)
    finally:
        logins.close()


def _drive(store: Store, campaign: Campaign, stack: Stack, script: Script, way: Way) -> bool:
    """Whether the campaign came to its end."""
    steps = 0

    def progress(moment: datetime) -> None:
        nonlocal steps
        steps += 1
        script.progress(moment)
        if script.disturb is not None:
            script.disturb(stack, steps)

    plots = plots_of(campaign, seed=script.seed)
    desk = Desk(campaign, plots, seed=script.seed)
    cast = Cast(
        store,
        way=way,
        campaign_id=campaign.id,
        plots=plots,
        tempers=tempers_of(campaign),
        desk=desk,
        seed=script.seed,
    )
    # Who only rings has answered a tick's bell before its run begins: time would move on without it.
    tick: Callable[..., object] = follow_calendar if script.served else ring_tick
    driver = Driver(
        store,
        cast,
        campaign_id=campaign.id,
        tick=lambda: tick(store, campaign_id=campaign.id, now=clock.now(store)),
        look=stack.look,
        progress=progress,
        until=campaign.end_of(script.until) if script.until else None,
        enough=lambda: bool(script.until_role) and has_work(store, campaign.id, script.until_role),
    )
    try:
        desk.fill_ahead(without=_handed_in(store, campaign.id))
        return driver.play()
    finally:
        desk.close()


def _handed_in(store: Store, campaign_id: str) -> frozenset[str]:
    """Villages that had handed in before this rehearsal was interrupted."""
    with store.reading() as session:
        uploads = lines_of(session, UploadRow, ["campaign_id", "village_code"])
    return frozenset(code for campaign, code in uploads if campaign == campaign_id)


def _report(store: Store, campaign: Campaign, stack: Stack, script: Script) -> dict[str, Any]:
    mails = read_mails(script.home / "mails")
    with store.reading() as session:
        business = outcome.business_outcome(session)
        found = {**outcome.figures(session, campaign.id), **objectors.figures(session, campaign.id)}
    return {
        "campaign": campaign.id,
        "seed": script.seed,
        "towns": len(campaign.towns),
        "villages": len(campaign.villages),
        **found,
        "messages": {"sent": len(mails), "duplicate": len(count_duplicates(mails))},
        "flow_runs": count_runs(f"{stack.prefect_url}/api", password=password(script.home)),
        "restarts": stack.deaths(),
        "errors": errors_in(script.home / "logs"),
        "outcome_sha256": outcome.fingerprint(business),
    }


def _portal_report(tally: Tally | None) -> dict[str, Any]:
    """Whether people went through the portal, and what that took."""
    if tally is None:
        return {"through_portal": False}
    return {
        "through_portal": True,
        "portal": {
            "requests": tally.requests,
            "log_ins": tally.log_ins,
            "slowest": tally.slowest,
            "slowest_ms": round(1000 * tally.slowest_s, 1),
        },
    }
