"""The inbox, the case at a gate with its score sheet and decision, and the visit to a village."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from actions import gates, scoresheets
from actions.comparing import version_before
from actions.reviews import record_visit
from actions.revising import revise, revision_of
from portal.case_view import PARTIES, REVIEWS, case_of, facts_behind, flags, plain, titles
from portal.doors import Route
from portal.finding import need
from portal.inbox_view import inbox_of
from portal.newer_content import newer_gate, what_came_since
from portal.rendering import UNPROCESSABLE, go, show
from portal.visits import Asked
from records.duties import duty_with_key
from records.gates import attempts_of, decisions_on
from records.lists import payments_of
from records.people import names_of
from records.recommendations import ranking_shown
from records.scores import final_score
from records.store import Session
from records.tables import GateRow, UploadRow
from records.uploads import accepted_upload
from records.visits import visits_to
from rules.campaign import Campaign
from rules.refusals import Refused

FACT, WHY, OFF = "fact:", "why:", "off:"
"""How the fields of a score sheet and of a revised list begin; the fact's key or the village's code follows."""


def show_inbox(asked: Asked) -> Response:
    campaign = need(asked.found.campaign)
    with asked.store.reading() as session:
        entries = inbox_of(session, campaign, asked.person.id, now=asked.now)
        return show(asked, "inbox.html", {"entries": entries, "zone": campaign.zone})


# --- a gate --------------------------------------------------------------------------------------


def show_gate(asked: Asked) -> Response:
    return _gate_page(asked)


def _gate_page(
    asked: Asked, refused: Refused | None = None, more: Mapping[str, Any] | None = None
) -> Response:
    campaign, gate = need(asked.found.campaign), need(asked.found.gate)
    with asked.store.reading() as session:
        facts: dict[str, Any] = {
            "refused": refused,
            "zone": campaign.zone,
            "gate": gate,
            "plan": campaign.gate(gate.name),
            "decisions": decisions_on(session, gate),
            "names": names_of(session),
            "may_decide": gate.state == "open" and asked.may("gate.decide"),
            "answer": asked.field("answer"),
            "reason": asked.field("reason"),
            "may_revise": _awaits_revision(session, gate) and asked.may("gate.revise"),
            "note": asked.field("note"),
            "newer_gate": newer_gate(session, gate, asked),
            "difference": None,
            **(more or {}),
            **CONTENTS.get(gate.name, _case)(session, campaign, gate, asked),
        }
        return show(asked, "gate.html", facts, status=UNPROCESSABLE if refused else 200)


def _awaits_revision(session: Session, gate: GateRow) -> bool:
    duty = revision_of(session, gate)
    return duty is not None and duty.state == "open"


def _case(session: Session, campaign: Campaign, gate: GateRow, asked: Asked) -> Mapping[str, Any]:
    village = campaign.village(gate.village_code)
    oversees = asked.may("board.read")
    earlier = [one for one in reversed(attempts_of(session, gate)) if one.id != gate.id]
    scoring_open = gate.state == "open" and gate.name in REVIEWS and asked.may("gate.score")
    upload = session.get_one(UploadRow, gate.upload_id)
    return {
        "content": "case",
        "village": village,
        "town": campaign.town(village.town_code),
        "upload": upload,
        "case": case_of(session, campaign, gate, oversees=oversees),
        "earlier": [(one, decisions_on(session, one)) for one in earlier],
        "visits": visits_to(session, campaign.id, village.code),
        "may_score": scoring_open,
        "fact_titles": titles(campaign),
        "parties": PARTIES,
        "before": version_before(session, upload),
    }


def _ranking(session: Session, _campaign: Campaign, gate: GateRow, _asked: Asked) -> Mapping[str, Any]:
    return {"content": "ranking", "ranking": ranking_shown(session, gate)}


def _payments(session: Session, _campaign: Campaign, gate: GateRow, _asked: Asked) -> Mapping[str, Any]:
    return {"content": "payments", "payments": payments_of(session, gate)}


CONTENTS = {"recommendation": _ranking, "award": _payments}
"""What a gate is about, where it is not a village's case."""


def save_scores(asked: Asked) -> Response:
    """Keep what differs from the town's numbers, each with its reason."""
    gate = need(asked.found.gate)
    with asked.store.reading() as session:
        claimed = session.get_one(UploadRow, gate.upload_id).facts if gate.upload_id else {}
    done = scoresheets.score(
        asked.store,
        gate_id=gate.id,
        by=asked.person.id,
        adjustments=_changed(asked, claimed),
        reasons=_typed(asked, WHY),
        now=asked.now,
    )
    return _gate_page(asked, done) if isinstance(done, Refused) else go(f"/gates/{gate.id}", said="scored")


def _typed(asked: Asked, start: str) -> dict[str, str]:
    """Fact -> what was typed for it, where anything was."""
    fields = {key.removeprefix(start): asked.field(key) for key in asked.form if key.startswith(start)}
    return {key: value for key, value in fields.items() if value}


def _changed(asked: Asked, claimed: Mapping[str, str]) -> dict[str, str]:
    """Fact -> the number typed, where it is another than the town's, or confirms the town's with a reason.

    A confirmation counts: what another reviewer doubted stands again.
    """
    reasons = _typed(asked, WHY)
    return {
        key: value
        for key, value in _typed(asked, FACT).items()
        if value != plain(claimed.get(key, "0")) or key in reasons
    }


def decide(asked: Asked) -> Response:
    gate = need(asked.found.gate)
    attempt = asked.field("attempt")
    done = gates.decide(
        asked.store,
        gate_id=gate.id,
        attempt=int(attempt) if attempt.isascii() and attempt.isdecimal() else 0,
        by=asked.person.id,
        answer=asked.field("answer"),
        reason=asked.field("reason"),
        seen_hash=asked.field("seen_hash"),
        door="portal",
        now=asked.now,
    )
    if isinstance(done, Refused):
        return _gate_page(asked, done, what_came_since(asked, gate))
    return go(f"/gates/{gate.id}", said="decided")


def put_forward_anew(asked: Asked) -> Response:
    """A list that came back: whoever has a reason beside the name is taken off it."""
    gate = need(asked.found.gate)
    refused = revise(
        asked.store,
        gate_id=gate.id,
        by=asked.person.id,
        excluded=_typed(asked, OFF),
        note=asked.field("note"),
        now=asked.now,
    )
    return _gate_page(asked, refused) if refused else go(f"/gates/{gate.id}", said="revised")


# --- a visit -------------------------------------------------------------------------------------


def show_visit(asked: Asked) -> Response:
    return _visit_page(asked)


def _visit_page(asked: Asked, refused: Refused | None = None) -> Response:
    campaign, village = need(asked.found.campaign), need(asked.found.village)
    with asked.store.reading() as session:
        duty = duty_with_key(session, campaign.id, f"visit:{village.code}")
        claimed = accepted_upload(session, village).facts if duty else {}
        facts = {
            "refused": refused,
            "zone": campaign.zone,
            "village": village,
            "town": campaign.town(village.town_code),
            "duty": duty,
            "visits": visits_to(session, campaign.id, village.code),
            "names": names_of(session),
            "checks": _checklist(campaign, claimed),
            "typed": {key: asked.field(key) for key in asked.form},
            "fact_titles": titles(campaign),
            "final": final_score(session, village),
        }
        return show(asked, "visit.html", facts, status=UNPROCESSABLE if refused else 200)


def _checklist(
    campaign: Campaign, claimed: Mapping[str, str]
) -> list[tuple[str, list[tuple[str, str, str, bool]]]]:
    """(indicator, [(fact, title, claimed, yes or no)]) of all that can be seen on the spot."""
    named, yes_no = titles(campaign), flags(campaign.scheme)
    seen = [one for one in campaign.scheme.indicators if one.items or one.kind == "deduct"]
    return [
        (
            one.name,
            [
                (key, named.get(key, key), plain(claimed.get(key, "0")), key in yes_no)
                for key in facts_behind(one)
            ],
        )
        for one in seen
    ]


def save_visit(asked: Asked) -> Response:
    campaign, village = need(asked.found.campaign), need(asked.found.village)
    with asked.store.reading() as session:
        duty = duty_with_key(session, campaign.id, f"visit:{village.code}")
        claimed = accepted_upload(session, village).facts if duty else {}
    met, notes = asked.field("met"), asked.field("notes")
    refused = record_visit(
        asked.store,
        campaign_id=campaign.id,
        village_code=village.code,
        by=asked.person.id,
        notes=f"{notes}\n会见人员：{met}" if met and notes else notes,
        adjustments=_changed(asked, claimed),
        now=asked.now,
    )
    if refused:
        return _visit_page(asked, refused)
    return go(f"/campaigns/{campaign.id}/inbox", said="visited")


ROUTES = (
    Route("GET", "/campaigns/{campaign_id}/inbox", "inbox", show_inbox),
    Route("GET", "/gates/{gate_id}", "gate.read", show_gate),
    Route("POST", "/gates/{gate_id}/scores", "gate.score", save_scores),
    Route("POST", "/gates/{gate_id}/decisions", "gate.decide", decide),
    Route("POST", "/gates/{gate_id}/revisions", "gate.revise", put_forward_anew),
    Route("GET", "/campaigns/{campaign_id}/villages/{village_code}/visit", "village.visit", show_visit),
    Route("POST", "/campaigns/{campaign_id}/villages/{village_code}/visit", "village.visit", save_visit),
)
