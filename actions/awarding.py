"""The award: once per village, at its highest level, decided by both bureaus (notice, four)."""

from __future__ import annotations

import hashlib
from datetime import datetime

from actions.assigning import seats_for
from actions.gates import Question, open_gate
from actions.lookup import campaign_of
from actions.papers import keep_list
from actions.subjects import split_subject
from records import audit, outbox, people
from records.gates import latest_gate
from records.ledger import paid_to
from records.store import Session, Store
from records.tables import DocumentRow, GateRow, LedgerRow
from records.villages import villages_of
from rules import awards
from rules.awards import Payment
from rules.campaign import AwardLevel, Campaign


def propose_awards(store: Store, *, subject: str, now: datetime) -> None:
    """Open the gate of both bureaus about exactly this payment list, once."""
    campaign_id, level = split_subject(subject)
    with store.writing() as session:
        campaign = campaign_of(session, campaign_id)
        lines = payments(session, campaign, level)
        gate = latest_gate(session, campaign_id, "award", subject)
        if gate is not None and not _is_outdated(session, gate, level, lines):
            return
        total = sum(line.yuan for line in lines)
        question = Question(
            name="award",
            subject=subject,
            content_hash=_fingerprint(lines),
            carrier=("award", subject),
            asked=seats_for(session, campaign.gate("award")),
            about=f"{campaign.award(level).title}奖补{len(lines)}个社区(村)，共{total}元",
        )
        open_gate(session, campaign, question, attempt=gate.attempt + 1 if gate else 1, now=now)


def _is_outdated(session: Session, gate: GateRow, level: str, lines: list[Payment]) -> bool:
    """Approved, not yet written, and meanwhile the ledger says otherwise than what the bureaus saw."""
    written = session.get(DocumentRow, _key(gate.campaign_id, level)) is not None
    return gate.answer == "approve" and not written and gate.content_hash != _fingerprint(lines)


def _key(campaign_id: str, level: str) -> str:
    return f"{campaign_id}:award:{level}"


def payments(session: Session, campaign: Campaign, level: str) -> list[Payment]:
    """A line for every recognised village, by the ledger of all years; those that get nothing say why."""
    recognised = [
        campaign.village(row.code) for row in villages_of(session, campaign.id, states=["recognised"])
    ]
    return [
        awards.payment(campaign, village, level, ledger=paid_to(session, village.codes))
        for village in recognised
    ]


def _fingerprint(lines: list[Payment]) -> str:
    listed = "\n".join(f"{line.village_code} {line.paid_before} {line.yuan} {line.note}" for line in lines)
    return hashlib.sha256(listed.encode()).hexdigest()


def settle_awards(store: Store, *, subject: str, now: datetime) -> bool:
    """After both bureaus decided: write the ledger and the payment list; False while the gate is open."""
    campaign_id, level = split_subject(subject)
    with store.writing() as session:
        gate = latest_gate(session, campaign_id, "award", subject)
        if gate is None or gate.state == "open":
            return False
        key = _key(campaign_id, level)
        if session.get(DocumentRow, key) is None:
            campaign = campaign_of(session, campaign_id)
            lines = payments(session, campaign, level) if gate.answer == "approve" else []
            if _is_outdated(session, gate, level, lines):
                return False
            _write_ledger(session, campaign, level, lines, gate=gate, now=now)
            _write_document(session, store, campaign, level, lines, key=key, now=now)
            facts = {"level": level, "villages": len(lines), "yuan": sum(line.yuan for line in lines)}
            audit.note(session, at=now, actor="system", act="award", subject=subject, facts=facts)
    return True


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
            )
        )
        _tell_the_town(session, campaign, award, line, now)


def _tell_the_town(
    session: Session, campaign: Campaign, award: AwardLevel, line: Payment, now: datetime
) -> None:
    village = campaign.village(line.village_code)
    for clerk in people.with_role(session, "town_clerk", town_code=village.town_code):
        outbox.post(
            session,
            key=f"{campaign.id}:award_decided:{award.level}:{village.code}:{clerk.id}",
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
    key: str,
    now: datetime,
) -> None:
    title = f"{campaign.title}{campaign.award(level).title}奖补资金发放清单"
    rows: list[list[str | int]] = []
    for number, line in enumerate(lines, 1):
        village = campaign.village(line.village_code)
        town = campaign.town(village.town_code).name
        rows.append([number, town, village.name, line.paid_before, line.yuan, line.note])
    columns = ["序号", "乡镇(街道)", "社区(村)", "此前已奖补(元)", "本次金额(元)", "备注"]
    keep_list(session, store, campaign, key=key, title=title, columns=columns, rows=rows, now=now)
