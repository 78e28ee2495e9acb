"""What a plan of visits has to fit now: how each village stands, who is there, and what no longer holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from actions.campaign.visit_lot import open_seed
from actions.lookup import calendar_of, campaign_of
from actions.review.score_sheets import sheet_of
from records import clock
from records.campaign.villages import villages_of
from records.dossiers.uploads import accepted_of
from records.duties.absences import away_on
from records.people import people
from records.review.visit_plans import as_rule, newest_plan, seed_of, stop_rows
from records.review.visits import vetoed_at_desk, visit_states
from records.store import Session
from records.tables.campaign import CampaignRow, StageRow, VillageRow
from records.tables.visits import VisitPlanRow
from rules.campaign.calendar import Calendar
from rules.campaign.campaign import Campaign, VisitRules
from rules.campaign.deadlines import due_of
from rules.duties.extensions import AFTER, latest_start
from rules.refusals import Refused
from rules.review.visit_plan import (
    AWAY,
    BACK,
    FLIP,
    GONE,
    OTHER,
    READY,
    REVIEWED,
    SAMPLE,
    SEEN,
    WAITING,
    Candidate,
    Situation,
    Stop,
    Visitor,
    next_workday,
    troubles,
    visiting_days,
)
from rules.review.visit_sample import drawn, flips


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to be planned anew, and why; ``number`` is that of the plan that counts until then."""

    campaign: Campaign
    situation: Situation
    number: int
    simulated: bool
    spared: tuple[str, ...]
    stops: Mapping[str, Stop]
    standing: Mapping[str, str]
    reasons: Mapping[str, str]
    """Village -> why it is visited."""
    why: Mapping[str, str] = field(default_factory=dict)
    """Village -> why its place in the plan does not hold."""


def outlook(session: Session, campaign_id: str, *, now: datetime) -> Outlook | None:
    """What to plan now; None while the plan holds, or where nothing can be planned."""
    campaign = campaign_of(session, campaign_id)
    if campaign.visits is None or not _is_time(session, campaign_id):
        return None
    today, calendar = now.astimezone(campaign.zone).date(), calendar_of(session, campaign_id)
    plan, standing = newest_plan(session, campaign_id), standing_of(session, campaign)
    stops = {row.village_code: as_rule(row) for row in stop_rows(session, plan)} if plan else {}
    asked = {code: state for code, state in standing.items() if plan is None or code not in plan.spared}
    why = troubles(stops, asked, _fit(session, campaign, stops, today), today=today)
    if not why or _is_stuck(campaign, plan, why, today):
        return None
    days = _days(campaign, calendar, today)
    if days is None:
        return None
    reasons = reasons_of(session, campaign, campaign.visits, standing)
    holding = {code: stop for code, stop in stops.items() if why.get(code, AWAY) == AWAY}
    waiting = _candidates(campaign, standing, reasons, holding, calendar, today)
    spared = () if campaign.visits.everyone else tuple(one.code for one in waiting if one.why == OTHER)
    limit = due_of(campaign, "verification", calendar)
    assert not isinstance(limit, Refused), limit.reason
    situation = Situation(
        days=days,
        safe=latest_start(calendar, limit, len(AFTER["visit"][1])),
        limit=limit,
        present={day: _present(session, day) for day in days},
        teams=campaign.visits.teams,
        per_day=campaign.visits.per_day,
        candidates=tuple(one for one in waiting if one.code not in spared),
    )
    number = plan.number if plan else 0
    simulated = clock.is_simulated(session)
    return Outlook(campaign, situation, number, simulated, spared, stops, standing, reasons, why)


def _is_time(session: Session, campaign_id: str) -> bool:
    """From the opening of the verification to the end of the campaign: some are verified after their stage."""
    stage = session.get_one(StageRow, (campaign_id, "verification"))
    return stage.state != "waiting" and session.get_one(CampaignRow, campaign_id).closed_at is None


def _is_stuck(campaign: Campaign, plan: VisitPlanRow | None, why: Mapping[str, str], today: date) -> bool:
    """Whether only those are in trouble for whom there was no place; they are tried again once a day."""
    if plan is None or not why.keys() <= set(plan.unplaced):
        return False
    return plan.made_at.astimezone(campaign.zone).date() == today


def standing_of(session: Session, campaign: Campaign) -> dict[str, str]:
    """How every village with an accepted dossier stands to its visit."""
    seen, vetoed = visit_states(session, campaign.id), vetoed_at_desk(session, campaign.id)
    found = villages_of(session, campaign.id)
    return {
        row.code: _standing(row, seen.get(row.code, ""), vetoed=row.code in vetoed)
        for row in found
        if row.state not in ("invited", "taking_part")
    }


def _standing(village: VillageRow, visit: str, *, vetoed: bool) -> str:
    if visit in ("done", "late"):
        return SEEN
    if village.state == "returned":
        return BACK
    if vetoed or village.state not in ("submitted", "under_review"):
        return GONE
    return READY if visit == "open" else REVIEWED


def _fit(
    session: Session, campaign: Campaign, stops: Mapping[str, Stop], today: date
) -> dict[tuple[date, str], frozenset[str]]:
    """Who may go to each village on its day."""
    present = {day: _present(session, day) for day in {stop.day for stop in stops.values()} if day >= today}
    towns = {code: campaign.village(code).town_code for code in stops}
    return {
        (stop.day, code): frozenset(
            one.id for one in present.get(stop.day, ()) if towns[code] not in one.conflicts
        )
        for code, stop in stops.items()
    }


def _present(session: Session, day: date) -> tuple[Visitor, ...]:
    away = away_on(session, day)
    return tuple(
        Visitor(one.id, frozenset({one.town_code, *one.conflicts} - {""}))
        for one in people.with_role(session, "reviewer")
        if one.id not in away
    )


def _days(campaign: Campaign, calendar: Calendar, today: date) -> tuple[date, ...] | None:
    """The days to plan with; None where the calendar does not reach."""
    stage, limit = campaign.stage("verification"), due_of(campaign, "verification", calendar)
    if isinstance(limit, Refused):
        return None
    days = visiting_days(calendar, opens=stage.opens, limit=limit, today=today, spare=campaign.visit_workdays)
    return None if isinstance(days, Refused) else days


def _candidates(
    campaign: Campaign,
    standing: Mapping[str, str],
    reasons: Mapping[str, str],
    holding: Mapping[str, Stop],
    calendar: Calendar,
    today: date,
) -> list[Candidate]:
    """Who is to be visited, each with the place that it has if that holds."""
    made = []
    for code in (code for code, state in standing.items() if state in WAITING):
        stop, town = holding.get(code), campaign.village(code).town_code
        before = stop.day if stop and stop.day >= today else None
        usual = next_workday(calendar, today, n=1 if standing[code] == READY else 2)
        one = Candidate(
            code=code,
            town=town,
            group=campaign.group_of(town),
            why=reasons[code],
            earliest=before or usual,
            before=before,
            crew_before=stop.crew if stop else (),
        )
        made.append(one)
    return made


def reasons_of(
    session: Session, campaign: Campaign, rules: VisitRules, standing: Mapping[str, str]
) -> dict[str, str]:
    """Why each village is visited: by the towns' own scores and by the lot, seen ones included."""
    uploads = accepted_of(
        session, [code for code, state in standing.items() if state in (*WAITING, SEEN, BACK)]
    )
    totals = {upload.village_code: sheet_of(campaign, upload).total for upload in uploads}
    near = flips(campaign.scheme, totals, quota=campaign.quota_upward)
    row = seed_of(session, campaign.id)
    others = totals.keys() - near
    called = drawn(open_seed(session, row), others, percent=rules.sample_percent) if row else ()
    return {code: FLIP if code in near else SAMPLE if code in called else OTHER for code in totals}
