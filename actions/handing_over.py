"""Handing a duty to somebody else: to the deputy of a silent holder, or as the coordinator says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from actions.duties import post_about
from actions.eligibility import refuse_seat
from actions.lookup import campaign_of
from records import audit, people
from records.duties import lock_duty
from records.handovers import ESCALATED, REASSIGNED, HandoverRow, held_by
from records.store import Session, Store
from records.tables import DutyRow, GateRow, PersonRow
from rules.campaign import TOWN_ROLES, Campaign
from rules.gates import refuse_own_town
from rules.refusals import Refused

OPENING = {
    "survey": "survey_opened",
    "dossier": "dossier_opened",
    "paper": "paper_reminder",
    "correction": "correction_opened",
    "visit": "visit_opened",
    "gate": "gate_opened",
    "revision": "revision_opened",
}
"""What the new holder of a duty is told; at a gate with a one-time code of their own."""


def hand_over(store: Store, *, duty_id: int, to: str, by: str, reason: str, now: datetime) -> Refused | None:
    """A coordinator gives an open duty to another person, with a reason that is kept."""
    with store.writing() as session:
        duty = lock_duty(session, duty_id)
        refused = _refuse_order(session, duty, by=by, reason=reason)
        refused = refused or refuse_holder(session, campaign_of(session, duty.campaign_id), duty, to)
        if refused:
            return refused
        _pass_on(session, duty, to=to, cause=REASSIGNED, reason=reason.strip(), by=by, now=now)
    return None


def escalate(session: Session, campaign: Campaign, duty: DutyRow, *, now: datetime) -> str | None:
    """Pass a silent holder's duty to the first deputy down the line who may act; their id, or None.

    Whoever kept silent may still act: the seat is not taken away, it is opened for one more.
    """
    reason = "承办人逾期未办，按提醒阶梯转交代理人。"
    return _pass_down(session, campaign, duty, cause=ESCALATED, reason=reason, by="system", now=now)


def pass_to_deputy(
    session: Session, campaign: Campaign, duty: DutyRow, *, by: str, reason: str, now: datetime
) -> str | None:
    """The same for somebody who may not hold the duty any longer, by whoever said so."""
    return _pass_down(session, campaign, duty, cause=REASSIGNED, reason=reason, by=by, now=now)


def _pass_down(
    session: Session, campaign: Campaign, duty: DutyRow, *, cause: str, reason: str, by: str, now: datetime
) -> str | None:
    deputy = next_in_line(session, campaign, duty)
    if deputy is not None:
        _pass_on(session, duty, to=deputy, cause=cause, reason=reason, by=by, now=now)
    return deputy


def next_in_line(session: Session, campaign: Campaign, duty: DutyRow) -> str | None:
    """The first deputy down the line who may hold the duty and has not yet."""
    known = held_by(session, duty)
    return next(
        (
            deputy
            for deputy in _deputies(session, duty.person_id)
            if deputy not in known and refuse_holder(session, campaign, duty, deputy) is None
        ),
        None,
    )


def _deputies(session: Session, person_id: str) -> Iterator[str]:
    """The deputy, the deputy's deputy, and so on, until the line ends or comes round."""
    met = {person_id}
    person = session.get(PersonRow, person_id)
    while person is not None and person.deputy and person.deputy not in met:
        met.add(person.deputy)
        yield person.deputy
        person = session.get(PersonRow, person.deputy)


def _refuse_order(session: Session, duty: DutyRow, *, by: str, reason: str) -> Refused | None:
    person = session.get(PersonRow, by)
    if person is None or not person.active or "coordinator" not in person.roles:
        return Refused("not_coordinator", "只有活动协调员可以改派待办。")
    if not reason.strip():
        return Refused("no_reason", "请写明改派理由，改派理由将记入审计日志。")
    if duty.state != "open":
        return Refused("ended", "该事项已经办结，无需改派。")
    return None


def refuse_holder(session: Session, campaign: Campaign, duty: DutyRow, person_id: str) -> Refused | None:
    """Why this person cannot hold the duty, if so: no account, another town, a conflict, the same eyes."""
    person = session.get(PersonRow, person_id)
    if person is None or not person.active:
        return Refused("no_account", "没有这个人员，或其账号已停用，请核对人员编号。")
    if person_id == duty.person_id:
        return Refused("same_person", f"该事项本来就由{person.name}承办。")
    return refuse_acting(session, campaign, duty, person)


def refuse_acting(session: Session, campaign: Campaign, duty: DutyRow, person: PersonRow) -> Refused | None:
    """Why this person cannot act on the duty: another town, a conflict, the same eyes."""
    if duty.kind == "gate":
        gate = session.get_one(GateRow, duty.facts["gate_id"])
        return refuse_seat(session, campaign, gate, person, deputising=frozenset({duty.role}))
    if duty.role in TOWN_ROLES:
        return _refuse_other_town(duty, person)
    return refuse_own_town(people.as_rule(person), duty.town_code)


def _refuse_other_town(duty: DutyRow, person: PersonRow) -> Refused | None:
    if person.town_code == duty.town_code and TOWN_ROLES.intersection(person.roles):
        return None
    return Refused("not_your_town", f"{person.name}不是该乡镇(街道)的经办人或分管领导，不能承办。")


def _pass_on(
    session: Session, duty: DutyRow, *, to: str, cause: str, reason: str, by: str, now: datetime
) -> None:
    before = duty.person_id
    session.add(
        HandoverRow(
            duty_id=duty.id, from_person=before, to_person=to, cause=cause, reason=reason, by=by, at=now
        )
    )
    duty.person_id = to
    campaign = campaign_of(session, duty.campaign_id)
    post_about(session, campaign, duty, template=OPENING[duty.kind], key="handed_over", now=now)
    facts = {"from": before, "to": to, "cause": cause, "reason": reason}
    audit.note(session, at=now, actor=by, act="hand_over", subject=duty.key, facts=facts)
