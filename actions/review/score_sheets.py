"""Score sheets: the town's, the reviewers' with a reason for every difference, and what they add up to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from actions.duties.eligibility import filed_by, first_eyes, refuse_taken_away
from actions.lookup import locked_village
from actions.steps import subject_of
from records import audit
from records.dossiers.drafts import end_draft, keep_draft
from records.dossiers.pictures import photos_of_visits, pictures_of
from records.dossiers.rosters import rows_among
from records.people import people
from records.review.gates import latest_gate, lock_gate
from records.review.scores import newest_sheet, sheet_digest, sheet_row
from records.review.visits import visits_to
from records.store import Session, Store, repeatable
from records.tables.dossiers import UploadRow
from records.tables.people import PersonRow
from records.tables.review import GateRow
from rules.campaign import scoring, scoring_words
from rules.campaign.campaign import Campaign
from rules.campaign.scoring import ScoreSheet
from rules.duties.holding import Post, refuse_post
from rules.entries import exact_texts, read_ratios
from rules.refusals import Refused
from rules.review import grounds
from rules.review.parties import REVIEWS
from rules.review.reconciliation import Dispute, disputes, reconciled


@repeatable
def score(
    store: Store,
    *,
    gate_id: int,
    by: str,
    adjustments: Mapping[str, str],
    reasons: Mapping[str, str],
    now: datetime,
) -> Refused | str:
    """Record a reviewer's score sheet: facts that differ from the town's, each with a reason.

    ``adjustments`` maps a fact (``B1.3``, ``B1.1/2``, ``V2``) to an exact number as text. Returns the
    total as shown. The newest sheet of a party counts; earlier ones stay.
    """
    with store.writing() as session:
        campaign, village = locked_village(session, session.get_one(GateRow, gate_id).subject)
        gate = lock_gate(session, gate_id)
        refused = _refuse_scoring(session, gate, by=by, adjustments=adjustments, reasons=reasons)
        refused = refused or refuse_facts(campaign, adjustments)
        if refused:
            return refused
        adjustments = exact_texts(adjustments)
        upload = session.get_one(UploadRow, gate.upload_id)
        unproven = refuse_vetoes(session, campaign, upload, adjustments, reasons)
        if unproven:
            return unproven
        sheet = sheet_of(campaign, upload, adjustments)
        party = REVIEWS[gate.name]
        row = sheet_row(upload, sheet, party=party, by=by, now=now, adjustments=adjustments, reasons=reasons)
        session.add(row)
        facts = {
            "party": party, "total": row.total, "adjustments": dict(adjustments), "content": sheet_digest(row),
        }  # fmt: skip
        subject = subject_of(campaign.id, village.code)
        audit.note(session, at=now, actor=by, act="score", subject=subject, facts=facts)
        end_draft(session, campaign.id, village.code, by, form=draft_name(gate))
    return scoring_words.rounded(sheet.total)


@repeatable
def keep_sheet_draft(
    store: Store, *, gate_id: int, by: str, typed: Mapping[str, str], now: datetime
) -> Refused | None:
    """Keep what a reviewer has typed into their sheet so far; it scores nothing and goes when the sheet is saved."""
    with store.writing() as session:
        gate = lock_gate(session, gate_id)
        refused = _refuse_scoring(session, gate, by=by, adjustments={}, reasons={})
        if refused:
            return refused
        place = (gate.campaign_id, gate.village_code, by)
        keep_draft(session, store.vault, place, form=draft_name(gate), typed=typed, at=now)
    return None


def draft_name(gate: GateRow) -> str:
    """What the draft of a sheet is called: of exactly this attempt."""
    return f"gate:{gate.id}"


def _refuse_scoring(
    session: Session, gate: GateRow, *, by: str, adjustments: Mapping[str, str], reasons: Mapping[str, str]
) -> Refused | None:
    row = session.get(PersonRow, by)
    if row is None or not row.active or "reviewer" not in row.roles or gate.name not in REVIEWS:
        return Refused("not_reviewer", "只有审核人员可以评分。")
    if gate.state != "open":
        return Refused("gate_closed", "该审批点已经结束，不能再评分。")
    silent = sorted(set(adjustments) - {key for key, reason in reasons.items() if reason.strip()})
    if silent:
        return Refused("no_reason", f"与乡镇(街道)自评不一致的项目必须写明理由：{'、'.join(silent)}。")
    post = Post(
        ("reviewer",),
        gate.town_code,
        filed_by=filed_by(session, gate),
        first_eyes=first_eyes(session, gate),
    )
    return refuse_post(people.as_rule(row), post) or refuse_taken_away(session, gate, by)


def refuse_facts(campaign: Campaign, adjustments: Mapping[str, str]) -> Refused | None:
    exact = read_ratios(adjustments)
    return exact if isinstance(exact, Refused) else scoring.refuse_unknown_facts(campaign.scheme, exact)


def refuse_vetoes(
    session: Session,
    campaign: Campaign,
    upload: UploadRow,
    adjustments: Mapping[str, str],
    reasons: Mapping[str, str],
) -> Refused | None:
    """Why one of the vetoes that are held against a village does not stand on evidence."""
    names = {veto.id: veto.name for veto in campaign.scheme.vetoes}
    for veto in grounds.vetoes_found(campaign.scheme, adjustments):
        named = grounds.named_in(reasons.get(veto, ""))
        there = [*pictures_of(session, upload.id)]
        there += photos_of_visits(session, upload.campaign_id, upload.village_code)
        refused = grounds.refuse_unproven(
            names[veto],
            named,
            rows=rows_among(session, upload.id, named.rows),
            pictures={one.position for one in there},
        )
        if refused:
            return refused
    return None


def sheet_of(campaign: Campaign, upload: UploadRow, *adjustments: Mapping[str, str]) -> ScoreSheet:
    facts: Mapping[str, Fraction | int] = _exact(upload.facts)
    for layer in adjustments:
        facts = scoring.overlay(facts, _exact(layer))
    return scoring.score(campaign.scheme, facts)


def _exact(facts: Mapping[str, str]) -> dict[str, Fraction | int]:
    return {key: Fraction(value) for key, value in facts.items()}


@dataclass(frozen=True, slots=True)
class Opinions:
    """What the two reviewers make of a dossier, each complete and by itself. What was seen on the spot
    corrects the first, who judged the papers before; the second knew it and may have judged otherwise."""

    first: ScoreSheet
    second: ScoreSheet | None
    """None while, or because, no second review has passed the dossier."""

    @property
    def content_hash(self) -> str:
        """Of exactly these points and vetoes; not of how the lines are worded."""
        both = [self.first, *([self.second] if self.second else [])]
        said = [[[line.indicator_id, str(line.points)] for line in one.lines] + [one.vetoes] for one in both]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def opinions_on(session: Session, campaign: Campaign, upload: UploadRow) -> Opinions:
    found = [visit.adjustments for visit in visits_to(session, upload.campaign_id, upload.village_code)]
    first = sheet_of(campaign, upload, _changes(session, upload, "a"), *found)
    gate = _passed_on(session, upload, "second_review", answer="pass")
    if gate is None:
        return Opinions(first, None)
    return Opinions(first, sheet_of(campaign, upload, *found, _changes(session, upload, "b")))


def disputes_on(session: Session, campaign: Campaign, upload: UploadRow) -> tuple[Dispute, ...]:
    """What a third person has to rule on: nothing without a second review, or in a campaign without that gate."""
    held = opinions_on(session, campaign, upload)
    if held.second is None or not campaign.asks("reconciliation"):
        return ()
    return disputes(campaign.scheme, held.first, held.second)


def final_sheet(session: Session, campaign: Campaign, upload: UploadRow) -> ScoreSheet | None:
    """What the bureau's score sheets add up to; None while a third person has yet to rule.

    In a campaign that asks no third person the second review's sheet stands.
    """
    held = opinions_on(session, campaign, upload)
    if held.second is None:
        return held.first
    if not campaign.asks("reconciliation"):
        return held.second
    open_ = {one.id for one in disputes(campaign.scheme, held.first, held.second)}
    ruled = rulings_on(session, upload, held) if open_ else {}
    return reconciled(campaign.scheme, held.first, held.second, ruled) if open_ <= ruled.keys() else None


def rulings_on(session: Session, upload: UploadRow, held: Opinions) -> dict[str, Fraction]:
    """The third person's points by what was in dispute, once they have decided on exactly these opinions."""
    gate = _passed_on(session, upload, "reconciliation", answer="settle")
    made = newest_sheet(session, upload, "ruling")
    if gate is None or made is None or gate.content_hash != held.content_hash:
        return {}
    return {key: Fraction(value) for key, value in made.adjustments.items()}


def _changes(session: Session, upload: UploadRow, party: str) -> Mapping[str, str]:
    made = newest_sheet(session, upload, party)
    return made.adjustments if made else {}


def _passed_on(session: Session, upload: UploadRow, name: str, *, answer: str) -> GateRow | None:
    """The newest gate of this name about the dossier, once it was closed with this answer."""
    gate = latest_gate(session, upload.campaign_id, name, subject_of(upload.campaign_id, upload.village_code))
    if gate is None or gate.upload_id != upload.id:
        return None
    return gate if (gate.state, gate.answer) == ("closed", answer) else None
