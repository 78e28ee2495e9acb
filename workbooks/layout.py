"""Where everything stands in a dossier's workbook: one place for who makes, fills and reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.campaign.facts import item_key
from rules.campaign.forms import Column, Field, Forms
from rules.campaign.scheme import Indicator, Scheme
from rules.campaign.scoring_words import plain
from rules.dossiers.claims import score_key
from rules.dossiers.tolerances import NO, YES

IDENTITY_SHEET = "_identity"
INSTRUCTIONS_SHEET = "填写说明"
IDENTITY_KEYS = ("campaign", "form_version", "town_code", "village_code")
ANCHOR_COLUMN = 4
"""In the identity sheet, from this column on: sheet title, key, row and column of every input."""

TITLE_ROW = 1
PLACE_ROW = 2
HEADER_ROW = 3
FIRST_ROW = 4

LAST_ROSTER_ROW = 5003
"""Choices and formats reach to here; rows below are read all the same."""

SCORE_COLUMNS = (
    ("key", "编号", 9),
    ("name", "指标", 30),
    ("maximum", "满分", 7),
    ("ask", "填报内容", 32),
    ("value", "填报值", 11),
    ("score", "乡镇自评分", 12),
    ("evidence", "证明材料", 20),
)
"""(key, title, width) of annex 1."""

FIELD_COLUMNS = (("number", "序号", 6), ("title", "项目", 32), ("value", "填报值", 34), ("note", "说明", 26))
"""(key, title, width) of annexes 3 and 4."""

ROW_KEY_TITLE = "行标识(勿改)"
"""The hidden column behind the roster's own; filled only where a row was prefilled."""

FLAGS = (YES, NO)

PREFILLED = ("village", "village_code", "town")
"""Fields of annexes 3 and 4 that the template already answers."""


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One row of annex 1. ``score`` is the claim key of the town's points, empty on further rows."""

    key: str
    name: str
    maximum: str
    ask: str
    fills: bool
    choices: tuple[str, ...]
    score: str
    evidence: str


def column_of(columns: tuple[tuple[str, str, int], ...], key: str) -> int:
    """The number of a column, from 1."""
    return next(n for n, (name, _, _) in enumerate(columns, 1) if name == key)


def score_rows(scheme: Scheme, forms: Forms) -> Iterator[ScoreRow]:
    """The rows of annex 1 in order: indicators, bonus, vetoes."""
    titles = {field.key: field.title for field in forms.survey} | {
        count.key: count.title for count in forms.counts
    }
    for indicator in scheme.indicators + scheme.bonus:
        yield from indicator_rows(indicator, titles)
    for veto in scheme.vetoes:
        yield ScoreRow(
            veto.id, f"一票否决:{veto.name}", "—", "有此情形填“是”,没有填“否”", True, FLAGS, "", ""
        )


def indicator_rows(indicator: Indicator, titles: dict[str, str]) -> Iterator[ScoreRow]:
    maximum, points = plain(indicator.maximum), score_key(indicator.id)
    if not indicator.items:
        ask, fills, choices = question(indicator, titles)
        evidence = indicator.evidence
        yield ScoreRow(indicator.id, indicator.name, maximum, ask, fills, choices, points, evidence)
    for number, item in enumerate(indicator.items, 1):
        first = number == 1
        yield ScoreRow(
            key=item_key(indicator, number),
            name=indicator.name if first else "",
            maximum=maximum if first else "",
            ask=ITEM_ASKS[indicator.kind].format(name=item.name, points=plain(item.points)),
            fills=True,
            choices=FLAGS if indicator.kind == "checklist" else (),
            score=points if first else "",
            evidence=indicator.evidence if first else "",
        )


def question(indicator: Indicator, titles: dict[str, str]) -> tuple[str, bool, tuple[str, ...]]:
    """What a row asks, whether the town answers it here, and the choices."""
    if indicator.denominator:
        over, under = (titles.get(key, key) for key in (indicator.numerator, indicator.denominator))
        return f"{over} ÷ {under}(自动核算,不填)", False, ()
    labels = tuple(step.label for step in indicator.tiers if step.label)
    return (ASKS.get(indicator.kind, "填数量") if not labels else "填级别,没有不填"), True, labels


ASKS = {"deduct": "填例数(人数),没有填0", "per_unit": "填次数(份数)", "manual": "填申请分值,没有不填"}
"""By kind of indicator: what the town fills in."""

ITEM_ASKS = {"checklist": "{name}({points}分)", "deduct": "{name}(每例扣{points}分,填例数,没有填0)"}
"""By kind of indicator with items: what the row of an item asks."""


def choices_of(column: Column) -> tuple[str, ...]:
    """The drop-down of a roster column; a column that holds several values has none."""
    return column.choices if column.kind == "choice" else ()


def fields_of(forms: Forms, form: str) -> tuple[Field, ...]:
    return forms.survey if form == "survey" else forms.recommendation
