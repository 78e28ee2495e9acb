"""What ends takes with it what was owed to it: the seats of a gate, the duties of a village or a campaign.

Everything happens in the transaction of the act that ends something; whoever was asked is told, and so is
whoever decided and no longer counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from actions.duties.duties import end_duty
from actions.duties.posting import post_about, title_of
from records import audit, outbox
from records.duties.duties import lock_duty
from records.duties.handovers import kept_silent
from records.review.gates import decisions_on, seat_duties
from records.runs import bells
from records.store import Session
from records.tables.duties import DutyRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from rules.campaign.states import move
from rules.refusals import Refused

ANSWERED = "该审批点已有结论，不再需要您的答复。"
OVER = "本次活动已经结束。"
CHANGED = "所依据的内容已有变动，将按最新内容重新提请。"


def end_owed(
    session: Session, campaign: Campaign, duties: Iterable[DutyRow], *, why: str, now: datetime
) -> None:
    """Cancel the open ones, the oldest first, and tell whoever was asked ``why``; an empty one tells nobody."""
    for duty in sorted(duties, key=lambda one: one.id):
        _end(session, campaign, lock_duty(session, duty.id), why=why, now=now)


def _end(session: Session, campaign: Campaign, duty: DutyRow, *, why: str, now: datetime) -> None:
    if duty.state != "open":
        return
    # Its run is rung by whatever ended what it waited for; a bell to a run that is done would stay unheard.
    end_duty(session, duty, act="cancel", now=now, within=(duty.carrier_kind, duty.carrier_subject))
    facts = {"what": title_of(duty), "why": why}
    for reader in _asked(session, duty) if why else []:
        post_about(
            session,
            campaign,
            duty,
            template="duty_ended",
            key="ended",
            now=now,
            person_id=reader,
            facts=facts,
        )


def _asked(session: Session, duty: DutyRow) -> list[str]:
    """Its holder, and from whom it passed on only because they kept silent."""
    return list(dict.fromkeys([duty.person_id, *kept_silent(session, duty)]))


def end_seats(session: Session, campaign: Campaign, gate: GateRow, *, why: str, now: datetime) -> None:
    """Nobody owes an answer to this attempt any more."""
    end_owed(session, campaign, seat_duties(session, gate).values(), why=why, now=now)


def supersede(session: Session, campaign: Campaign, gate: GateRow, *, why: str, now: datetime) -> None:
    """An attempt, decided or not, that its content or another gate has overtaken; the caller holds its lock.

    Its decisions stay on record and count no more. Its run is rung, to ask anew.
    """
    state = move("gate", gate.state, "supersede")
    assert not isinstance(state, Refused), state.reason
    gate.state, gate.closed_at = state, gate.closed_at or now
    end_seats(session, campaign, gate, why=why, now=now)
    bells.ring(session, kind=gate.carrier_kind, subject=gate.carrier_subject, cause="superseded", at=now)


def overtake(session: Session, campaign: Campaign, gate: GateRow, *, now: datetime) -> None:
    """An attempt whose content is no longer the one that counts, unless it was overtaken before."""
    if gate.state == "superseded":
        return
    tell_deciders(session, campaign, gate, why=CHANGED, now=now)
    supersede(session, campaign, gate, why=CHANGED, now=now)
    facts = {"gate": gate.name, "attempt": gate.attempt, "content": gate.content_hash}
    audit.note(session, at=now, actor="system", act="overtake", subject=gate.subject, facts=facts)


def tell_deciders(session: Session, campaign: Campaign, gate: GateRow, *, why: str, now: datetime) -> None:
    """Whoever decided an attempt that no longer counts."""
    plan, seats = campaign.gate(gate.name), seat_duties(session, gate)
    for one in decisions_on(session, gate):
        outbox.post(
            session,
            key=f"{campaign.id}:decision_overtaken:{gate.id}:{one.person_id}",
            campaign_id=campaign.id,
            template="decision_overtaken",
            person_id=one.person_id,
            facts={
                "gate": plan.title,
                "subject": seats[one.seat].facts["subject"],
                "answer": dict(plan.answers)[one.answer],
                "reason": why,
            },
            at=now,
        )
