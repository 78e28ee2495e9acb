"""The plan of visits as rows: made when the last one does not hold, told, and what it moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from actions.campaign.visit_lot import commit_seed, reveal_seed
from actions.duties.asking import ask_about
from actions.duties.duties import tell_former
from actions.duties.holders import pass_to, refuse_holder
from actions.lookup import campaign_of
from actions.review.planning.outlook import Outlook, outlook
from actions.review.planning.solver import Solved, solve
from actions.steps import subject_of
from records import audit, outbox
from records.campaign.campaigns import lock_campaign
from records.duties.duties import lock_duty, open_duties
from records.duties.extensions import extensions_of
from records.duties.handovers import REASSIGNED
from records.people import people
from records.review.visit_plans import newest_plan, seed_of, stop_rows
from records.runs import bells
from records.store import Session, Store, repeatable
from records.tables.campaign import StageRow
from records.tables.duties import DutyRow
from records.tables.visits import VisitPlanRow, VisitStopRow
from rules.campaign.campaign import Campaign
from rules.review.visit_plan import GONE, SEEN, Change, Stop, changes, in_words


def keep_visits(
    store: Store, *, campaign_id: str, now: datetime, plainly: bool = False, at_rest: bool = False
) -> int:
    """What the calendar asks of a campaign's visits: the lot's seed told in its time, a plan that holds; how much.

    ``at_rest`` leaves the plan to the next tick while runs are only now being woken: what they are about to
    change would make a second plan a minute later.
    """
    told = tell_seed(store, campaign_id=campaign_id, now=now)
    with store.reading() as session:
        waits = at_rest and bells.are_moving(session, now=now)
        found = None if waits else outlook(session, campaign_id, now=now)
    if found is None:
        return told
    # The solver takes its time outside of any transaction.
    solved = solve(found.situation, plainly=plainly or found.simulated)
    return told + keep_plan(store, found, solved, now=now)


def is_due(session: Session, campaign_id: str, *, now: datetime) -> bool:
    """Whether a plan is to be made now."""
    return outlook(session, campaign_id, now=now) is not None


def next_morning(session: Session, campaign_id: str, *, after: datetime) -> datetime | None:
    """When the next day begins on which the plan has a village; whoever plays simulated time looks then."""
    campaign, plan = campaign_of(session, campaign_id), newest_plan(session, campaign_id)
    days = {date.fromisoformat(row.day) for row in stop_rows(session, plan)} if plan else set()
    mornings = (campaign.start_of(day) for day in days)
    return min((one for one in mornings if one > after), default=None)


@repeatable
def tell_seed(store: Store, *, campaign_id: str, now: datetime) -> bool:
    """Tell the seed when the verification has closed; a campaign that an earlier version opened commits now."""
    with store.writing() as session:
        campaign = campaign_of(session, campaign_id)
        if campaign.visits is None:
            return False
        row = seed_of(session, campaign_id) or commit_seed(session, campaign, now=now)
        closed = session.get_one(StageRow, (campaign_id, "verification")).state == "closed"
        return closed and reveal_seed(session, row, now=now)


@repeatable
def keep_plan(store: Store, found: Outlook, solved: Solved, *, now: datetime) -> bool:
    """Write a plan down unless another came first, and move the visits that are owed; whether it was written."""
    campaign = found.campaign
    with store.writing() as session:
        lock_campaign(session, campaign.id)
        last = newest_plan(session, campaign.id)
        if (last.number if last else 0) != found.number:
            return False
        row = _plan_row(session, found, solved, now=now)
        after = {stop.code: stop for stop in solved.plan.stops} | _seen(found)
        changed = changes(found.stops, after, found.standing, found.why)
        _keep_stops(session, found, row, after)
        names = people.names_of(session)
        said = {one: in_words(one, _name(campaign, one.code), names) for one in changed}
        row.changes = list(said.values())
        session.flush()
        _move_duties(session, campaign, after, row, now=now)
        _tell(session, campaign, row, said, now=now)
        for code in row.spared:
            bells.ring(
                session, kind="verification", subject=subject_of(campaign.id, code), cause="planned", at=now
            )
        facts = {
            "plan": row.number,
            "stops": len(after),
            "unplaced": len(row.unplaced),
            "moved": len(changed),
        }
        audit.note(session, at=now, actor="system", act="plan_visits", subject=campaign.id, facts=facts)
    return True


def _plan_row(session: Session, found: Outlook, solved: Solved, *, now: datetime) -> VisitPlanRow:
    row = VisitPlanRow(
        campaign_id=found.campaign.id,
        number=found.number + 1,
        made_at=now,
        solver=solved.by,
        cost=solved.cost,
        plain_cost=solved.plain_cost,
        changes=[],
        unplaced=list(solved.plan.unplaced),
        spared=list(found.spared),
    )
    session.add(row)
    session.flush()
    return row


def _seen(found: Outlook) -> dict[str, Stop]:
    """Stops that were driven to stay in the plan."""
    return {code: stop for code, stop in found.stops.items() if found.standing.get(code, GONE) == SEEN}


def _keep_stops(session: Session, found: Outlook, row: VisitPlanRow, after: Mapping[str, Stop]) -> None:
    session.add_all(
        VisitStopRow(
            plan_id=row.id,
            village_code=code,
            day=stop.day.isoformat(),
            team=stop.team,
            place=stop.order,
            crew=list(stop.crew),
            why=found.reasons[code],
        )
        for code, stop in after.items()
    )


def _name(campaign: Campaign, code: str) -> str:
    village = campaign.village(code)
    return f"{campaign.town(village.town_code).name}{village.name}"


def _move_duties(
    session: Session, campaign: Campaign, after: Mapping[str, Stop], row: VisitPlanRow, *, now: datetime
) -> None:
    """Visits that are owed get the plan's day and crew; what a coordinator gave more time keeps it."""
    owed = {one.village_code: one for one in open_duties(session, campaign.id, kind="visit")}
    for code in sorted(owed.keys() & after.keys(), key=lambda code: owed[code].id):
        duty, stop = lock_duty(session, owed[code].id), after[code]
        due_at = campaign.end_of(stop.day)
        if duty.state != "open":
            continue
        if due_at != duty.due_at and not extensions_of(session, duty.id):
            duty.due_at, duty.generation = due_at, duty.generation + 1
        _give(session, campaign, duty, stop, row, now=now)


def _give(
    session: Session, campaign: Campaign, duty: DutyRow, stop: Stop, row: VisitPlanRow, *, now: datetime
) -> None:
    """The first of the crew who may has the duty, the other writes beside them."""
    former = duty.person_id
    if former not in stop.crew:
        fit = [one for one in stop.crew if refuse_holder(session, campaign, duty, one) is None]
        if not fit:
            return
        reason = f"现场核查计划第{row.number}版改派。"
        pass_to(session, duty, to=fit[0], cause=REASSIGNED, reason=reason, by="system", now=now)
        ask_about(session, campaign, duty, template="visit_opened", key=f"plan{row.number}", now=now)
        tell_former(session, campaign, duty, former=former, reason=reason, now=now)
    beside = next((one for one in stop.crew if one != duty.person_id), "")
    duty.facts = {**duty.facts, "beside": beside}


def _tell(
    session: Session, campaign: Campaign, row: VisitPlanRow, said: Mapping[Change, str], *, now: datetime
) -> None:
    """Coordinators read every change, a crew its own, old and new."""
    told = defaultdict[str, list[str]](list)
    for change, sentence in said.items():
        crews = {person for stop in (change.before, change.after) if stop for person in stop.crew}
        for person in sorted(crews):
            told[person].append(sentence)
    for coordinator in people.with_role(session, "coordinator"):
        told[coordinator.id] = list(said.values())
    for person_id, sentences in sorted(told.items()):
        _post(session, campaign, row, person_id, sentences, now=now)


def _post(
    session: Session,
    campaign: Campaign,
    row: VisitPlanRow,
    person_id: str,
    sentences: Sequence[str],
    *,
    now: datetime,
) -> None:
    outbox.post(
        session,
        key=f"{campaign.id}:visit_plan:{row.number}:{person_id}",
        campaign_id=campaign.id,
        template="visit_planned",
        person_id=person_id,
        facts={
            "number": row.number,
            "changes": list(sentences),
            "path": f"/campaigns/{campaign.id}/visits",
        },
        at=now,
    )
