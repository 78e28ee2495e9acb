"""One-time approval codes: bound to gate, attempt, person and content; used once, five tries, 24 hours."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.duties.eligibility import refuse_seat, refuse_taken_away
from actions.duties.posting import post_about
from actions.lookup import campaign_of
from actions.review.decisions import decide
from records import audit, outbox
from records.locks import locked
from records.people import accounts
from records.review.gates import forget_codes, lock_codes, seat_duties
from records.sealing.vault import Vault
from records.store import Session, Store, repeatable
from records.tables.people import PersonRow
from records.tables.review import CodeRow, DecisionRow, GateRow
from rules.campaign.campaign import GatePlan
from rules.refusals import Refused

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 10
MOST_TRIES = 5
LIFETIME = timedelta(hours=24)
HOUR = timedelta(hours=1)
MOST_FRESH = 5
"""Codes that a person may ask for in an hour: each brings five tries."""
MOST_NOTED = 30
"""Wrong codes of one person in an hour: the log shows them and cannot be filled by them."""
MOST_UNNAMED = 20
"""Wrong codes in an hour where nobody says who they are: they use up no code of the people who were asked."""

WRONG = Refused("wrong_code", "授权码不正确、已过期或尝试次数过多，决定没有记录。请使用最新邮件中的授权码。")
TOO_OFTEN = Refused("too_often", "这个审批点的授权码输错次数过多，请一小时后再试，或在网页中办理。")
STALE = Refused("stale_code", "材料已更新，旧授权码作废，请查看最新邮件。")
FUTILE = frozenset(
    {
        "no_account",
        "no_such_gate",
        "gate_closed",
        "not_your_town",
        "wrong_role",
        "own_filing",
        "own_town",
        "same_eyes",
        "second_seat",
        "taken_seat",
        "handed_over",
    }
)
"""Refusals after which another code would not help."""


def mint_code(session: Session, vault: Vault, gate: GateRow, *, person_id: str, host_now: datetime) -> str:
    """A fresh code for one person's answer to exactly this content; only its keyed hash is kept."""
    forget_codes(session, expired_by=host_now)
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    session.add(
        CodeRow(
            gate_id=gate.id,
            attempt=gate.attempt,
            person_id=person_id,
            content_hash=gate.content_hash,
            code_hash=vault.lookup(_about(gate.id, code)),
            expires_at=host_now + LIFETIME,
        )
    )
    return code


@repeatable
def request_code(
    store: Store, *, gate_id: int, person_id: str, now: datetime, host_now: datetime
) -> Refused | None:
    """Have a fresh code mailed to somebody who may answer the gate; it is minted as the mail is sent."""
    with store.writing() as session:
        key = f"fresh_code:{gate_id}:{person_id}"
        asked = accounts.count_try(session, key, window=HOUR, host_now=host_now)
        gate = locked(session, GateRow, gate_id)
        person = session.get(PersonRow, person_id)
        if gate is None or gate.state != "open":
            return Refused("gate_closed", "没有这个待办的审批点，请用 gate list --open 查看。")
        if person is None or not person.active:
            return Refused("no_account", f"没有编号为“{person_id}”的在用人员，请核对。")
        refused = _refuse_code(session, gate, person)
        if refused is None and asked > MOST_FRESH:
            refused = Refused(
                "too_often", f"一小时内最多索取{MOST_FRESH}次授权码，请使用最新邮件中的授权码，或稍后再试。"
            )
        if refused:
            return refused
        duty = next(one for one in seat_duties(session, gate).values() if one.state == "open")
        key, campaign = f"code:{now.isoformat()}", campaign_of(session, gate.campaign_id)
        post_about(
            session,
            campaign,
            duty,
            template="gate_opened",
            key=key,
            now=now,
            person_id=person_id,
            facts={outbox.ASKED_FOR: True},
        )
        audit.note(session, at=now, actor=person_id, act="request_code", subject=gate.subject)
    return None


def _refuse_code(session: Session, gate: GateRow, person: PersonRow) -> Refused | None:
    if outbox.is_on_its_way(session, person.id, gate_id=gate.id, template="gate_opened"):
        return Refused("on_its_way", f"给{person.name}的授权码邮件正在发送，请稍候查收，无需重复申请。")
    campaign = campaign_of(session, gate.campaign_id)
    return refuse_seat(session, campaign, gate, person) or refuse_taken_away(session, gate, person.id)


def _about(gate_id: int, code: str) -> str:
    return f"approval code:{gate_id}:{code.strip().upper()}"


def plan_of(store: Store, gate_id: int) -> GatePlan:
    """What a gate asks, from the configuration its campaign was opened with."""
    with store.reading() as session:
        gate = session.get_one(GateRow, gate_id)
        return campaign_of(session, gate.campaign_id).gate(gate.name)


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
    what the code was minted for counts as seen. A code that fits is spent, whatever becomes of the answer.
    """
    with audit.through(door):
        spent = spend_code(store, gate_id=gate_id, code=code, by=by, now=now, host_now=host_now)
    if isinstance(spent, Refused):
        return spent
    done = decide(
        store,
        gate_id=gate_id,
        attempt=spent.attempt,
        by=spent.person_id,
        answer=answer,
        reason=reason,
        seen_hash=seen_hash or spent.content_hash,
        door=door,
        now=now,
    )
    return after_spending(done) if isinstance(done, Refused) else done


def after_spending(refused: Refused) -> Refused:
    """The same, with how one comes to another code where one would help."""
    if refused.code in FUTILE:
        return refused
    return Refused(refused.code, f"{refused.reason}授权码已使用，请重新索取。")


@dataclass(frozen=True, slots=True)
class Spent:
    """What a code was made for."""

    person_id: str
    attempt: int
    content_hash: str


@repeatable
def spend_code(
    store: Store, *, gate_id: int, code: str, by: str = "", now: datetime, host_now: datetime
) -> Spent | Refused:
    """Use a code up, or count and note a wrong one: against the person who typed it, or, where nobody says who
    that is, against the gate."""
    with store.writing() as session:
        tries = f"named_code:{by}" if by else f"unnamed_code:{gate_id}"
        tried = accounts.count_try(session, tries, window=HOUR, host_now=host_now)
        if not by and tried > MOST_UNNAMED:
            if tried == MOST_UNNAMED + 1:
                _note_wrong(session, gate_id, by=by, pause="1小时", now=now)
            return TOO_OFTEN
        codes = [row for row in lock_codes(session, gate_id) if by in ("", row.person_id)]
        usable = [row for row in codes if row.tries < MOST_TRIES and row.expires_at > host_now]
        hashes = store.vault.lookups(_about(gate_id, code))
        match = next((row for row in usable if row.code_hash in hashes), None)
        if match is None:
            for row in usable if by else []:
                row.tries += 1
            if tried <= MOST_NOTED:
                _note_wrong(session, gate_id, by=by, pause="", now=now)
            return WRONG
        spent = Spent(match.person_id, match.attempt, match.content_hash)
        session.delete(match)
        accounts.forget_tries(session, tries)
        gate = session.get_one(GateRow, gate_id)
        return spent if (gate.attempt, gate.content_hash) == (spent.attempt, spent.content_hash) else STALE


def _note_wrong(session: Session, gate_id: int, *, by: str, pause: str, now: datetime) -> None:
    """Who guesses, and from where as far as their door knows it; never what was typed."""
    gate = session.get(GateRow, gate_id)
    if gate is not None:
        facts = {"gate": gate.name, "pause": pause}
        actor = by or "unknown"
        audit.note(
            session, at=now, actor=actor, act="approval_code_refused", subject=gate.subject, facts=facts
        )
