"""Another indicator table on a finished campaign: the same facts scored twice, and who would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rules.campaign.facts import Facts
from rules.campaign.scheme import Scheme
from rules.campaign.scoring import ScoreSheet, fact_keys, score, verdict
from rules.lists.ranking import Candidate, recommend


@dataclass(frozen=True, slots=True)
class Case:
    """A village with the facts that the bureau went by."""

    village_code: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one table makes of a village."""

    total: Fraction
    verdict: str
    recommended: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A village under both tables; ``lines`` are those whose points differ (was, would be; None: no such line)."""

    village_code: str
    was: Outcome
    would_be: Outcome
    lines: Mapping[str, tuple[Fraction | None, Fraction | None]]

    @property
    def changes(self) -> bool:
        """Whether anything that is decided would be another."""
        return (self.was.verdict, self.was.recommended) != (self.would_be.verdict, self.would_be.recommended)


def backtest(old: Scheme, new: Scheme, cases: Sequence[Case], *, quota: int) -> tuple[Change, ...]:
    """Every case under both tables, in the order given; each table with its own lines and the same quota."""
    before, after = (_outcomes(scheme, cases, quota) for scheme in (old, new))
    return tuple(
        Change(
            case.village_code,
            before[case.village_code][0],
            after[case.village_code][0],
            _apart(before[case.village_code][1], after[case.village_code][1]),
        )
        for case in cases
    )


def _outcomes(scheme: Scheme, cases: Sequence[Case], quota: int) -> dict[str, tuple[Outcome, ScoreSheet]]:
    sheets = {case.village_code: score(scheme, case.facts) for case in cases}
    candidates = [
        Candidate(
            case.village_code, sheet.total, sheet.first_part, int(case.facts.get("able_and_willing", 0))
        )
        for case in cases
        if verdict(scheme, sheet := sheets[case.village_code]) == "pass"
    ]
    chosen = {one.village_code for one in recommend(candidates, scheme.recommend_line, quota)}
    return {
        code: (Outcome(sheet.total, verdict(scheme, sheet), code in chosen), sheet)
        for code, sheet in sheets.items()
    }


def _apart(before: ScoreSheet, after: ScoreSheet) -> dict[str, tuple[Fraction | None, Fraction | None]]:
    was, would_be = ({line.indicator_id: line.points for line in sheet.lines} for sheet in (before, after))
    both = {key: (was.get(key), would_be.get(key)) for key in {**was, **would_be}}
    return {key: pair for key, pair in both.items() if pair[0] != pair[1]}


def unknown_facts(new: Scheme, cases: Sequence[Case]) -> tuple[str, ...]:
    """What the new table asks and no dossier of the campaign says: it counts as 0."""
    said = {key for case in cases for key in case.facts}
    return tuple(sorted(fact_keys(new) - {veto.id for veto in new.vetoes} - said))
