"""Handing a duty to somebody else: to the deputy of a silent holder, or as the coordinator says."""

from __future__ import annotations

from datetime import datetime

from actions.duties.asking import ask_about
from actions.duties.duties import tell_former
from actions.duties.holders import WHILE_AWAY, next_in_line, pass_to, refuse_holder
from actions.duties.posting import post_about, title_of
from actions.lookup import campaign_of
from records.duties.duties import lock_duty
from records.duties.handovers import AWAY, ESCALATED, REASSIGNED
from records.people import people
from records.store import Session, Store, repeatable
from records.tables.duties import DutyRow
from records.tables.people import PersonRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from rules.signs import says_nothing

OPENING = {
    "survey": "survey_opened",
    "dossier": "dossier_opened",
    "paper": "paper_reminder",
    "correction": "correction_opened",
    "visit": "visit_opened",
    "signature": "signature_opened",
    "objection": "objection_opened",
    "gate": "gate_opened",
    "revision": "revision_opened",
    "calendar": "calendar_opened",
    "accounts": "accounts_opened",
}
"""What the new holder of a duty is told; at a gate with a one-time code of their own."""


@repeatable
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

    Whoever kept silent may still act: the seat is not taken away, it is opened for one more. Where nobody
    has the right to take it, it stays, and the coordinators are told.
    """
    reason = "承办人逾期未办，按提醒阶梯转交代理人。"
    deputy = _pass_down(session, campaign, duty, cause=ESCALATED, reason=reason, by="system", now=now)
    if deputy is None:
        _tell_stuck(session, campaign, duty, now=now)
    return deputy


def _tell_stuck(session: Session, campaign: Campaign, duty: DutyRow, *, now: datetime) -> None:
    facts = {"subject": title_of(duty), "person": session.get_one(PersonRow, duty.person_id).name}
    for one in people.with_role(session, "coordinator"):
        post_about(
            session,
            campaign,
            duty,
            template="duty_stuck",
            key="stuck",
            now=now,
            person_id=one.id,
            facts=facts,
        )


def pass_to_deputy(
    session: Session, campaign: Campaign, duty: DutyRow, *, by: str, reason: str, now: datetime
) -> str | None:
    """The same for somebody who may not hold the duty any longer, by whoever said so."""
    return _pass_down(session, campaign, duty, cause=REASSIGNED, reason=reason, by=by, now=now)


def _pass_down(
    session: Session, campaign: Campaign, duty: DutyRow, *, cause: str, reason: str, by: str, now: datetime
) -> str | None:
    deputy = next_in_line(session, campaign, duty, now=now)
    if deputy is not None:
        _pass_on(session, duty, to=deputy, cause=cause, reason=reason, by=by, now=now)
    return deputy


def _refuse_order(session: Session, duty: DutyRow, *, by: str, reason: str) -> Refused | None:
    person = session.get(PersonRow, by)
    if person is None or not person.active or "coordinator" not in person.roles:
        return Refused("not_coordinator", "只有活动协调员可以改派待办。")
    if says_nothing(reason):
        return Refused("no_reason", "请写明改派理由，改派理由将记入审计日志。")
    if duty.state != "open":
        return Refused("ended", "该事项已经办结，无需改派。")
    return None


def pass_while_away(session: Session, duty: DutyRow, *, to: str, by: str, now: datetime) -> None:
    """To whoever stands in for a holder who is away."""
    _pass_on(session, duty, to=to, cause=AWAY, reason=WHILE_AWAY, by=by, now=now)


def _pass_on(
    session: Session, duty: DutyRow, *, to: str, cause: str, reason: str, by: str, now: datetime
) -> None:
    former, campaign = duty.person_id, campaign_of(session, duty.campaign_id)
    pass_to(session, duty, to=to, cause=cause, reason=reason, by=by, now=now)
    ask_about(session, campaign, duty, template=OPENING[duty.kind], key="handed_over", now=now)
    tell_former(session, campaign, duty, former=former, reason=reason, now=now)
