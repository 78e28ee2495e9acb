"""Reconciliation: a third person rules, with reasons, where two reviewers who did not know of each other differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from actions.campaign.decree import waits_for_calendar
from actions.duties.assignment import seats_for
from actions.duties.eligibility import judges_now, refuse_seat, refuse_taken_away
from actions.duties.endings import overtake
from actions.lookup import campaign_of, locked_village, village_at
from actions.review.content import OVERTAKEN, is_about
from actions.review.gates import open_gate
from actions.review.score_sheets import disputes_on, opinions_on, score
from actions.review.verification import question_about
from actions.steps import Step, subject_of
from records import audit
from records.dossiers.uploads import accepted_upload
from records.review.gates import latest_gate, lock_gate
from records.review.scores import newest_sheet, sheet_digest, sheet_row
from records.store import Session, Store, repeatable
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.people import PersonRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from rules.campaign.scoring_words import plain, rounded
from rules.refusals import Refused
from rules.review.gates import JUDGED_BEFORE
from rules.review.reconciliation import GROUNDS, Dispute, reconciled, ruling

GATE, PARTY = "reconciliation", "ruling"


@waits_for_calendar
@repeatable
def reconciliation(store: Store, *, subject: str, now: datetime) -> str | None:
    """'pass' when the reviewers do not differ or a third person has ruled; None while that is awaited."""
    with store.writing() as session:
        campaign, village = locked_village(session, subject)
        stands = _reconciliation_of(session, campaign, village, subject)
        if stands is not Step.DUE:
            return stands
        upload = accepted_upload(session, village)
        gate = latest_gate(session, campaign.id, GATE, subject)
        if gate is not None:
            overtake(session, campaign, lock_gate(session, gate.id), now=now)
        if not disputes_on(session, campaign, upload):
            return "pass"
        ask_third(session, campaign, village, upload, attempt=gate.attempt + 1 if gate else 1, now=now)
        return None


def reconciliation_stands(session: Session, subject: str) -> str | Step | None:
    """What ``reconciliation`` has come to, or that it is due."""
    campaign, village = village_at(session, subject)
    return _reconciliation_of(session, campaign, village, subject)


def _reconciliation_of(
    session: Session, campaign: Campaign, village: VillageRow, subject: str
) -> str | Step | None:
    upload = accepted_upload(session, village)
    gate = latest_gate(session, campaign.id, GATE, subject)
    if not disputes_on(session, campaign, upload):
        return Step.DUE if gate is not None and gate.state == "open" else "pass"
    asked = opinions_on(session, campaign, upload).content_hash
    if gate is None or not is_about(gate, upload) or gate.content_hash != asked:
        return Step.DUE
    return "pass" if gate.state == "closed" else None


def ask_third(
    session: Session,
    campaign: Campaign,
    village: VillageRow,
    upload: UploadRow,
    *,
    attempt: int,
    now: datetime,
) -> GateRow:
    """Lay both opinions, as they are now, before somebody who gave neither."""
    second = latest_gate(session, campaign.id, "second_review", subject_of(campaign.id, village.code))
    assert second is not None, f"a reconciliation without a second review of upload {upload.id}"
    without = frozenset(one for name in JUDGED_BEFORE[GATE] for one in judges_now(session, second, name))
    question = question_about(
        campaign,
        village,
        name=GATE,
        content_hash=opinions_on(session, campaign, upload).content_hash,
        asked=seats_for(session, campaign.gate(GATE), village, without=without),
        upload=upload,
    )
    return open_gate(session, campaign, question, attempt=attempt, now=now)


def keep_sheet(
    store: Store,
    *,
    gate_id: int,
    by: str,
    numbers: Mapping[str, str],
    reasons: Mapping[str, str],
    now: datetime,
) -> Refused | str:
    """Whatever sheet is written at this gate, for every door: a reviewer's, or the third person's ruling."""
    with store.reading() as session:
        name = session.get_one(GateRow, gate_id).name
    if name == GATE:
        return rule_on(store, gate_id=gate_id, by=by, points=numbers, reasons=reasons, now=now)
    return score(store, gate_id=gate_id, by=by, adjustments=numbers, reasons=reasons, now=now)


@dataclass(frozen=True, slots=True)
class OpenDispute:
    """One thing that two reviewers see differently, as the page asks a third person about it."""

    dispute: Dispute
    why: str
    points: str
    """What this attempt's ruling says so far."""
    reason: str


def open_disputes(session: Session, campaign: Campaign, gate: GateRow) -> list[OpenDispute]:
    """What a reconciliation asks about, with what has been ruled in this attempt; empty at another gate."""
    if gate.name != GATE or gate.upload_id is None:
        return []
    upload = session.get_one(UploadRow, gate.upload_id)
    made = newest_sheet(session, upload, PARTY)
    mine = made if made is not None and made.scored_at >= gate.opened_at else None
    return [
        OpenDispute(
            one,
            GROUNDS[one.why],
            plain(Fraction(mine.adjustments[one.id])) if mine and one.id in mine.adjustments else "",
            mine.reasons.get(one.id, "") if mine else "",
        )
        for one in disputes_on(session, campaign, upload)
    ]


@repeatable
def rule_on(
    store: Store,
    *,
    gate_id: int,
    by: str,
    points: Mapping[str, str],
    reasons: Mapping[str, str],
    now: datetime,
) -> Refused | str:
    """Keep the third person's points, each with a reason, for all that is in dispute; they then decide the gate.

    ``points`` maps an indicator to points as exact text, a veto to 1 or 0. Returns the total as shown.
    """
    with store.writing() as session:
        campaign, _ = locked_village(session, session.get_one(GateRow, gate_id).subject)
        gate = lock_gate(session, gate_id)
        refused = _refuse_ruling(session, gate, by)
        if refused:
            return refused
        upload = session.get_one(UploadRow, gate.upload_id)
        held = opinions_on(session, campaign, upload)
        if held.second is None or held.content_hash != gate.content_hash:
            return OVERTAKEN
        ruled = ruling(disputes_on(session, campaign, upload), points, reasons)
        if isinstance(ruled, Refused):
            return ruled
        sheet = reconciled(campaign.scheme, held.first, held.second, ruled)
        kept = {key: str(value) for key, value in ruled.items()}
        row = sheet_row(upload, sheet, party=PARTY, by=by, now=now, adjustments=kept, reasons=reasons)
        session.add(row)
        facts = {"party": PARTY, "total": row.total, "adjustments": kept, "content": sheet_digest(row)}
        audit.note(session, at=now, actor=by, act="score", subject=gate.subject, facts=facts)
    return rounded(sheet.total)


def _refuse_ruling(session: Session, gate: GateRow, by: str) -> Refused | None:
    row = session.get(PersonRow, by)
    if row is None or not row.active or gate.name != GATE:
        return Refused("not_reviewer", "只有受托裁定的人可以裁定分歧。")
    if gate.state != "open":
        return Refused("gate_closed", "该审批点已经结束，不能再裁定。")
    campaign = campaign_of(session, gate.campaign_id)
    return refuse_seat(session, campaign, gate, row) or refuse_taken_away(session, gate, by)


def refuse_unruled(session: Session, gate: GateRow) -> Refused | None:
    """A third person decides once they have ruled on every dispute, and on nothing that changed since."""
    if gate.name != GATE:
        return None
    campaign, upload = campaign_of(session, gate.campaign_id), session.get_one(UploadRow, gate.upload_id)
    if opinions_on(session, campaign, upload).content_hash != gate.content_hash:
        return OVERTAKEN
    made = newest_sheet(session, upload, PARTY)
    missing = [
        one.name
        for one in disputes_on(session, campaign, upload)
        if made is None or made.scored_at < gate.opened_at or one.id not in made.adjustments
    ]
    if missing:
        return Refused("not_ruled", f"请先对每处分歧写明裁定分值和理由：{'、'.join(missing)}。")
    return None
