"""Opening and closing a campaign."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from actions.campaign.stages import is_over
from actions.campaign.visit_lot import commit_seed
from actions.duties.endings import OVER, end_owed, supersede
from actions.lookup import begins_with_nobody, campaign_of, is_entitled
from actions.people.staff import newcomers
from actions.steps import subject_of
from config.frozen import freeze
from notifications.wording import due_facts, left_text
from records import audit, outbox
from records.campaign.campaigns import lock_campaign
from records.dossiers.drafts import end_drafts_of
from records.duties.duties import open_duties
from records.lists import ledger
from records.people import people
from records.review.gates import lock_gate, open_gates
from records.runs import carriers
from records.store import Session, Store, repeatable
from records.tables.campaign import CalendarRow, CampaignRow, StageRow, VillageRow
from rules.campaign import deadlines
from rules.campaign.calendar import Calendar
from rules.campaign.campaign import Campaign, Paid, StagePlan
from rules.refusals import Refused

RULES_VERSION = "1"


@repeatable
def open_campaign(
    store: Store, *, campaign: Campaign, calendar: Calendar, by: str, now: datetime
) -> str | Refused:
    """Freeze the configuration, invite the villages and ring the campaign's run into life."""
    mistakes = deadlines.check_dates(campaign, calendar)
    if mistakes:
        return Refused("dates", "；".join(mistake.reason for mistake in mistakes))
    with store.writing() as session:
        refused = _refuse_opener(session, by)
        if refused:
            return refused
        if session.get(CampaignRow, campaign.id):
            return Refused("already_open", f"{campaign.title}已经启动，无需重复启动。")
        refused = refuse_other_amounts(session, campaign)
        refused = refused or _refuse_newcomers(session, campaign)
        if refused is not None:
            return refused
        _write_campaign(session, campaign, calendar, now)
        enter_earlier_payments(session, campaign, now)
        if campaign.visits is not None:
            commit_seed(session, campaign, now=now)
        _tell_the_towns(session, campaign, now)
        facts = {
            "villages": len(campaign.villages),
            "towns": len(campaign.towns),
            "earlier_payments": len(campaign.ledger),
            "sha256": hashlib.sha256(freeze(campaign).encode()).hexdigest(),
        }
        audit.note(session, at=now, actor=by, act="open_campaign", subject=campaign.id, facts=facts)
        carriers.enlist(
            session,
            kind="campaign",
            subject=subject_of(campaign.id),
            campaign_id=campaign.id,
            label=f"campaign · {campaign.title}",
            tags=[campaign.id, "建设活动"],
            at=now,
        )
    return campaign.id


def _refuse_opener(session: Session, by: str) -> Refused | None:
    if begins_with_nobody(session) or is_entitled(session, "lifecycle.open_campaign", by=by):
        return None
    return Refused("not_coordinator", "只有活动协调员或运行维护人员可以启动活动。")


def _refuse_newcomers(session: Session, campaign: Campaign) -> Refused | None:
    """A folder is written by one person: whom it brings to decide, a second one has confirmed before."""
    found = newcomers(session, campaign.people)
    if not found:
        return None
    listed = "、".join(f"{one.person.name}({one.person.id})" for one in found)
    return Refused("unconfirmed_people", f"名单中新增的审批和监督人员须先由另一人复核：{listed}。")


def _write_campaign(session: Session, campaign: Campaign, calendar: Calendar, now: datetime) -> None:
    session.add(
        CampaignRow(id=campaign.id, frozen=freeze(campaign), rules_version=RULES_VERSION, opened_at=now)
    )
    session.flush()
    session.add(
        CalendarRow(
            campaign_id=campaign.id,
            holidays=sorted(day.isoformat() for day in calendar.holidays),
            makeup_workdays=sorted(day.isoformat() for day in calendar.makeup_workdays),
            published_until=calendar.published_until.isoformat(),
        )
    )
    for person in campaign.people:
        people.add(session, person)
    session.add_all(_stage_row(campaign, plan, calendar) for plan in campaign.stages)
    session.add_all(
        VillageRow(
            campaign_id=campaign.id,
            code=village.code,
            town_code=village.town_code,
            name=village.name,
            state="invited",
        )
        for village in campaign.villages
    )
    session.flush()


def _stage_row(campaign: Campaign, plan: StagePlan, calendar: Calendar) -> StageRow:
    due = deadlines.due_of(campaign, plan.name, calendar)
    lock = deadlines.lock_of(campaign, plan.name, calendar)
    # check_dates has refused a campaign whose dates the calendar cannot settle.
    assert not isinstance(due, Refused), due.reason
    assert not isinstance(lock, Refused), lock.reason
    return StageRow(
        campaign_id=campaign.id,
        name=plan.name,
        state="waiting",
        opens_at=campaign.start_of(plan.opens),
        due_at=campaign.end_of(due),
        lock_at=campaign.end_of(lock),
    )


def _tell_the_towns(session: Session, campaign: Campaign, now: datetime) -> None:
    for town in campaign.towns:
        for clerk in people.with_role(session, "town_clerk", town_code=town.code):
            outbox.post(
                session,
                key=f"{campaign.id}:campaign_opened:{clerk.id}",
                campaign_id=campaign.id,
                template="campaign_opened",
                person_id=clerk.id,
                facts={"town": town.name, "schedule": _schedule(campaign, now)},
                at=now,
            )


def _schedule(campaign: Campaign, now: datetime) -> list[dict[str, str]]:
    today = now.astimezone(campaign.zone).date()
    dues = ((plan.title, due_facts(plan.due)) for plan in campaign.stages)
    return [{"name": title, "due": due["due"], "left": left_text(due, today=today)} for title, due in dues]


@repeatable
def close_campaign(store: Store, *, campaign_id: str, now: datetime) -> bool:
    """Mark the campaign closed once all its stages are; False when something has begun anew meanwhile.

    Nobody owes a closed campaign anything: what is still open ends with it.
    """
    with store.writing() as session:
        row = lock_campaign(session, campaign_id)
        if row.closed_at is None:
            if not is_over(session, campaign_id):
                return False
            row.closed_at = now
            _end_all(session, campaign_id, now=now)
            audit.note(session, at=now, actor="system", act="close_campaign", subject=campaign_id)
    return True


def _end_all(session: Session, campaign_id: str, *, now: datetime) -> None:
    campaign = campaign_of(session, campaign_id)
    for gate in open_gates(session, campaign_id):
        supersede(session, campaign, lock_gate(session, gate.id), why=OVER, now=now)
    end_owed(session, campaign, open_duties(session, campaign_id), why=OVER, now=now)
    end_drafts_of(session, campaign_id)


def refuse_other_amounts(session: Session, campaign: Campaign) -> Refused | None:
    """What the ledger already holds must be among the folder's rows; which of two is right, people decide."""
    for place, rows in _by_place(campaign.ledger).items():
        kept = _kept(session, place)
        if kept - rows and rows - kept:
            code, year, level = place
            return Refused(
                "ledger",
                f"ledger.csv 中 {code} {year}年 {level} 为{_in_yuan(rows)}，"
                f"台账已记为{_in_yuan(kept)}。请核对后改为一致，再启动活动。",
            )
    return None


def enter_earlier_payments(session: Session, campaign: Campaign, now: datetime) -> None:
    """Enter what the ledger does not hold yet, so that next year's folder may repeat this year's lines."""
    left = {place: rows - _kept(session, place) for place, rows in _by_place(campaign.ledger).items()}
    for paid in campaign.ledger:
        rows = left[_place(paid)]
        if rows[paid.yuan]:
            rows[paid.yuan] -= 1
            ledger.enter(session, paid, at=now)


def _place(paid: Paid) -> tuple[str, int, str]:
    return paid.village_code, paid.year, paid.level


def _by_place(rows: Iterable[Paid]) -> dict[tuple[str, int, str], Counter[int]]:
    """(village, year, level) -> the amounts; of one year and level there may be a payment and its recovery."""
    found: defaultdict[tuple[str, int, str], Counter[int]] = defaultdict(Counter)
    for paid in rows:
        found[_place(paid)][paid.yuan] += 1
    return found


def _kept(session: Session, place: tuple[str, int, str]) -> Counter[int]:
    """The amounts that the ledger holds; a line of nothing was no payment."""
    return _by_place(paid for paid in ledger.paid_to(session, [place[0]]) if paid.yuan).get(place, Counter())


def _in_yuan(amounts: Counter[int]) -> str:
    return "、".join(f"{yuan}元" for yuan in amounts.elements())
