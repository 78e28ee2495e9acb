"""What was decided about a case before: every attempt, and what each return asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actions.review.returns import RETURN
from actions.review.score_lines import is_secret_at, seen_at
from records.review.gates import decisions_on
from records.review.return_items import items_of
from records.store import Session
from records.tables.review import DecisionRow, GateRow
from rules.campaign.campaign import Campaign
from rules.review.parties import REVIEWS, Eyes
from rules.review.returns import ReturnItem, subjects, told


@dataclass(frozen=True, slots=True)
class Made:
    """One decision; ``items`` has each thing a return asked for, empty where the reason is all."""

    decision: DecisionRow
    items: Sequence[str]


def earlier_attempts(
    session: Session, campaign: Campaign, gate: GateRow, about: Sequence[GateRow], *, eyes: Eyes
) -> list[tuple[GateRow, Sequence[Made]]]:
    """Among the gates ``about`` its village the other attempts at this gate and, of the other review, those that
    returned the dossier; newest first.

    Whoever sits at an open second review sees nothing of the first one, not even what it returned.
    """
    if is_secret_at(gate, about, eyes=eyes):
        return []
    attempts = [one for one in about if one.name == gate.name and one.id != gate.id]
    if "a" in seen_at(gate, about, eyes=eyes) or gate.name != "second_review":
        attempts += returns_elsewhere(gate, about)
    attempts.sort(key=lambda one: (one.opened_at, one.id), reverse=True)
    return [(one, made_at(session, campaign, one)) for one in attempts]


def returns_elsewhere(gate: GateRow, about: Sequence[GateRow]) -> list[GateRow]:
    others = set(REVIEWS) - {gate.name}
    return [one for one in about if one.name in others and one.answer == RETURN]


def made_at(session: Session, campaign: Campaign, gate: GateRow) -> list[Made]:
    decisions, titles = decisions_on(session, gate), subjects(campaign)
    items = items_of(session, [one.id for one in decisions])
    return [
        Made(one, [told(ReturnItem(item.about, item.sentence), titles) for item in items.get(one.id, ())])
        for one in decisions
    ]
