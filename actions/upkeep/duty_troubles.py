"""Troubles of duties: nobody who can act on one, or none of its reminders still to come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from actions.duties.eligibility import refuse_seat
from actions.duties.reminders import ladder_of
from actions.lookup import calendar_of, campaign_of
from actions.upkeep.troubles import Trouble
from records.campaign.campaigns import open_campaigns
from records.duties.duties import open_duties
from records.people import people
from records.store import Session, Store
from records.tables.duties import DutyRow
from records.tables.people import PersonRow
from records.tables.review import GateRow
from rules.campaign.campaign import ROLES, TOWN_ROLES, Campaign
from rules.duties.ladders import rungs_after
from rules.review.gates import refuse_own_town


def duty_troubles(store: Store, *, now: datetime) -> list[Trouble]:
    """Every open duty that is not in somebody's able hands, or of which nobody will be reminded."""
    with store.reading() as session:
        return [
            trouble
            for campaign_id in open_campaigns(session)
            for duty in open_duties(session, campaign_id)
            for trouble in _of_duty(session, campaign_of(session, campaign_id), duty, now)
        ]


def _of_duty(session: Session, campaign: Campaign, duty: DutyRow, now: datetime) -> Iterator[Trouble]:
    reason = why_holder_cannot_act(session, campaign, duty)
    if reason:
        what = f"{ROLES.get(duty.role, duty.role)}的待办没有能办理的人：{reason}"
        remedy = "请活动协调员改派这项待办(./hqe reassign)，或启用、导入能办理的人员(./hqe people)。"
        yield Trouble("nobody_can_act", what, duty.key, remedy)
    if not _has_next_rung(session, campaign, duty, now):
        remedy = "请在活动文件夹的 ladders.yaml 为这类待办写提醒档；本次活动由活动协调员人工催办。"
        yield Trouble("no_next_rung", "待办以后不会再有提醒", duty.key, remedy)


def why_holder_cannot_act(session: Session, campaign: Campaign, duty: DutyRow) -> str:
    """Why the holder of an open duty could not act on it today; empty when they can."""
    person = session.get(PersonRow, duty.person_id)
    if person is None or not person.active:
        return f"{duty.person_id} 已停用"
    if duty.kind == "gate":
        gate = session.get_one(GateRow, duty.facts["gate_id"])
        refused = refuse_seat(session, campaign, gate, person, deputising=frozenset({duty.role}))
    elif duty.role in TOWN_ROLES:
        ours = person.town_code == duty.town_code and TOWN_ROLES.intersection(person.roles)
        return "" if ours else f"{duty.person_id} 不是该乡镇(街道)的人员"
    else:
        refused = refuse_own_town(people.as_rule(person), duty.town_code)
    return refused.reason if refused else ""


def _has_next_rung(session: Session, campaign: Campaign, duty: DutyRow, now: datetime) -> bool:
    try:
        ladder = ladder_of(session, campaign, duty)
        coming = rungs_after(
            ladder,
            opened_at=duty.opened_at,
            due=duty.due_at.astimezone(campaign.zone).date(),
            calendar=calendar_of(session, campaign.id),
            zone=campaign.zone,
            after=now,
        )
        return next(coming).at > now
    except (LookupError, StopIteration):
        return False
