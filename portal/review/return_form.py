"""The part of a decision that returns a dossier: items ticked or written, more of them or fewer, and a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from actions.review.returns import RETURN, window_of
from actions.review.score_lines import Scores
from portal.web.request import Asked
from records.dossiers.findings import findings_of
from records.store import Session
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from rules.dossiers.checks.findings import grouped
from rules.dossiers.dossier import Finding
from rules.entries import read_row_number
from rules.refusals import Refused
from rules.review.gates import OF_A_VILLAGE
from rules.review.returns import MOST_ITEMS, ReturnItem, Window, subjects

ABOUT, ITEM, DROP, TICK = "about:", "item:", "drop:", "tick:"
FIRST_ROWS = 2
MOST_TICKS = 12
"""So many findings are offered to be ticked; whoever wants more writes them."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that is known to be wrong already: a fact of one's own score sheet, a warning of the checks."""

    key: str
    item: ReturnItem
    title: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class ReturnForm:
    """``rows`` holds what was written so far and at least one empty row."""

    candidates: Sequence[Candidate]
    rows: Sequence[ReturnItem]
    subjects: Mapping[str, str]
    window: Window | Refused
    day: str


def return_form(
    session: Session, campaign: Campaign, gate: GateRow, asked: Asked, scores: Scores
) -> ReturnForm | None:
    """None where the gate has no dossier to return."""
    if gate.name not in OF_A_VILLAGE or RETURN not in dict(campaign.gate(gate.name).answers):
        return None
    titles = subjects(campaign)
    rows = list(written(asked))
    empty = max(1, FIRST_ROWS - len(rows)) if len(rows) < MOST_ITEMS else 0
    return ReturnForm(
        candidates=tuple(candidates(session, campaign, gate, asked, scores)),
        rows=[*rows, *[ReturnItem("", "")] * empty],
        subjects=titles,
        window=window_of(session, campaign, now=asked.now),
        day=asked.field("correct_by"),
    )


def written(asked: Asked) -> Iterator[ReturnItem]:
    """The rows that say anything and are not to be dropped, in their order."""
    numbers = {read_row_number(name.removeprefix(ITEM)) for name in asked.form if name.startswith(ITEM)}
    for number in sorted(numbers):
        sentence = asked.field(f"{ITEM}{number}")
        if sentence and not asked.field(f"{DROP}{number}"):
            yield ReturnItem(asked.field(f"{ABOUT}{number}"), sentence)


def candidates(
    session: Session, campaign: Campaign, gate: GateRow, asked: Asked, scores: Scores
) -> Iterator[Candidate]:
    titles = subjects(campaign)
    for key, item in known(session, campaign, gate, scores):
        title = titles.get(item.about, "")
        yield Candidate(key, item, title, ticked=bool(asked.field(f"{TICK}{key}")))


def known(
    session: Session, campaign: Campaign, gate: GateRow, scores: Scores
) -> Iterator[tuple[str, ReturnItem]]:
    """What this reviewer changed with a reason, and the warnings that the checks gave."""
    for line in scores.lines:
        for fact in line.facts:
            if fact.found and fact.reason:
                sentence = f"{fact.title} {fact.claimed} → {fact.found}：{fact.reason}"
                yield fact.key, ReturnItem(line.indicator.id, sentence)
    forms = {title: form for form, title in campaign.forms.sheets}
    warnings = [
        Finding(one.code, one.severity, one.sheet, one.ref, one.message)
        for one in findings_of(session, gate.upload_id or 0)
        if one.severity == "warning"
    ]
    for number, (one, sentence) in enumerate(grouped(warnings)[:MOST_TICKS]):
        yield f"finding-{number}", ReturnItem(forms.get(one.sheet, ""), sentence)


def items_of(
    session: Session, campaign: Campaign, gate: GateRow, asked: Asked, scores: Scores
) -> list[ReturnItem]:
    """What was ticked, then what was written."""
    ticked = [one.item for one in candidates(session, campaign, gate, asked, scores) if one.ticked]
    return [*ticked, *written(asked)]


def day_of(asked: Asked) -> date | Refused | None:
    return asked.day("correct_by") if asked.field("correct_by") else None
