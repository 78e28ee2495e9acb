"""The receipt of a version: made of rows alone, so that the same receipt can be made again years later."""

from __future__ import annotations

import json
from datetime import datetime
from fractions import Fraction

from actions.lookup import campaign_of
from actions.steps import subject_of
from notifications.wording import day_text, moment_text
from records import audit
from records.dossiers.findings import findings_of
from records.duties.duties import duty_with_key, open_duties
from records.people.people import names_of
from records.review.scores import newest_sheet
from records.store import Session
from records.tables.campaign import CampaignRow, StageRow
from records.tables.dossiers import FindingRow, UploadRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Campaign
from rules.dossiers.checks.findings import messages, shown
from rules.dossiers.dossier import Finding
from rules.dossiers.receipts import NEXT, Read, Receipt, read_back

PROVING = ("hand_in", "judge_upload", "withdraw")
"""The acts that a receipt names; the newest about this version stands on it."""
RESET = ("returned", "withdrawn")
"""States after which the dossier is owed still, by its duty's own date."""


def receipt_of(session: Session, upload: UploadRow) -> Receipt:
    """The receipt of one version as it stands now."""
    campaign = campaign_of(session, upload.campaign_id)
    village = campaign.village(upload.village_code)
    findings = findings_of(session, upload.id)
    proof = _proof(session, upload)
    zone = campaign.zone
    return Receipt(
        campaign=campaign.title,
        county=campaign.county,
        town=campaign.town(village.town_code).name,
        village=village.name,
        village_code=village.code,
        version=upload.version,
        state=upload.state,
        filed_by=names_of(session).get(upload.filed_by, upload.filed_by),
        received=moment_text(upload.received_at, zone),
        late=upload.late,
        checked=moment_text(upload.checked_at, zone) if upload.checked_at else "",
        size=upload.size,
        sha256=upload.sha256,
        forms_version=campaign.forms.version,
        scheme=campaign.scheme.id,
        rules_version=session.get_one(CampaignRow, campaign.id).rules_version,
        errors=sum(one.severity == "error" for one in findings),
        read=_read(session, campaign, upload),
        corrections=_corrections(findings),
        audit_length=proof.seq if proof else 0,
        audit_head=proof.hash if proof else "",
        next_step=NEXT[upload.state].format(due=day_text(_due(session, campaign, upload).date())),
        mark=campaign.scheme.mark,
    )


def _read(session: Session, campaign: Campaign, upload: UploadRow) -> Read | None:
    sheet = newest_sheet(session, upload, "town")
    if sheet is None:
        return None
    return read_back(
        campaign.scheme,
        people=upload.rows,
        lines=sheet.lines,
        total=Fraction(sheet.total),
        vetoes=sheet.vetoes,
    )


def _corrections(findings: list[FindingRow]) -> tuple[str, ...]:
    """What was put right by itself; findings are masked already, and once more here."""
    put_right = [
        Finding(one.code, one.severity, one.sheet, one.ref, one.message)
        for one in findings
        if one.severity == "corrected"
    ]
    return tuple(shown(message) for message in messages(put_right))


def _proof(session: Session, upload: UploadRow) -> AuditRow | None:
    """The newest entry of the audit log about this version: where its chain stood when it was written."""
    about = subject_of(upload.campaign_id, upload.village_code)
    mine = [
        row
        for row in audit.entries(session, about=about)
        if row.subject == about
        and row.act in PROVING
        and json.loads(row.facts).get("version") == upload.version
    ]
    return mine[-1] if mine else None


def _due(session: Session, campaign: Campaign, upload: UploadRow) -> datetime:
    """Until when what comes next is owed: the open duty of the village, else the paper copies, else the stage."""
    owed = [
        duty
        for duty in open_duties(session, campaign.id, village_code=upload.village_code)
        if duty.kind in ("correction", "dossier")
    ]
    stage = session.get_one(StageRow, (campaign.id, "submission"))
    paper = duty_with_key(session, campaign.id, f"paper:{campaign.village(upload.village_code).town_code}")
    due_at = owed[0].due_at if owed and upload.state in RESET else (paper or stage).due_at
    return due_at.astimezone(campaign.zone)
