"""Another indicator table on past dossiers: who would change, and what nobody can say."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from rules.campaign.scheme import Indicator
from rules.campaign.scoring import score
from rules.lists.backtest import Case, backtest, unknown_facts
from tests.rules.samples import SCHEME

LINE = score(SCHEME, {}).total
OLD = replace(SCHEME, pass_line=LINE, recommend_line=LINE)
CASES = [Case("1", {"able_and_willing": 0}), Case("2", {"V1": 1})]


def test_same_table_changes_nobody() -> None:
    assert [one.changes for one in backtest(OLD, OLD, CASES, quota=1)] == [False, False]


def test_higher_line_changes_who_passes_and_who_is_recommended() -> None:
    first, second = backtest(OLD, replace(OLD, pass_line=LINE + 1), CASES, quota=1)

    assert (first.changes, first.was.verdict, first.would_be.verdict) == (True, "pass", "fail")
    assert (first.was.recommended, first.would_be.recommended, first.lines) == (True, False, {})
    assert (second.changes, second.was.verdict) == (False, "veto")


def test_line_that_one_table_lacks_is_named_with_what_it_asks() -> None:
    extra = Indicator("Z1", "B", "新增", Fraction(3), "per_unit", numerator="new_posts", per_unit=Fraction(1))
    new = replace(OLD, indicators=(*OLD.indicators[1:], extra))

    first, _ = backtest(OLD, new, CASES, quota=1)

    assert first.lines["Z1"] == (None, 0)
    assert first.lines[OLD.indicators[0].id][1] is None
    assert "new_posts" in unknown_facts(new, [Case("1", {"employed": 1})])
    assert "employed" not in unknown_facts(new, [Case("1", {"employed": 1})])
