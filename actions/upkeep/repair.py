"""What ``hqe doctor --repair`` does: each act once more, audited, as the operator's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from actions.duties.endings import end_owed
from actions.lookup import campaign_of, is_entitled
from actions.runs.tick import ring_tick
from records import audit, outbox
from records.runs import bells, carriers
from records.store import Session, Store, repeatable
from records.tables.duties import DutyRow
from rules.refusals import Refused

BY = "operator"


@repeatable
def ring_again(store: Store, kind: str, subject: str, *, now: datetime) -> None:
    """Wake a subject that nobody rang."""
    with store.writing() as session:
        _ring(session, kind, subject, now)


@repeatable
def unpark(store: Store, kind: str, subject: str, *, now: datetime) -> None:
    """Start a subject anew that was given up; whoever asks has removed the cause."""
    with store.writing() as session:
        carriers.unpark(session, kind, subject)
        _ring(session, kind, subject, now)


@repeatable
def carry_again(store: Store, kind: str, subject: str, *, campaign_id: str, now: datetime) -> None:
    """Give a subject with open duties a run: its carrier is gone, or thought it was done."""
    with store.writing() as session:
        label, tags = f"{kind} · {subject}", [campaign_id, kind]
        carriers.enlist(
            session, kind=kind, subject=subject, campaign_id=campaign_id, label=label, tags=tags, at=now
        )
        carriers.reopen(session, kind, subject)
        _ring(session, kind, subject, now)


def _ring(session: Session, kind: str, subject: str, now: datetime) -> None:
    bells.ring(session, kind=kind, subject=subject, cause="doctor", at=now)
    audit.note(session, at=now, actor=BY, act="repair", subject=f"{kind}:{subject}")


@repeatable
def end_needless(store: Store, duty_id: int, *, why: str, now: datetime) -> None:
    """End an open duty of something that has ended; whoever was asked is told."""
    with store.writing() as session:
        duty = session.get_one(DutyRow, duty_id)
        end_owed(session, campaign_of(session, duty.campaign_id), [duty], why=why, now=now)
        audit.note(session, at=now, actor=BY, act="repair", subject=duty.key)


def tick_now(store: Store, *, campaign_id: str, now: datetime) -> None:
    """Look at the calendar at once, without waiting for the schedule."""
    ring_tick(store, campaign_id=campaign_id, now=now)


@repeatable
def send_again(store: Store, ids: Sequence[int], *, now: datetime, by: str = BY) -> int | Refused:
    """Try messages anew that were given up; each bears the Message-ID it had before."""
    with store.writing() as session:
        if not is_entitled(session, "repair.send_again", by=by):
            return Refused("not_coordinator", "只有活动协调员可以重新发送邮件。")
        count = outbox.requeue(session, ids)
        facts = {"messages": list(ids)}
        audit.note(session, at=now, actor=by, act="send_again", subject="outbox", facts=facts)
        return count
