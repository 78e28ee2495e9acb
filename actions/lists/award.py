"""The award: once per village, at its highest level, decided by both bureaus (notice, four)."""

from __future__ import annotations

import hashlib
from datetime import datetime

from actions.campaign.decree import waits_for_calendar
from actions.campaign.stages import JOINING
from actions.duties.assignment import seats_for
from actions.lists.accounts import Accounts
from actions.lists.papers import keep_list
from actions.lists.revision import next_attempt
from actions.lists.standing import is_approved, locked_list, may_be_overtaken, overtake
from actions.lookup import campaign_of
from actions.review.gates import Question, open_gate
from actions.steps import split_subject
from records import audit, outbox
from records.campaign.campaigns import lock_campaigns
from records.campaign.villages import lock_villages, villages_of
from records.lists.causes import causes_of
from records.lists.documents import has_left, paper_key
from records.lists.ledger import key_of
from records.lists.lists import keep_payments, payments_of
from records.lists.scorers import scorers_of
from records.people import people
from records.runs import carriers
from records.store import Session, Store, repeatable
from records.tables.lists import LedgerRow
from records.tables.review import GateRow
from rules.campaign.campaign import AwardLevel, Campaign
from rules.lists.awards import Payment, in_words
from rules.lists.results import LEDGER_KINDS


@waits_for_calendar
@repeatable
def propose_awards(store: Store, *, subject: str, now: datetime) -> None:
    """Open the gate of both bureaus about exactly this payment list.

    Nobody waits for the slowest: villages recognised after a list was decided get a list of their own.
    """
    campaign_id, level = split_subject(subject)
    with store.writing() as session:
        campaign = campaign_of(session, campaign_id)
        lock_villages(session, campaign_id, state="recognised")
        gate = locked_list(session, campaign, "award", subject)
        if gate is not None and may_be_overtaken(session, gate):
            if _is_true(session, campaign, gate, level):
                return
            overtake(session, campaign, gate, now=now)
        attempt = next_attempt(session, campaign, gate, now=now)
        lines = payments_due(session, campaign, level)
        if attempt is not None and lines:
            _ask_bureaus(session, campaign, subject, lines, attempt=attempt, now=now)


def _ask_bureaus(
    session: Session, campaign: Campaign, subject: str, lines: list[Payment], *, attempt: int, now: datetime
) -> None:
    _, level = split_subject(subject)
    question = Question(
        name="award",
        subject=subject,
        content_hash=hash_of_payments(lines),
        carrier=("award", subject),
        asked=seats_for(
            session,
            campaign.gate("award"),
            without=scorers_of(session, campaign.id, [line.village_code for line in lines]),
        ),
        about=in_words(campaign.award(level).title, lines),
    )
    gate = open_gate(session, campaign, question, attempt=attempt, now=now)
    keep_payments(session, gate, lines)


def _is_true(session: Session, campaign: Campaign, gate: GateRow, level: str) -> bool:
    """All of it are still recognised, and the ledger and the results still say what the bureaus saw."""
    shown = payments_of(session, gate)
    recognised = {row.code for row in villages_of(session, campaign.id, states=["recognised"])}
    if not recognised.issuperset(line.village_code for line in shown):
        return False
    accounts = Accounts(session, campaign)
    return shown == [accounts.due(line.village_code, level) for line in shown]


def payments_due(
    session: Session, campaign: Campaign, level: str, accounts: Accounts | None = None
) -> list[Payment]:
    """A line for every recognised village of which this campaign has something to decide at a level; those that
    get nothing by the ledger of all years say why. A line that was taken off the list stays off it.
    """
    recognised = [row.code for row in villages_of(session, campaign.id, states=["recognised"])]
    accounts = accounts or Accounts(session, campaign)
    lines = (accounts.due(code, level) for code in recognised)
    return [line for line in lines if line is not None]


def hash_of_payments(lines: list[Payment]) -> str:
    """The content of the gate that asks about exactly these payments."""
    listed = "\n".join(map(_in_words, lines))
    return hashlib.sha256(listed.encode()).hexdigest()


def _in_words(line: Payment) -> str:
    cause = f" {line.cause_id}" if line.cause_id else ""
    return f"{line.village_code} {line.paid_before} {line.yuan} {line.note}{cause}"


@repeatable
def settle_awards(store: Store, *, subject: str, now: datetime) -> bool:
    """Write what both bureaus approved into the ledger and a list; True when nobody is left to be paid."""
    campaign_id, level = split_subject(subject)
    with store.writing() as session:
        lock_campaigns(session)
        campaign = campaign_of(session, campaign_id)
        gate = locked_list(session, campaign, "award", subject)
        if gate is not None and gate.state != "superseded":
            written = has_left(session, gate)
            if not written and is_approved(gate) and _is_true(session, campaign, gate, level):
                _settle(session, store, campaign, gate, level, now=now)
                written = True
            if not written:
                return False
        return not _still_to_come(session, campaign, level)


def _settle(
    session: Session, store: Store, campaign: Campaign, gate: GateRow, level: str, *, now: datetime
) -> None:
    lines = payments_of(session, gate)
    _write_ledger(session, campaign, level, lines, gate=gate, now=now)
    _write_document(session, store, campaign, level, lines, gate=gate, now=now)
    facts = {"level": level, "villages": len(lines), "yuan": sum(line.yuan for line in lines)}
    audit.note(session, at=now, actor="system", act="award", subject=gate.subject, facts=facts)


def _still_to_come(session: Session, campaign: Campaign, level: str) -> bool:
    """Whether a village waits for its recognition, or for a list of its own; a result from above wakes the run."""
    before = (*JOINING, "recommendation") if campaign.award_policy == "wait" else JOINING
    waiting = not all(carriers.all_done(session, campaign.id, kind) for kind in before)
    return waiting or bool(payments_due(session, campaign, level))


def _write_ledger(
    session: Session,
    campaign: Campaign,
    level: str,
    lines: list[Payment],
    *,
    gate: GateRow,
    now: datetime,
) -> None:
    award = campaign.award(level)
    kinds = {row.id: LEDGER_KINDS[row.kind] for row in causes_of(session, campaign.id)}
    for line in lines:
        session.add(
            LedgerRow(
                campaign_id=campaign.id,
                village_code=line.village_code,
                year=campaign.year,
                level=level,
                level_yuan=award.yuan,
                payable_yuan=line.yuan,
                document=gate.content_hash,
                decided_at=now,
                kind=kinds.get(line.cause_id, "payment"),
                cause_id=line.cause_id,
                key=key_of(campaign.id, level, line.village_code, line.cause_id),
            )
        )
        _tell_the_town(session, campaign, award, line, now)


def _tell_the_town(
    session: Session, campaign: Campaign, award: AwardLevel, line: Payment, now: datetime
) -> None:
    village = campaign.village(line.village_code)
    again = f"#{line.cause_id}" if line.cause_id else ""
    for clerk in people.with_role(session, "town_clerk", town_code=village.town_code):
        outbox.post(
            session,
            key=f"{campaign.id}:award_decided:{award.level}:{village.code}{again}:{clerk.id}",
            campaign_id=campaign.id,
            template="award_decided",
            person_id=clerk.id,
            facts={
                "town": campaign.town(village.town_code).name,
                "village": village.name,
                "level": award.title,
                "yuan": line.yuan,
                "note": line.note,
            },
            at=now,
        )


def _write_document(
    session: Session,
    store: Store,
    campaign: Campaign,
    level: str,
    lines: list[Payment],
    *,
    gate: GateRow,
    now: datetime,
) -> None:
    key = paper_key(session, gate)
    title = f"{campaign.title}{campaign.award(level).title}奖补资金发放清单"
    rows: list[list[str | int]] = []
    for number, line in enumerate(lines, 1):
        village = campaign.village(line.village_code)
        town = campaign.town(village.town_code).name
        rows.append([number, town, village.name, line.paid_before, line.yuan, line.note])
    columns = ["序号", "乡镇(街道)", "社区(村)", "此前已奖补(元)", "本次金额(元)", "备注"]
    keep_list(
        session, store, campaign, key=key, title=title, columns=columns, rows=rows, now=now, gate_id=gate.id
    )
