"""What a rehearsal amounted to: the business outcome, its fingerprint, and the figures of the report."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import date
from typing import Any

from actions.lookup import campaign_of
from records.campaign.stages import stages_in_order
from records.campaign.villages import count_villages
from records.copies.dump import Line, finding_lines, lines_of, rows_of, rung_lines
from records.duties.duties import count_duties
from records.duties.handovers import count_deputised
from records.store import Session
from records.tables.campaign import CampaignRow, StageRow, VillageRow
from records.tables.columns import Base
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow, ExtensionRow, HandoverRow
from records.tables.lists import CauseRow, DocumentRow, LedgerRow, PaperRow, RecommendationRow
from records.tables.messages import OutboxRow
from records.tables.review import DecisionRow, GateRow, ScoreRow, VisitRow
from records.tables.runs import CarrierRow
from records.tables.visits import VisitPlanRow, VisitSignatureRow, VisitStopRow
from rules.lists.results import RESULTS

# Row numbers, keys of sleep, ciphertexts, answers of the mail server and sent texts (they hold
# one-time codes) differ from run to run; the business does not know them. Nor does it matter through
# which door a decision came, or who was invited to make an account.
BUSINESS: tuple[tuple[type[Base], tuple[str, ...]], ...] = (
    (CampaignRow, ("id", "rules_version", "opened_at", "closed_at")),
    (StageRow, ("name", "state", "opens_at", "due_at", "lock_at", "opened_at", "closed_at")),
    (VillageRow, ("code", "town_code", "name", "state", "supplementary")),
    (
        DutyRow,
        ("key", "role", "person_id", "due_at", "lock_at", "state", "opened_at", "ended_at", "generation"),
    ),
    (HandoverRow, ("from_person", "to_person", "cause", "reason", "by", "at")),
    (ExtensionRow, ("due_before", "due_after", "reason", "granted_by", "granted_at")),
    (GateRow, ("name", "subject", "attempt", "content_hash", "state", "answer", "opened_at", "closed_at")),
    (DecisionRow, ("attempt", "seat", "person_id", "answer", "reason", "seen_hash", "decided_at")),
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
    (CauseRow, ("village_code", "level", "kind", "yuan", "document", "dated", "reason", "by", "at")),
    (
        LedgerRow,
        ("village_code", "year", "level", "level_yuan", "payable_yuan", "document", "decided_at", "kind"),
    ),
    (DocumentRow, ("key", "title", "sha256", "made_at")),
    (OutboxRow, ("key", "template", "person_id", "written_at", "state")),
)
NO_BUSINESS = frozenset({"account_invited", "account_secured"})
"""Templates of messages about accounts."""
AT_REST = frozenset({"visit_planned"})
"""Templates of what the tick does once all has come to rest: a restart moves it by a second, never by a minute."""
MINUTE = len("2020-11-16T01:00")


def business_outcome(session: Session) -> dict[str, list[Line]]:
    """Every business row by table, sorted by content, without anything that differs between equal runs."""
    tables = {
        table.__tablename__: sorted(
            map(_plain_line, lines_of(session, table, columns)),
            key=lambda line: json.dumps(line, ensure_ascii=False, sort_keys=True),
        )
        for table, columns in BUSINESS
    }
    tables["outbox"] = [_to_the_minute(line) for line in tables["outbox"] if line[1] not in NO_BUSINESS]
    tables["rung_fire"] = sorted(map(_plain_line, rung_lines(session)))
    tables["finding"] = sorted(map(_plain_line, finding_lines(session)))
    return tables


def _to_the_minute(line: Line) -> Line:
    key, template, person_id, written_at, state = line
    return [key, template, person_id, str(written_at)[:MINUTE] if template in AT_REST else written_at, state]


def _plain_line(line: Line) -> Line:
    return [_plain(value) for value in line]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def fingerprint(outcome: object) -> str:
    """SHA-256 of the outcome as canonical JSON."""
    text = json.dumps(outcome, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def figures(session: Session, campaign_id: str) -> dict[str, Any]:
    """The business part of ``rehearse --json`` (design, The command line)."""
    villages, duties = count_villages(session, campaign_id), count_duties(session, campaign_id)
    uploads, gates = rows_of(session, UploadRow), rows_of(session, GateRow)
    return {
        "stages": {
            stage.name: {
                "opened": _plain(stage.opened_at),
                "due": _plain(stage.due_at),
                "closed": _plain(stage.closed_at),
            }
            for stage in stages_in_order(session, campaign_id)
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
            "extended": len(rows_of(session, ExtensionRow)),
        },
        "gates": {
            "decided": sum(gate.state == "closed" for gate in gates),
            "returned": sum(gate.answer == "return" for gate in gates),
            "escalated": _escalations(session),
            "deputised": count_deputised(session, campaign_id),
            "second_reviews": sum(gate.name == "second_review" for gate in gates),
            "reconciliations": sum(gate.name == "reconciliation" for gate in gates),
        },
        "recognised": villages["recognised"],
        "not_recognised": villages["not_recognised"],
        "vetoed": villages["vetoed"],
        "lapsed": villages["lapsed"],
        "supplementary": sum(row.supplementary for row in rows_of(session, VillageRow)),
        "returns": _returns(session),
        "visits": _visits(session),
        "recommended": sum(row.recommended for row in rows_of(session, RecommendationRow)),
        "paid_before": sum(row.campaign_id is None for row in rows_of(session, LedgerRow)),
        "awards_total_yuan": sum(row.payable_yuan for row in rows_of(session, LedgerRow) if row.campaign_id),
        "topped_up_yuan": sum(_later(session, "payment")),
        "taken_back_yuan": -sum(_later(session, "recovery")),
        "upper_results": sum(row.kind in RESULTS for row in rows_of(session, CauseRow)),
        "clawbacks": sum(row.kind == "recovery" for row in rows_of(session, LedgerRow) if row.campaign_id),
        "papers": len(rows_of(session, DocumentRow)) + len(rows_of(session, PaperRow)),
        "wakeups": sum(row.wakes for row in rows_of(session, CarrierRow)),
    }


def _later(session: Session, kind: str) -> list[int]:
    """What followed from an entry of its own, after the county's award."""
    return [row.payable_yuan for row in rows_of(session, LedgerRow) if row.cause_id and row.kind == kind]


def _returns(session: Session) -> dict[str, int]:
    """How often dossiers went back, and in how many villages as often as the campaign allows."""
    duties = [
        one for one in rows_of(session, DutyRow) if one.kind == "correction" and one.state != "cancelled"
    ]
    times = Counter((one.campaign_id, one.village_code) for one in duties)
    most = {campaign_id: campaign_of(session, campaign_id).most_returns for campaign_id, _ in times}
    used_up = sum(bool(most[campaign_id]) and n >= most[campaign_id] for (campaign_id, _), n in times.items())
    return {"corrections": len(duties), "at_limit": used_up}


def _visits(session: Session) -> dict[str, int]:
    """Plans, how many visits one of them moved, visits, and those that both have signed."""
    plans = rows_of(session, VisitPlanRow)
    signed = Counter(one.visit_id for one in rows_of(session, VisitSignatureRow))
    return {
        "plans": len(plans),
        "changes": sum(len(one.changes) for one in plans),
        "recorded": len(rows_of(session, VisitRow)),
        "signed_by_two": sum(n > 1 for n in signed.values()),
        "by_lot": len({one.village_code for one in rows_of(session, VisitStopRow) if one.why == "sample"}),
    }


def _escalations(session: Session) -> int:
    return sum(row.template == "gate_late" for row in rows_of(session, OutboxRow))
