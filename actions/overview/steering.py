"""What a coordinator makes of a reminder to come: it is held back, sent at once, or given a sentence besides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from actions.lookup import is_entitled
from actions.overview.forecast import row_to_come
from notifications.catalog import MESSAGES, REPEATED
from records import audit, outbox
from records.duties.duties import lock_duty
from records.locks import locked
from records.store import Session, Store, repeatable
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow
from rules.refusals import Refused
from rules.signs import says_nothing

HOLD, AT_ONCE, WORDS = "hold", "now", "words"
HOW: Mapping[str, str] = {HOLD: "不发", AT_ONCE: "立即发送", WORDS: "附言"}
LONGEST = 300
GONE = Refused("not_to_come", "预告里没有这封邮件：它已经发出，或者所说的事项已经办理。请刷新页面。")


@repeatable
def steer(
    store: Store, *, campaign_id: str, key: str, how: str, words: str, by: str, now: datetime
) -> Refused | None:
    """Decide about one reminder of the forecast; the ladder goes on as planned, and the next one comes.

    What the calendar has not written yet is written now, under the key that it will bear: so it is never sent
    twice, and what holds of every mail holds of it: done, handed over or extended meanwhile it does not go.
    """
    wanted = row_to_come(store, campaign_id=campaign_id, key=key, now=now)
    refused = _refuse(wanted, how=how, words=words)
    with store.writing() as session:
        if not is_entitled(session, "steering.steer", by=by):
            return Refused("not_coordinator", "只有活动协调员可以决定预告的邮件发不发、何时发。")
        if refused or wanted is None:
            return refused or GONE
        row = _written(session, wanted)
        if isinstance(row, Refused):
            return row
        _apply(row, how=how, words=words.strip(), now=now)
        facts = {
            "pressed": HOW[how],
            "kind": MESSAGES[row.template][0],
            "person": row.person_id,
            "reason": words.strip(),
        }
        audit.note(session, at=now, actor=by, act="steer_message", subject=key, facts=facts)
    return None


def is_steerable(row: OutboxRow) -> bool:
    """Reminders alone: what tells somebody for the first time, a receipt or a decision always goes as it is."""
    return row.template in REPEATED and bool(row.facts.get(outbox.DUTIES))


def _refuse(row: OutboxRow | None, *, how: str, words: str) -> Refused | None:
    if how not in HOW:
        return Refused("no_such_choice", f"请选择：{'、'.join(HOW.values())}。")
    if row is None:
        return GONE
    if not is_steerable(row):
        return Refused(
            "not_a_reminder", "只有提醒和逾期通知可以不发、提前发或加附言；首次通知、回执和决定都照常发出。"
        )
    if how != AT_ONCE and says_nothing(words):
        return Refused("no_words", "请写明不发的理由。" if how == HOLD else "请写明附言。")
    if len(words) > LONGEST:
        return Refused("long_reason", f"文字超过{LONGEST}个字，请写得简短些。")
    return None


def _written(session: Session, wanted: OutboxRow) -> OutboxRow | Refused:
    """The message as it waits, locked; or written before its time."""
    there = outbox.with_key(session, wanted.key)
    if there is not None:
        row = locked(session, OutboxRow, there.id)
        return row if row is not None and row.state == "waiting" else GONE
    first = session.get(DutyRow, wanted.facts[outbox.DUTIES][0])
    if first is None:
        return Refused("not_yet_owed", "这封邮件所说的待办还没有产生，产生后再决定。")
    duty = lock_duty(session, first.id)
    if duty.state != "open":
        return GONE
    row = OutboxRow(
        key=wanted.key,
        campaign_id=wanted.campaign_id,
        template=wanted.template,
        person_id=wanted.person_id,
        facts={**wanted.facts, outbox.GENERATION: duty.generation},
        gate_id=wanted.gate_id,
        written_at=wanted.written_at,
        not_before=wanted.not_before,
        state="waiting",
    )
    session.add(row)
    return row


def _apply(row: OutboxRow, *, how: str, words: str, now: datetime) -> None:
    if how == HOLD:
        row.state, row.answer = "superseded", f"活动协调员决定不发：{words}"
    elif how == AT_ONCE:
        row.facts = {**row.facts, outbox.ASKED_FOR: True}
        row.written_at, row.not_before = min(row.written_at, now), now
    else:
        row.facts = {**row.facts, "said": words}
