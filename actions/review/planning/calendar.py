"""The plan of visits as one reads it: day by day, car by car; and the sheet that lies in the car."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from actions.lookup import campaign_of
from actions.review.planning.outlook import standing_of
from notifications.wording import day_text
from records.people import people
from records.review.visit_plans import newest_plan, plans_of, seed_of, stop_rows
from records.store import Session
from records.tables.visits import VisitPlanRow, VisitSeedRow, VisitStopRow
from rules.campaign.campaign import Campaign
from rules.review.visit_plan import GONE, STANDINGS, WHY
from workbooks.papers.printed_list import write_list

COLUMNS = ("序号", "日期", "组", "次序", "乡镇(街道)", "社区(村)", "核查人员", "原因", "情况")


@dataclass(frozen=True, slots=True)
class Line:
    """One village of the plan in words."""

    code: str
    town: str
    village: str
    crew: tuple[str, ...]
    why: str
    standing: str


@dataclass(frozen=True, slots=True)
class Car:
    team: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    at: datetime
    """Its beginning, for whoever shows it in the reader's words."""
    cars: tuple[Car, ...]


@dataclass(frozen=True, slots=True)
class VisitCalendar:
    """The plan that counts, those before it with what they changed, and the lot's seed."""

    plan: VisitPlanRow | None
    days: tuple[Day, ...]
    unplaced: tuple[str, ...]
    spared: tuple[str, ...]
    plans: tuple[VisitPlanRow, ...]
    seed: VisitSeedRow | None


def visit_calendar(session: Session, campaign_id: str) -> VisitCalendar:
    campaign, plan = campaign_of(session, campaign_id), newest_plan(session, campaign_id)
    rows = stop_rows(session, plan) if plan else []
    return VisitCalendar(
        plan=plan,
        days=tuple(_days(session, campaign, rows)),
        unplaced=tuple(_name(campaign, code) for code in (plan.unplaced if plan else ())),
        spared=tuple(_name(campaign, code) for code in (plan.spared if plan else ())),
        plans=tuple(plans_of(session, campaign_id)),
        seed=seed_of(session, campaign_id),
    )


def _name(campaign: Campaign, code: str) -> str:
    village = campaign.village(code)
    return f"{campaign.town(village.town_code).name}{village.name}"


def _days(session: Session, campaign: Campaign, rows: Sequence[VisitStopRow]) -> list[Day]:
    names, standing = people.names_of(session), standing_of(session, campaign) if rows else {}

    def line(row: VisitStopRow) -> Line:
        village = campaign.village(row.village_code)
        return Line(
            code=row.village_code,
            town=campaign.town(village.town_code).name,
            village=village.name,
            crew=tuple(names.get(one, one) for one in row.crew),
            why=WHY[row.why],
            standing=STANDINGS[standing.get(row.village_code, GONE)],
        )

    return [
        Day(
            date.fromisoformat(day),
            campaign.start_of(date.fromisoformat(day)),
            tuple(
                Car(team, tuple(line(row) for row in rows if (row.day, row.team) == (day, team)))
                for team in sorted({row.team for row in rows if row.day == day})
            ),
        )
        for day in sorted({row.day for row in rows})
    ]


def car_sheet(session: Session, campaign_id: str) -> bytes | None:
    """The plan as a printable workbook; None before there is one. Villages and colleagues, nobody of a roster."""
    campaign, shown = campaign_of(session, campaign_id), visit_calendar(session, campaign_id)
    if shown.plan is None:
        return None
    made = day_text(shown.plan.made_at.astimezone(campaign.zone).date())
    lines = [
        (
            day_text(day.day),
            car.team,
            place,
            one.town,
            one.village,
            "、".join(one.crew),
            one.why,
            one.standing,
        )
        for day in shown.days
        for car in day.cars
        for place, one in enumerate(car.lines, 1)
    ]
    title = f"{campaign.title}现场核查计划(第{shown.plan.number}版，{made})"
    rows = [(number, *line) for number, line in enumerate(lines, 1)]
    return write_list(title, COLUMNS, rows, campaign.scheme.mark)
