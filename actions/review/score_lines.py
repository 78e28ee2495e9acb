"""Score sheets side by side, line by line: points by party, how they add up, and the facts behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from records.review.assignments import assigned_to_gate
from records.review.gates import newest_named
from records.review.scores import sheets_beside
from records.store import Session
from records.tables.dossiers import UploadRow
from records.tables.review import GateRow, ScoreRow
from rules.campaign import scoring, scoring_words
from rules.campaign.campaign import Campaign
from rules.campaign.facts import fact_key, item_key
from rules.campaign.rule_words import rule_in_words
from rules.campaign.scheme import Indicator, Scheme
from rules.dossiers.claims import slots
from rules.review.parties import PENDING, REVIEWS, SAID_AT, Eyes, parties_seen

NUMBERS_KEPT = 4096
"""Facts and points in plain words: the same few numbers stand on every page of a case."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One number behind a score: as the town gave it, and as the person at this page changed it."""

    key: str
    title: str
    claimed: str
    found: str
    reason: str
    flag: bool
    """Yes or no instead of a number."""
    counted: bool = False
    """Whether it is a count of the roster's rows."""


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator: points by party with how they add up, and the facts behind them."""

    indicator: Indicator
    points: Mapping[str, str]
    notes: Mapping[str, str]
    reasons: tuple[tuple[str, str, str], ...]
    """(party, what it changed, why)."""
    facts: tuple[Fact, ...]
    rule: str = ""
    """How the points come about, in words."""

    @property
    def differs(self) -> bool:
        return len(set(self.points.values())) > 1

    @property
    def agreed(self) -> bool:
        """Whether at least two have scored it, all alike and without a word."""
        return len(self.points) > 1 and not self.differs and not self.reasons


@dataclass(frozen=True, slots=True)
class Scores:
    """``sheets`` holds only the parties that whoever looks may see."""

    sheets: Mapping[str, ScoreRow]
    lines: tuple[Line, ...]
    vetoes: tuple[Fact, ...]
    veto_reasons: tuple[tuple[str, str, str], ...]


def scores_at(
    session: Session, campaign: Campaign, gate: GateRow, about: Sequence[GateRow], *, eyes: Eyes
) -> Scores:
    """The sheets of a village's dossier as a gate shows them; ``about`` is every gate about the village."""
    assert gate.upload_id is not None
    upload = session.get_one(UploadRow, gate.upload_id)
    seen = seen_at(gate, about, eyes=eyes)
    made = sheets_beside(session, upload)
    sheets = {party: made[party] for party in seen if party in made}
    own, named = sheets.get(REVIEWS.get(gate.name, "")), titles(campaign)
    facts = {fact.key: fact for fact in _facts(campaign, upload, own, named)}
    indicators = (*campaign.scheme.indicators, *campaign.scheme.bonus)
    return Scores(
        sheets=sheets,
        lines=tuple(_line(one, sheets, facts, named) for one in indicators),
        veto_reasons=tuple(
            said
            for veto in campaign.scheme.vetoes
            for said in (*_reasons([veto.id], sheets, facts), *_rulings(veto.id, sheets, veto=veto.name))
        ),
        vetoes=tuple(facts[veto.id] for veto in campaign.scheme.vetoes),
    )


def eyes_of(
    session: Session, gate: GateRow, about: Sequence[GateRow], person_id: str, *, oversees: bool
) -> Eyes:
    """As whom a person looks at a gate: who gives the second review now is blind at every other one."""
    second = newest_named("second_review", about)
    if second and second.state in PENDING and person_id in assigned_to_gate(session, second):
        return Eyes.ASKED if gate.id == second.id else Eyes.BLIND
    return Eyes.OVERSEER if oversees else Eyes.ASKED


def seen_at(gate: GateRow, about: Sequence[GateRow], *, eyes: Eyes) -> tuple[str, ...]:
    """Whose sheets may be seen at this gate now."""
    second = newest_named("second_review", about)
    state = second.state if second else ""
    return parties_seen(gate.name, open_=gate.state == "open", second=state, eyes=eyes)


def is_secret_at(gate: GateRow, about: Sequence[GateRow], *, eyes: Eyes) -> bool:
    """Whether the reasons given at this gate may not be seen now: they say as much as a sheet."""
    return SAID_AT.get(gate.name, "town") not in seen_at(gate, about, eyes=eyes)


def _line(
    indicator: Indicator,
    sheets: Mapping[str, ScoreRow],
    facts: Mapping[str, Fact],
    named: Mapping[str, str],
) -> Line:
    mine = {
        party: sheet.lines[indicator.id] for party, sheet in sheets.items() if indicator.id in sheet.lines
    }
    return Line(
        indicator=indicator,
        points={party: _rounded(points) for party, (points, _) in mine.items()},
        notes={party: note for party, (_, note) in mine.items()},
        reasons=(*_reasons(facts_behind(indicator), sheets, facts), *_rulings(indicator.id, sheets)),
        facts=tuple(facts[key] for key in facts_behind(indicator) if key in facts),
        rule=rule_in_words(indicator, named),
    )


def _reasons(
    keys: Iterable[str], sheets: Mapping[str, ScoreRow], facts: Mapping[str, Fact]
) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (
            party,
            f"{facts[key].title} {facts[key].claimed} → {plain(sheet.adjustments[key])}",
            sheet.reasons[key],
        )
        for key in keys
        for party, sheet in sheets.items()
        if party != "ruling" and key in sheet.adjustments and key in sheet.reasons
    )


def _rulings(
    about: str, sheets: Mapping[str, ScoreRow], *, veto: str = ""
) -> tuple[tuple[str, str, str], ...]:
    """What a third person said of an indicator or a veto: points, not facts."""
    made = sheets.get("ruling")
    if made is None or about not in made.adjustments:
        return ()
    held = "成立" if made.adjustments[about] == "1" else "不成立"
    said = f"{veto}{held}" if veto else f"{plain(made.adjustments[about])}分"
    return (("ruling", said, made.reasons.get(about, "")),)


def facts_behind(indicator: Indicator) -> list[str]:
    items = [item_key(indicator, number) for number in range(1, len(indicator.items) + 1)]
    both = [fact_key(indicator), indicator.denominator]
    return items or [key for key in both if key]


def titles(campaign: Campaign) -> dict[str, str]:
    """Fact -> what it is called in the forms."""
    named = {slot.fact: slot.title for slot in slots(campaign.scheme)}
    fields = {field.key: field.title for field in campaign.forms.survey}
    counts = {count.key: count.title for count in campaign.forms.counts}
    return {**fields, **named, **counts}


def flags(scheme: Scheme) -> frozenset[str]:
    """Facts that are yes or no."""
    vetoes = {veto.id for veto in scheme.vetoes}
    return frozenset(vetoes | {key for one in scheme.indicators if one.items for key in facts_behind(one)})


def _facts(
    campaign: Campaign, upload: UploadRow, own: ScoreRow | None, named: Mapping[str, str]
) -> Iterator[Fact]:
    yes_no = flags(campaign.scheme)
    counts = {one.key for one in campaign.forms.counts}
    for key in sorted(scoring.fact_keys(campaign.scheme)):
        yield Fact(
            key=key,
            title=named.get(key, key),
            claimed=plain(upload.facts.get(key, "0")),
            found=plain(own.adjustments[key]) if own and key in own.adjustments else "",
            reason=own.reasons.get(key, "") if own else "",
            flag=key in yes_no,
            counted=key in counts,
        )


@lru_cache(NUMBERS_KEPT)
def _rounded(points: str) -> str:
    return scoring_words.rounded(Fraction(points))


@lru_cache(NUMBERS_KEPT)
def plain(number: str) -> str:
    """A fact as people write it; a fraction that two decimals cannot show stays a fraction."""
    exact = Fraction(number)
    shown = scoring_words.plain(exact)
    return shown if Fraction(shown) == exact else number
