"""Recognition: the bureau decides on exactly this score sheet (notice, five, three)."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from actions.campaign.decree import waits_for_calendar
from actions.duties.assignment import seats_for
from actions.duties.endings import end_owed, overtake
from actions.lookup import SETTLED_STATES, locked_village, move_village, village_at
from actions.review.content import fingerprint_of, still_counts, vetoes_of
from actions.review.gates import open_gate
from actions.review.reconciliation import reconciliation_stands
from actions.review.score_sheets import final_sheet
from actions.review.verification import desk_review_stands, question_about, second_review_stands
from actions.steps import Step
from records import audit, outbox
from records.dossiers.uploads import accepted_upload
from records.duties.duties import duties_awaited
from records.people import people
from records.review.gates import decisions_on, latest_gate, lock_gate
from records.review.scores import final_score, sheet_row
from records.store import Session, Store, repeatable
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.review import GateRow, ScoreRow
from rules.campaign import scoring_words
from rules.campaign.campaign import Campaign

DECIDED = "decided"
"""The bureau would recognise it, and that is made public first."""


@waits_for_calendar
@repeatable
def recognition(store: Store, *, subject: str, now: datetime) -> str | None:
    """The village's final state once the bureau has decided on what counts now; None while it has not.

    A decision on anything else is overtaken, and the bureau is asked anew.
    """
    with store.writing() as session:
        campaign, village = locked_village(session, subject)
        stands = _recognition_of(session, campaign, village, subject)
        if stands is not Step.DUE:
            return stands
        if not _reviews_stand(session, subject):
            return None
        gate = latest_gate(session, campaign.id, "recognition", subject)
        if gate is not None and gate.state == "closed" and still_counts(session, campaign, village, gate):
            if is_public_first(campaign, gate):
                return DECIDED
            return conclude(session, campaign, village, gate, now)
        if gate is not None:
            overtake(session, campaign, lock_gate(session, gate.id), now=now)
        attempt = gate.attempt + 1 if gate else 1
        ask_bureau(session, campaign, village, accepted_upload(session, village), attempt=attempt, now=now)
        return None


def recognition_stands(session: Session, subject: str) -> str | Step | None:
    """What ``recognition`` has come to, or that it is due."""
    campaign, village = village_at(session, subject)
    return _recognition_of(session, campaign, village, subject)


def _recognition_of(
    session: Session, campaign: Campaign, village: VillageRow, subject: str
) -> str | Step | None:
    if village.state in SETTLED_STATES:
        return village.state
    gate = latest_gate(session, village.campaign_id, "recognition", subject)
    counts = gate is not None and still_counts(session, campaign, village, gate)
    if gate is not None and gate.state == "closed" and counts and is_public_first(campaign, gate):
        return DECIDED if _reviews_stand(session, subject) else None
    return None if gate is not None and gate.state == "open" and counts else Step.DUE


def _reviews_stand(session: Session, subject: str) -> bool:
    """Whether they still say so: one may have been asked anew since this wake has looked."""
    papers = desk_review_stands(session, subject)
    if papers == "veto":
        return True
    return papers == "pass" and all(
        stands(session, subject) == "pass" for stands in (second_review_stands, reconciliation_stands)
    )


def ask_bureau(
    session: Session,
    campaign: Campaign,
    village: VillageRow,
    upload: UploadRow,
    *,
    attempt: int,
    now: datetime,
) -> GateRow:
    """Lay the final score sheet, as it adds up now, before the bureau."""
    final = _final_sheet(session, campaign, upload, now)
    asked = seats_for(session, campaign.gate("recognition"), village)
    question = question_about(
        campaign,
        village,
        name="recognition",
        content_hash=fingerprint_of(upload, final),
        asked=asked,
        upload=upload,
    )
    return open_gate(session, campaign, question, attempt=attempt, now=now)


def _final_sheet(session: Session, campaign: Campaign, upload: UploadRow, now: datetime) -> ScoreRow:
    sheet = final_sheet(session, campaign, upload)
    assert sheet is not None, f"recognition asked before a third person ruled on upload {upload.id}"
    row = sheet_row(upload, sheet, party="final", by="system", now=now)
    session.add(row)
    session.flush()
    return row


def is_public_first(campaign: Campaign, gate: GateRow) -> bool:
    """Whether this decision is made public before it holds."""
    return bool(campaign.publicity_workdays) and gate.answer == "recognise"


def conclude(session: Session, campaign: Campaign, village: VillageRow, gate: GateRow, now: datetime) -> str:
    final = final_score(session, village)
    assert final is not None
    act = "veto" if gate.answer == "refuse" and vetoes_of(session, village) else str(gate.answer)
    move_village(village, act)
    left = duties_awaited(session, gate.carrier_kind, gate.carrier_subject)
    end_owed(session, campaign, left, why="该社区(村)的认定已有结果。", now=now)
    total = scoring_words.rounded(Fraction(final.total))
    recognised = village.state == "recognised"
    reasons = [one.reason for one in decisions_on(session, gate) if one.reason]
    for clerk in people.with_role(session, "town_clerk", town_code=village.town_code):
        outbox.post(
            session,
            key=f"{campaign.id}:recognition:{village.code}{_again(gate)}:{clerk.id}",
            campaign_id=campaign.id,
            template="village_recognised" if recognised else "village_refused",
            person_id=clerk.id,
            facts={
                "town": campaign.town(village.town_code).name,
                "village": village.name,
                "score": total,
                "reasons": reasons,
            },
            at=now,
        )
    audit.note(
        session, at=now, actor="system", act=village.state, subject=gate.subject, facts={"total": final.total}
    )
    return village.state


def _again(gate: GateRow) -> str:
    """The first result is told under the plain key; each later attempt under one of its own."""
    return f"#{gate.attempt}" if gate.attempt > 1 else ""
