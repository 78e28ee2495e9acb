"""A gate: the case before its reviewers, the score sheet, the decision, and what a coordinator can do."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.responses import Response

from actions.dossiers.differences import version_before
from actions.lists.recommendation import sensitivity
from actions.lists.revision import revise, revision_of
from actions.review import decisions as decision_acts
from actions.review import reconciliation, reopening
from actions.review.recorded_answers import object_until, seats_asked
from actions.review.score_lines import Line, Scores, eyes_of, is_secret_at, scores_at, titles
from actions.review.score_sheets import draft_name, keep_sheet_draft
from actions.runs.why_waiting import why_owed
from portal.review.earlier import earlier_attempts
from portal.review.inbox import Entry, inbox_of
from portal.review.newer import newer_gate, what_came_since
from portal.review.pictures import Evidence, evidence_of, photos_by_visit
from portal.review.return_form import day_of, items_of, return_form
from portal.review.score_form import FACT, OFF, WHY, changed, sheet_fields, typed
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from records.dossiers.drafts import draft_row, typed_in
from records.lists.lists import payments_of
from records.lists.recommendations import ranking_shown
from records.people.people import Names
from records.review.gates import decisions_on, gates_beside, seat_duties
from records.review.objections import objections_at
from records.review.reopenings import reopening_of
from records.review.visits import visits_to
from records.store import Session
from records.tables.dossiers import UploadRow
from records.tables.review import DecisionRow, GateRow, ObjectionRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from rules.review.parties import PARTIES, REVIEWS, Eyes
from rules.review.returns import ReturnItem
from rules.review.visits import MET


def show_gate(asked: Asked) -> Response:
    return gate_page(asked)


def gate_page(
    asked: Asked, refused: Refused | None = None, more: Mapping[str, Any] | None = None
) -> Response:
    campaign, gate = need(asked.found.campaign), need(asked.found.gate)
    with asked.store.reading() as session:
        about, decisions = gates_beside(session, gate), decisions_on(session, gate)
        facts: dict[str, Any] = {
            "refused": refused,
            "zone": campaign.zone,
            "gate": gate,
            "plan": campaign.gate(gate.name),
            "decisions": decisions,
            "secret": is_secret_at(gate, about, eyes=_eyes(session, gate, about, asked)),
            "names": Names(session),
            "may_decide": _may_decide(gate, asked),
            "answer": asked.field("answer"),
            "reason": asked.field("reason"),
            "may_revise": asked.may("gate.revise") and _awaits_revision(session, gate),
            "note": asked.field("note"),
            "next_case": _next_case(session, campaign, decisions, asked),
            "newer_gate": newer_gate(session, gate, about, asked),
            "difference": None,
            **coordination_of(session, campaign, gate, asked, decisions),
            **(more or {}),
            **CONTENTS.get(gate.name, _case)(session, campaign, gate, about, asked),
        }
        return show(asked, "review/gate.html", facts, status=UNPROCESSABLE if refused else 200)


def _may_decide(gate: GateRow, asked: Asked) -> bool:
    return gate.state == "open" and asked.may("gate.decide")


def _next_case(
    session: Session, campaign: Campaign, decisions: Sequence[DecisionRow], asked: Asked
) -> Entry | None:
    """What waits next for whoever has decided here."""
    if asked.person.id not in {one.person_id for one in decisions}:
        return None
    return next(iter(inbox_of(session, campaign, asked.person.id, now=asked.now)), None)


def _awaits_revision(session: Session, gate: GateRow) -> bool:
    duty = revision_of(session, gate)
    return duty is not None and duty.state == "open"


def _eyes(session: Session, gate: GateRow, about: Sequence[GateRow], asked: Asked) -> Eyes:
    return eyes_of(session, gate, about, asked.person.id, oversees=asked.may("board.read"))


def _case(
    session: Session, campaign: Campaign, gate: GateRow, about: Sequence[GateRow], asked: Asked
) -> Mapping[str, Any]:
    village = campaign.village(gate.village_code)
    # Held here, so that whoever asks for it below finds it at hand.
    upload = session.get_one(UploadRow, gate.upload_id)
    eyes = _eyes(session, gate, about, asked)
    scores = scores_at(session, campaign, gate, about, eyes=eyes)
    scoring_open = gate.state == "open" and gate.name in REVIEWS and asked.may("gate.score")
    evidence = evidence_of(session, gate.upload_id) if gate.upload_id else None
    disputes = {one.dispute.id: one for one in reconciliation.open_disputes(session, campaign, gate)}
    fields, drafted_at = _typed(session, gate, asked)
    agreed = [] if scoring_open else agreed_lines(scores, disputes, evidence)
    return {
        "content": "case",
        "village": village,
        "town": campaign.town(village.town_code),
        "upload": upload,
        "scores": scores,
        "weighed": [line for line in scores.lines if line not in agreed],
        "agreed": agreed,
        "returning": return_form(session, campaign, gate, asked, scores)
        if _may_decide(gate, asked)
        else None,
        "earlier": earlier_attempts(session, campaign, gate, about, eyes=eyes),
        "visits": visits_to(session, campaign.id, village.code),
        "photos": photos_by_visit(session, campaign.id, village.code),
        "evidence": evidence,
        "roles_met": MET,
        "may_score": scoring_open,
        "fields": fields,
        "are_touched": lambda facts: any(
            fact.found or f"{FACT}{fact.key}" in fields or f"{WHY}{fact.key}" in fields for fact in facts
        ),
        "drafted_at": drafted_at if scoring_open else None,
        "may_list": asked.may("roster.read"),
        "may_compare": bool(campaign.business) and asked.may("business.read"),
        "may_explain": asked.may("village.explain"),
        "disputes": disputes,
        "may_rule": gate.name == reconciliation.GATE and _may_decide(gate, asked),
        "fact_titles": titles(campaign),
        "parties": PARTIES,
        "before": version_before(session, upload),
    }


def agreed_lines(scores: Scores, disputes: Container[str], evidence: Evidence | None) -> list[Line]:
    """The lines on which there is nothing to weigh: all say the same, nothing is in dispute, no picture is odd."""
    beside = evidence.beside if evidence else {}
    odd = {indicator for indicator, pictures in beside.items() if any(one.elsewhere for one in pictures)}
    return [
        line
        for line in scores.lines
        if line.agreed and line.indicator.id not in disputes and line.indicator.id not in odd
    ]


def _ranking(session: Session, campaign: Campaign, gate: GateRow, *_: object) -> Mapping[str, Any]:
    swaps = sensitivity(session, campaign) if gate.state == "open" else []
    return {"content": "ranking", "ranking": ranking_shown(session, gate), "swaps": swaps}


def _payments(session: Session, _campaign: Campaign, gate: GateRow, *_: object) -> Mapping[str, Any]:
    return {"content": "payments", "payments": payments_of(session, gate)}


DRAFT = "draft"
CONTENTS = {"recommendation": _ranking, "award": _payments}
"""What a gate is about, where it is not a village's case."""


def save_scores(asked: Asked) -> Response:
    """Keep what differs from the town's numbers, each with its reason; what cannot be kept yet stays a draft."""
    gate = need(asked.found.gate)
    if asked.field("act") == DRAFT:
        refused = _keep_draft(asked, gate)
        return gate_page(asked, refused) if refused else go(f"/gates/{gate.id}", said="draft_kept")
    with asked.store.reading() as session:
        claimed = session.get_one(UploadRow, gate.upload_id).facts if gate.upload_id else {}
    ruling = gate.name == reconciliation.GATE
    done = reconciliation.keep_sheet(
        asked.store,
        gate_id=gate.id,
        by=asked.person.id,
        numbers=typed(asked, FACT) if ruling else changed(asked, claimed),
        reasons=typed(asked, WHY),
        now=asked.now,
    )
    if isinstance(done, Refused):
        _keep_draft(asked, gate)
        return gate_page(asked, done)
    return go(f"/gates/{gate.id}", said="scored")


def _keep_draft(asked: Asked, gate: GateRow) -> Refused | None:
    return keep_sheet_draft(
        asked.store, gate_id=gate.id, by=asked.person.id, typed=sheet_fields(asked), now=asked.now
    )


def _typed(session: Session, gate: GateRow, asked: Asked) -> tuple[Mapping[str, str], datetime | None]:
    """What stands in the fields of the sheet: as it was just sent, else as the draft has it, and since when."""
    place = (gate.campaign_id, gate.village_code, asked.person.id)
    draft = draft_row(session, *place, form=draft_name(gate))
    sent = sheet_fields(asked)
    return sent or typed_in(asked.store.vault, draft), draft.saved_at if draft else None


def decide(asked: Asked) -> Response:
    """Record the decision; a press on the other button only changes how many items there are."""
    campaign, gate = need(asked.found.campaign), need(asked.found.gate)
    if asked.field("items"):
        return gate_page(asked)
    day = day_of(asked)
    if isinstance(day, Refused):
        return gate_page(asked, day)
    done = decision_acts.decide(
        asked.store,
        gate_id=gate.id,
        attempt=asked.number("attempt"),
        by=asked.person.id,
        answer=asked.field("answer"),
        reason=asked.field("reason"),
        seen_hash=asked.field("seen_hash"),
        door="portal",
        now=asked.now,
        items=_items(campaign, gate, asked),
        correct_by=day,
    )
    if isinstance(done, Refused):
        return gate_page(asked, done, what_came_since(asked, gate))
    return go(f"/gates/{gate.id}", said="decided")


def _items(campaign: Campaign, gate: GateRow, asked: Asked) -> list[ReturnItem]:
    if gate.name in CONTENTS:
        return []
    with asked.store.reading() as session:
        about = gates_beside(session, gate)
        scores = scores_at(session, campaign, gate, about, eyes=_eyes(session, gate, about, asked))
        return items_of(session, campaign, gate, asked, scores)


def put_forward_anew(asked: Asked) -> Response:
    """A list that came back: whoever has a reason beside the name is taken off it."""
    gate = need(asked.found.gate)
    refused = revise(
        asked.store,
        gate_id=gate.id,
        by=asked.person.id,
        excluded=typed(asked, OFF),
        note=asked.field("note"),
        now=asked.now,
    )
    return gate_page(asked, refused) if refused else go(f"/gates/{gate.id}", said="revised")


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer that a coordinator wrote down, until when it may be objected to, and the objection."""

    decision: DecisionRow
    until: datetime
    objection: ObjectionRow | None


def coordination_of(
    session: Session, campaign: Campaign, gate: GateRow, asked: Asked, decisions: Sequence[DecisionRow]
) -> Mapping[str, Any]:
    recorded = recorded_at(session, campaign, gate, decisions)
    planned = (
        reopening.preview(session, gate) if asked.may("gate.reopen") and gate.state == "closed" else None
    )
    seats = seats_asked(session, gate) if asked.may("gate.record_phone") and gate.state == "open" else {}
    return {
        "whys": [
            why_owed(session, campaign, duty, now=asked.now)
            for duty in seat_duties(session, gate).values()
            if duty.state == "open"
        ]
        if asked.may("board.read")
        else [],
        "recorded": recorded,
        "mine_recorded": _mine(recorded, asked),
        "reopened": reopening_of(session, gate),
        "reopening": planned,
        "may_not_reopen": planned.reason if isinstance(planned, Refused) else "",
        "phone_seats": {seat: person for seat, person in seats.items() if person != asked.person.id},
        "typed": {name: asked.field(name) for name in ("person", "call_note", "words", "why_again")},
    }


def recorded_at(
    session: Session, campaign: Campaign, gate: GateRow, decisions: Sequence[DecisionRow]
) -> dict[int, Recorded]:
    """Decision -> how it was recorded, of those at this gate that came by telephone."""
    by_phone = [one for one in decisions if one.recorded_by]
    objections = objections_at(session, gate) if by_phone else {}
    return {
        one.id: Recorded(one, object_until(session, campaign, one), objections.get(one.id))
        for one in by_phone
    }


def _mine(recorded: Mapping[int, Recorded], asked: Asked) -> Recorded | None:
    """An answer recorded in this person's name to which they may still object."""
    return next(
        (
            one
            for one in recorded.values()
            if one.decision.person_id == asked.person.id and one.objection is None and asked.now <= one.until
        ),
        None,
    )


ROUTES = (
    Route("GET", "/gates/{gate_id}", "gate.read", show_gate),
    Route("POST", "/gates/{gate_id}/scores", "gate.score", save_scores),
    Route("POST", "/gates/{gate_id}/decisions", "gate.decide", decide),
    Route("POST", "/gates/{gate_id}/revisions", "gate.revise", put_forward_anew),
)
