"""Towns ask for more time; a coordinator grants it by an extension, or says why not."""

from __future__ import annotations

from datetime import datetime

from actions.duties.duties import extend_within
from records import audit
from records.duties.duties import lock_duty
from records.duties.extensions import EXTENDABLE, waiting_request
from records.locks import locked_one
from records.store import Session, Store, repeatable
from records.tables.duties import DutyRow, ExtensionRequestRow
from records.tables.people import PersonRow
from rules.campaign.campaign import TOWN_ROLES
from rules.entries import refuse_year
from rules.refusals import Refused
from rules.signs import says_nothing

ANSWERED = Refused("answered", "这份延期申请已经答复，请刷新页面查看。")


@repeatable
def ask_extension(
    store: Store, *, duty_id: int, by: str, wanted_due: datetime, reason: str, now: datetime
) -> ExtensionRequestRow | Refused:
    """Keep a town's request for a later date; one at a time."""
    with store.writing() as session:
        duty = lock_duty(session, duty_id)
        refused = _refuse_asking(session, duty, by=by, wanted_due=wanted_due, reason=reason, now=now)
        if refused:
            return refused
        row = ExtensionRequestRow(
            duty_id=duty_id, asked_by=by, asked_at=now, wanted_due=wanted_due, reason=reason.strip(), words=""
        )
        session.add(row)
        session.flush()
        facts = {"wanted_due": wanted_due.isoformat(), "reason": row.reason}
        audit.note(session, at=now, actor=by, act="ask_extension", subject=duty.key, facts=facts)
    return row


def _refuse_asking(
    session: Session, duty: DutyRow, *, by: str, wanted_due: datetime, reason: str, now: datetime
) -> Refused | None:
    person = session.get(PersonRow, by)
    if person is None or not person.active or not TOWN_ROLES.intersection(person.roles):
        return Refused("wrong_role", "只有乡镇(街道)经办人或分管领导可以申请延期。")
    if person.town_code != duty.town_code or duty.lock_at is None:
        return Refused("not_your_town", "这项待办不属于您所在的乡镇(街道)，不能代为申请延期。")
    if duty.state not in EXTENDABLE:
        return Refused("ended", "该事项已经办结，无需延期。")
    if says_nothing(reason):
        return Refused("no_reason", "请写明申请延期的理由。")
    if wanted_due <= max(now, duty.due_at):
        return Refused("not_later", "申请的日期必须晚于现在，也晚于原截止日期。")
    if waiting_request(session, duty) is not None:
        return Refused("already_asked", "该事项已有一份延期申请等待答复，无需重复申请。")
    return refuse_year(wanted_due.date(), about=now.year)


@repeatable
def grant_request(
    store: Store,
    *,
    request_id: int,
    by: str,
    due_at: datetime,
    lock_at: datetime | None,
    words: str,
    now: datetime,
) -> Refused | None:
    """Extend the duty as asked, or to another date, and answer the request: both or neither."""
    with store.writing() as session:
        request = locked_one(session, ExtensionRequestRow, request_id)
        if request.answer is not None:
            return ANSWERED
        refused = extend_within(
            session,
            duty_id=request.duty_id,
            by=by,
            due_at=due_at,
            lock_at=lock_at,
            reason=words,
            now=now,
        )
        if refused is None:
            _answer(session, request, answer="granted", by=by, words=words, now=now)
        return refused


@repeatable
def refuse_request(store: Store, *, request_id: int, by: str, words: str, now: datetime) -> Refused | None:
    """Say no to a request, with a reason for the town."""
    with store.writing() as session:
        request = locked_one(session, ExtensionRequestRow, request_id)
        person = session.get(PersonRow, by)
        if person is None or not person.active or "coordinator" not in person.roles:
            return Refused("not_coordinator", "只有活动协调员可以答复延期申请。")
        if says_nothing(words):
            return Refused("no_reason", "不予延期的，请写明理由，理由会显示给乡镇(街道)。")
        if request.answer is not None:
            return ANSWERED
        _answer(session, request, answer="refused", by=by, words=words, now=now)
    return None


def _answer(
    session: Session, request: ExtensionRequestRow, *, answer: str, by: str, words: str, now: datetime
) -> None:
    request.answer, request.answered_by, request.answered_at = answer, by, now
    request.words = words.strip()
    duty = session.get_one(DutyRow, request.duty_id)
    facts = {"answer": answer, "words": request.words}
    audit.note(session, at=now, actor=by, act="answer_extension", subject=duty.key, facts=facts)
