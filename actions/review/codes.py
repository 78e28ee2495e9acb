"""One-time approval codes: bound to gate, attempt, person and content; five tries, 24 hours."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from actions.duties.duties import post_about
from actions.duties.eligibility import refuse_seat
from actions.lookup import campaign_of
from actions.review.decisions import decide
from records import audit, outbox
from records.locks import locked
from records.review.gates import lock_codes, seat_duties
from records.store import Session, Store, repeatable
from records.tables.people import PersonRow
from records.tables.review import CodeRow, DecisionRow, GateRow
from rules.campaign.campaign import GatePlan
from rules.refusals import Refused

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 10
MOST_TRIES = 5
LIFETIME = timedelta(hours=24)


def mint_code(session: Session, gate: GateRow, *, person_id: str, host_now: datetime) -> str:
    """A fresh code for one person's answer to exactly this content; only its hash is kept."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    session.add(
        CodeRow(
            gate_id=gate.id,
            attempt=gate.attempt,
            person_id=person_id,
            content_hash=gate.content_hash,
            code_hash=_hash(gate.id, code),
            expires_at=host_now + LIFETIME,
        )
    )
    return code


@repeatable
def request_code(store: Store, *, gate_id: int, person_id: str, now: datetime) -> Refused | None:
    """Have a fresh code mailed to somebody who may answer the gate; it is minted as the mail is sent."""
    with store.writing() as session:
        gate = locked(session, GateRow, gate_id)
        person = session.get(PersonRow, person_id)
        if gate is None or gate.state != "open":
            return Refused("gate_closed", "没有这个待办的审批点，请用 gate list --open 查看。")
        if person is None or not person.active:
            return Refused("no_account", f"没有编号为“{person_id}”的在用人员，请核对。")
        refused = _refuse_code(session, gate, person)
        if refused:
            return refused
        duty = next(one for one in seat_duties(session, gate).values() if one.state == "open")
        key, campaign = f"code:{now.isoformat()}", campaign_of(session, gate.campaign_id)
        post_about(session, campaign, duty, template="gate_opened", key=key, now=now, person_id=person_id)
        audit.note(session, at=now, actor=person_id, act="request_code", subject=gate.subject)
    return None


def _refuse_code(session: Session, gate: GateRow, person: PersonRow) -> Refused | None:
    if outbox.is_on_its_way(session, person.id, gate_id=gate.id, template="gate_opened"):
        return Refused("on_its_way", f"给{person.name}的授权码邮件正在发送，请稍候查收，无需重复申请。")
    return refuse_seat(session, campaign_of(session, gate.campaign_id), gate, person)


def _hash(gate_id: int, code: str) -> str:
    # The code has 50 bits and five tries in 24 hours; a slow hash would add nothing.
    return hashlib.sha256(f"{gate_id}:{code.strip().upper()}".encode()).hexdigest()


def plan_of(store: Store, gate_id: int) -> GatePlan:
    """What a gate asks, from the configuration its campaign was opened with."""
    with store.reading() as session:
        gate = session.get_one(GateRow, gate_id)
        return campaign_of(session, gate.campaign_id).gate(gate.name)


@repeatable
def decide_by_code(
    store: Store,
    *,
    gate_id: int,
    code: str,
    answer: str,
    reason: str,
    door: str,
    now: datetime,
    host_now: datetime,
    by: str = "",
    seen_hash: str = "",
) -> DecisionRow | Refused:
    """Decide as the person to whom the code was sent; a wrong code changes nothing but its tries.

    ``by`` takes only that person's codes. ``seen_hash`` is what was shown, where the door shows it; else
    what the code was minted for counts as seen.
    """
    with store.writing() as session:
        codes = [row for row in lock_codes(session, gate_id) if by in ("", row.person_id)]
        usable = [row for row in codes if row.tries < MOST_TRIES and row.expires_at > host_now]
        match = next((row for row in usable if row.code_hash == _hash(gate_id, code)), None)
        if match is None:
            for row in usable:
                row.tries += 1
            return Refused(
                "wrong_code", "授权码不正确、已过期或尝试次数过多，决定没有记录。请使用最新邮件中的授权码。"
            )
        gate = session.get_one(GateRow, gate_id)
        if match.attempt != gate.attempt or match.content_hash != gate.content_hash:
            return Refused("stale_code", "材料已更新，旧授权码作废，请查看最新邮件。")
        attempt, person_id, seen_hash = match.attempt, match.person_id, seen_hash or match.content_hash
    return decide(
        store,
        gate_id=gate_id,
        attempt=attempt,
        by=person_id,
        answer=answer,
        reason=reason,
        seen_hash=seen_hash,
        door=door,
        now=now,
    )
