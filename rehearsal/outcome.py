"""What a rehearsal amounted to: the business outcome, its fingerprint, and the figures of the report."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import DeclarativeBase, Session

from records.tables import (
    CampaignRow,
    CarrierRow,
    DecisionRow,
    DocumentRow,
    DutyRow,
    ExtensionRow,
    FindingRow,
    GateRow,
    LedgerRow,
    OutboxRow,
    RecommendationRow,
    RungFireRow,
    ScoreRow,
    StageRow,
    UploadRow,
    VillageRow,
    VisitRow,
)

# Row numbers, keys of sleep, ciphertexts, answers of the mail server and sent texts (they hold
# one-time codes) differ from run to run; the business does not know them.
BUSINESS: tuple[tuple[type[DeclarativeBase], tuple[str, ...]], ...] = (
    (CampaignRow, ("id", "rules_version", "opened_at", "closed_at")),
    (StageRow, ("name", "state", "opens_at", "due_at", "lock_at", "opened_at", "closed_at")),
    (VillageRow, ("code", "town_code", "name", "state", "supplementary")),
    (
        DutyRow,
        ("key", "role", "person_id", "due_at", "lock_at", "state", "opened_at", "ended_at", "generation"),
    ),
    (ExtensionRow, ("due_before", "due_after", "reason", "granted_by", "granted_at")),
    (GateRow, ("name", "subject", "attempt", "content_hash", "state", "answer", "opened_at", "closed_at")),
    (DecisionRow, ("attempt", "seat", "person_id", "answer", "reason", "seen_hash", "door", "decided_at")),
    (
        UploadRow,
        ("village_code", "version", "sha256", "filed_by", "received_at", "late", "state", "rows", "facts"),
    ),
    (
        ScoreRow,
        ("village_code", "party", "adjustments", "lines", "total", "vetoes", "scored_by", "scored_at"),
    ),
    (VisitRow, ("village_code", "visited_by", "visited_at", "notes", "adjustments")),
    (RecommendationRow, ("village_code", "rank", "total", "recommended")),
    (LedgerRow, ("village_code", "year", "level", "level_yuan", "payable_yuan", "document", "decided_at")),
    (DocumentRow, ("key", "title", "sha256", "made_at")),
    (OutboxRow, ("key", "template", "person_id", "written_at", "state")),
)


def business_outcome(session: Session) -> dict[str, list[list[object]]]:
    """Every business row by table, sorted by content, without anything that differs between equal runs."""
    tables = {
        table.__tablename__: sorted(
            ([_plain(getattr(row, column)) for column in columns] for row in session.scalars(select(table))),
            key=lambda line: json.dumps(line, ensure_ascii=False, sort_keys=True),
        )
        for table, columns in BUSINESS
    }
    rungs = session.execute(
        select(DutyRow.key, RungFireRow.generation, RungFireRow.rung, RungFireRow.fired_at).join(
            DutyRow, DutyRow.id == RungFireRow.duty_id
        )
    )
    findings = session.execute(
        select(
            UploadRow.sha256, FindingRow.position, FindingRow.code, FindingRow.ref, FindingRow.message
        ).join(UploadRow, UploadRow.id == FindingRow.upload_id)
    )
    tables["rung_fire"] = sorted([_plain(value) for value in row] for row in rungs)  # type: ignore[type-var]
    tables["finding"] = sorted([_plain(value) for value in row] for row in findings)  # type: ignore[type-var]
    return tables


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def fingerprint(outcome: object) -> str:
    """SHA-256 of the outcome as canonical JSON."""
    text = json.dumps(outcome, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def figures(session: Session, campaign_id: str) -> dict[str, Any]:
    """The business part of ``rehearse --json`` (design, The command line)."""
    villages = Counter(session.scalars(select(VillageRow.state).where(VillageRow.campaign_id == campaign_id)))
    uploads, gates = session.scalars(select(UploadRow)).all(), session.scalars(select(GateRow)).all()
    duties = Counter(session.scalars(select(DutyRow.state).where(DutyRow.campaign_id == campaign_id)))
    return {
        "stages": {
            stage.name: {
                "opened": _plain(stage.opened_at),
                "due": _plain(stage.due_at),
                "closed": _plain(stage.closed_at),
            }
            for stage in session.scalars(select(StageRow).order_by(StageRow.opens_at))
        },
        "roster_rows": sum(upload.rows for upload in uploads if upload.state == "accepted"),
        "uploads": {
            "received": len(uploads),
            "accepted": sum(upload.state in ("accepted", "superseded") for upload in uploads),
            "returned": sum(upload.state == "returned" for upload in uploads),
            "late": sum(upload.late for upload in uploads),
        },
        "duties": {
            **{state: duties[state] for state in ("done", "late", "lapsed")},
            "extended": _count(session, ExtensionRow),
        },
        "gates": {
            "decided": sum(gate.state == "closed" for gate in gates),
            "returned": sum(gate.answer == "return" for gate in gates),
            "escalated": _escalations(session),
            "deputised": 0,
            "second_reviews": sum(gate.name == "second_review" for gate in gates),
        },
        "recognised": villages["recognised"],
        "not_recognised": villages["not_recognised"],
        "vetoed": villages["vetoed"],
        "recommended": sum(session.scalars(select(RecommendationRow.recommended))),
        "awards_total_yuan": sum(session.scalars(select(LedgerRow.payable_yuan))),
        "wakeups": sum(session.scalars(select(CarrierRow.wakes))),
    }


def _count(session: Session, table: type[DeclarativeBase]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _escalations(session: Session) -> int:
    return session.scalar(select(func.count()).where(OutboxRow.template == "gate_late")) or 0
