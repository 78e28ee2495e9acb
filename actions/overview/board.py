"""Where a campaign stands, as plain values: stage by town, who has the ball, what comes next.

Every page, command and artifact that shows the state of a campaign reads it here. Whoever shows it in
Prefect leaves ``person`` and ``person_id`` out: roles stand there, never names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from actions.campaign.targets import Reach, reached, stands_of
from actions.duties.posting import TITLES
from actions.lookup import calendar_of, campaign_of
from actions.overview.counts import Counts, Tally, add_up, tally
from actions.runs.why_waiting import why_waiting, workdays_in
from records.campaign.stages import stages_in_order
from records.duties.duties import open_duties
from records.people.people import names_of
from records.runs.carriers import sleepers
from records.store import Session
from records.tables.campaign import StageRow
from records.tables.duties import DutyRow
from rules.campaign.calendar import Calendar
from rules.campaign.campaign import ROLES, TOWN_ROLES, Campaign, Town


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open duty: who has the ball, since when, until when. Working days are None beyond the calendar."""

    duty_id: int
    stage: str
    subject: str
    """With ``stage`` the run that waits for it."""
    kind: str
    what: str
    town_code: str
    where: str
    role: str
    role_title: str
    person_id: str
    person: str
    since: datetime
    due_at: datetime
    lock_at: datetime | None
    held_workdays: int | None
    late_workdays: int | None

    @property
    def on_bureau(self) -> bool:
        return self.role not in TOWN_ROLES


@dataclass(frozen=True, slots=True)
class Cell:
    """One town in one stage."""

    stage: str
    town_code: str
    town: str
    counts: Counts
    waiting: tuple[Waiting, ...]

    @property
    def ball(self) -> tuple[str, ...]:
        """The roles that have something to do here, the first due first; each once."""
        return tuple(dict.fromkeys(one.role_title for one in self.waiting))

    @property
    def late_workdays(self) -> int:
        """How late the latest open duty is; 0 when none is."""
        return max((one.late_workdays or 0 for one in self.waiting), default=0)


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage: its dates, its state, all towns together."""

    name: str
    title: str
    state: str
    opens_at: datetime
    due_at: datetime
    lock_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    counts: Counts


@dataclass(frozen=True, slots=True)
class Date:
    """A moment still to come and what happens then."""

    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Sleeper:
    """A sleeping run and the one sentence why, with roles instead of names."""

    kind: str
    subject: str
    label: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Board:
    """A campaign at one moment. ``cells`` go by stage, then by town in the campaign's order."""

    campaign_id: str
    title: str
    at: datetime
    stages: tuple[StageLine, ...]
    cells: tuple[Cell, ...]
    waiting: tuple[Waiting, ...]
    """Every open duty, the first due first."""
    dates: tuple[Date, ...]
    sleepers: tuple[Sleeper, ...]
    county: Reach
    """The county's targets against what came; ``towns`` likewise."""
    towns: tuple[Reach, ...]

    @property
    def on_bureau(self) -> tuple[Waiting, ...]:
        """What waits on the bureau."""
        return tuple(one for one in self.waiting if one.on_bureau)

    def cell(self, stage: str, town_code: str) -> Cell:
        return next(one for one in self.cells if (one.stage, one.town_code) == (stage, town_code))


def board(session: Session, campaign_id: str, now: datetime, *, most_sleepers: int | None = None) -> Board:
    """The campaign as it stands at ``now``; why runs sleep is told of all, or of so many at most."""
    campaign = campaign_of(session, campaign_id)
    rows = stages_in_order(session, campaign_id)
    waiting = _waiting(session, campaign, open_duties(session, campaign_id), now)
    stands = stands_of(session, campaign_id)
    counted = tally(session, campaign, stands, now=now)
    county, towns = reached(campaign, stands)
    return Board(
        campaign_id=campaign_id,
        title=campaign.title,
        at=now,
        stages=tuple(_line(campaign, row, counted) for row in rows),
        cells=tuple(_cells(campaign, rows, counted, waiting)),
        waiting=waiting,
        dates=_dates(campaign, rows, waiting, now),
        sleepers=_sleepers(session, campaign_id, now, most=most_sleepers),
        county=county,
        towns=towns,
    )


def _waiting(
    session: Session, campaign: Campaign, duties: Sequence[DutyRow], now: datetime
) -> tuple[Waiting, ...]:
    if not duties:
        return ()
    names, calendar = names_of(session), calendar_of(session, campaign.id)
    ordered = sorted(duties, key=lambda duty: (duty.due_at, duty.key))
    return tuple(_one(campaign, calendar, duty, person=names[duty.person_id], now=now) for duty in ordered)


def _one(campaign: Campaign, calendar: Calendar, duty: DutyRow, *, person: str, now: datetime) -> Waiting:
    town, village = duty.facts.get("town", ""), duty.facts.get("village", "")
    return Waiting(
        duty_id=duty.id,
        stage=duty.carrier_kind,
        subject=duty.carrier_subject,
        kind=duty.kind,
        what=duty.facts.get("gate") or TITLES[duty.kind],
        town_code=duty.town_code,
        where=f"{town}{village}",
        role=duty.role,
        role_title=ROLES[duty.role],
        person_id=duty.person_id,
        person=person,
        since=duty.opened_at,
        due_at=duty.due_at,
        lock_at=duty.lock_at,
        held_workdays=workdays_in(calendar, campaign, duty.opened_at, now),
        late_workdays=workdays_in(calendar, campaign, duty.due_at, now) if now > duty.due_at else 0,
    )


def _line(campaign: Campaign, row: StageRow, counted: Tally) -> StageLine:
    return StageLine(
        name=row.name,
        title=campaign.stage(row.name).title,
        state=row.state,
        opens_at=row.opens_at,
        due_at=row.due_at,
        lock_at=row.lock_at,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        counts=add_up(counted[row.name, town.code] for town in campaign.towns),
    )


def _cells(
    campaign: Campaign, rows: Sequence[StageRow], counted: Tally, waiting: Sequence[Waiting]
) -> list[Cell]:
    by_place: dict[tuple[str, str], list[Waiting]] = defaultdict(list)
    for one in waiting:
        by_place[one.stage, one.town_code].append(one)

    def cell(stage: str, town: Town) -> Cell:
        place = (stage, town.code)
        return Cell(stage, town.code, town.name, counted[place], tuple(by_place[place]))

    return [cell(row.name, town) for row in rows for town in campaign.towns]


def _dates(
    campaign: Campaign, rows: Sequence[StageRow], waiting: Sequence[Waiting], now: datetime
) -> tuple[Date, ...]:
    """Openings, due and lock dates of stages, and due dates of single duties that differ from them."""
    found: dict[tuple[datetime, str], None] = {}
    for row in rows:
        title = campaign.stage(row.name).title
        if row.state == "waiting":
            found[row.opens_at, f"“{title}”开始"] = None
        if row.state != "closed":
            found[row.due_at, f"“{title}”截止"] = None
        if row.state != "closed" and row.lock_at > row.due_at:
            found[row.lock_at, f"“{title}”宽限期满"] = None
    of_stages = {at for at, _ in found}
    for one in waiting:
        if one.due_at not in of_stages:
            found[one.due_at, f"{one.where}{one.what}截止({one.role_title})"] = None
    return tuple(Date(at, what) for at, what in sorted(found) if at > now)


def _sleepers(session: Session, campaign_id: str, now: datetime, *, most: int | None) -> tuple[Sleeper, ...]:
    return tuple(
        Sleeper(row.kind, row.subject, row.label, why_waiting(session, row, now=now))
        for row in sleepers(session, campaign_id)[:most]
    )
