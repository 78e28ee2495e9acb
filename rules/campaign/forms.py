"""The forms of a dossier as configured: columns, fields, counts and sums; all frozen."""

from __future__ import annotations

from dataclasses import dataclass

CAMPAIGN, LIFE, SURVEY = "campaign", "life", "survey"
SPANS = (CAMPAIGN, LIFE, SURVEY)
"""When a date may be: about this campaign, in somebody's life, on the days of this year's survey."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number counted from the roster: rows where every named column holds one of its values."""

    key: str
    title: str
    where: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A roster column. ``need`` is required, conditional, optional or automatic; ``kind`` is text,
    id_number, choice, choices (several, joined by 、), date, integer."""

    key: str
    title: str
    kind: str
    need: str
    choices: tuple[str, ...] = ()
    needed_when: tuple[str, tuple[str, ...]] | None = None
    width: int = 10
    within: str = CAMPAIGN
    """Of a date: a key of ``SPANS``."""


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled answer of annex 3 or 4; ``count`` names the roster count it must equal."""

    key: str
    title: str
    kind: str
    need: str = "required"
    count: str = ""
    within: str = CAMPAIGN
    """Of a date: a key of ``SPANS``."""


@dataclass(frozen=True, slots=True)
class Ages:
    """Working age of one sex, both ends included; set per year (domain: sources disagree)."""

    sex: str
    youngest: int
    oldest: int


@dataclass(frozen=True, slots=True)
class Sum:
    """Figures of annex 3 that must add up: ``total`` = all of ``plus`` less all of ``minus``."""

    total: str
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()

    def figures(self) -> tuple[str, ...]:
        return (self.total, *self.plus, *self.minus)


@dataclass(frozen=True, slots=True)
class Forms:
    """The four annexes of a dossier as data: sheet titles, roster columns, fields and counts."""

    version: str
    sheets: tuple[tuple[str, str], ...]
    """(key, sheet title) for scores, roster, survey and recommendation."""
    roster: tuple[Column, ...]
    survey: tuple[Field, ...]
    recommendation: tuple[Field, ...]
    counts: tuple[Count, ...]
    ages: tuple[Ages, ...] = ()
    sums: tuple[Sum, ...] = ()
    trial: tuple[str, ...] = ()
    """Codes of findings that are only tried this year: told to the bureau, stopping nobody."""

    def sheet(self, key: str) -> str:
        return dict(self.sheets)[key]
