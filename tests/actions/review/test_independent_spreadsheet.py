"""Scores of 200 generated villages against a spreadsheet that knows nothing of the program: LibreOffice reckons."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import openpyxl
from openpyxl.utils import get_column_letter

from rules.campaign.campaign import Campaign
from rules.campaign.scheme import Indicator
from rules.campaign.scoring import ScoreSheet, score
from rules.campaign.scoring_words import rounded
from tests.workbooks.office import converted, needs_office

VILLAGES = 200
Facts = dict[str, int]
Cell = Callable[[str], str]
"""Fact -> the address of its cell in the row that is being written."""


def exact(number: Fraction | None) -> tuple[int, int]:
    assert number is not None
    return number.numerator, number.denominator


def reaches(one: Indicator, at: Cell, limit: Fraction | None) -> str:
    """Whether the ratio or the number reaches a limit, in whole numbers alone."""
    over, under = exact(limit)
    whole = at(one.denominator) if one.denominator else "1"
    return f"{at(one.numerator or one.id)}*{under}>={over}*{whole}"


def tiers(one: Indicator, at: Cell) -> str:
    said = "0"
    for step in sorted(one.tiers, key=lambda step: step.points):
        said = f"IF({reaches(one, at, step.at_least)},{float(step.points)},{said})"
    return said


def steps(one: Indicator, at: Cell) -> str:
    over, under = exact(one.full_at)
    low, below = exact(one.zero_below)
    n, d, each = at(one.numerator), at(one.denominator), float(one.per_point or 0)
    missing = f"(100*({over}*{d}-{under}*{n}))"
    # Whole or part percentage points, rounded up without a fraction in between.
    short = f"(QUOTIENT({missing},{under}*{d})+IF(MOD({missing},{under}*{d})>0,1,0))"
    full = float(one.maximum)
    return f"IF({n}*{below}<{low}*{d},0,IF({missing}<=0,{full},MAX(0,{full}-{each}*{short})))"


def cases(one: Indicator, at: Cell) -> str:
    return f"MAX(0,{float(one.maximum)}-{float(one.per_case or 0)}*{at(one.numerator or one.id)})"


def ticks(one: Indicator, at: Cell) -> str:
    found = (f"IF({at(f'{one.id}/{n}')}>0,{float(item.points)},0)" for n, item in enumerate(one.items, 1))
    return f"MIN({float(one.maximum)},{'+'.join(found)})"


def units(one: Indicator, at: Cell) -> str:
    return f"MIN({float(one.maximum)},{float(one.per_unit or 0)}*{at(one.numerator or one.id)})"


def judged(one: Indicator, at: Cell) -> str:
    return f"MAX(0,MIN({float(one.maximum)},{at(one.numerator or one.id)}))"


FORMULAS: Mapping[str, Callable[[Indicator, Cell], str]] = {
    "tier": tiers,
    "step": steps,
    "deduct": cases,
    "checklist": ticks,
    "per_unit": units,
    "manual": judged,
}
"""The kinds that the sample uses, written from its table and not from the program."""


def village(campaign: Campaign, dice: random.Random) -> Facts:
    """Numbers that a village may have; ratios fall on their limits again and again, denominators on 0."""
    facts: Facts = {}
    for one in (*campaign.scheme.indicators, *campaign.scheme.bonus):
        for number, _ in enumerate(one.items, 1):
            facts[f"{one.id}/{number}"] = dice.randint(0, 1)
        if one.denominator:
            facts.setdefault(one.denominator, dice.choice([0, 1, 20, 25, 100, 530, dice.randint(1, 900)]))
            limits = [one.full_at, one.zero_below, *(step.at_least for step in one.tiers)]
            limit = dice.choice([each for each in limits if each is not None])
            near = int(facts[one.denominator] * limit) + dice.randint(-3, 3)
            facts.setdefault(one.numerator, max(0, near))
        elif not one.items:
            facts.setdefault(one.numerator or one.id, dice.randint(0, 8))
    return facts


def spreadsheet(campaign: Campaign, villages: list[Facts]) -> bytes:
    book, names = openpyxl.Workbook(), sorted({name for one in villages for name in one})
    sheet = book.active
    assert sheet is not None
    main, extra = campaign.scheme.indicators, campaign.scheme.bonus
    place = {name: get_column_letter(number) for number, name in enumerate(names, 1)}
    first = len(names) + 1
    for row, facts in enumerate(villages, 1):
        for number, name in enumerate(names, 1):
            sheet.cell(row, number, facts[name])

        def at(name: str, row: int = row) -> str:
            return f"{place[name]}{row}"

        for number, one in enumerate((*main, *extra), first):
            points = FORMULAS[one.kind](one, at)
            empty = float(one.maximum) if one.when_empty == "full" else 0
            guarded = f"IF({at(one.denominator)}=0,{empty},{points})" if one.denominator else points
            sheet.cell(row, number, f"={guarded}")
        ends = [get_column_letter(column) for column in (first, first + len(main) - 1, first + len(main))]
        last = get_column_letter(first + len(main) + len(extra) - 1)
        bonus = f"MIN({float(campaign.scheme.bonus_cap)},SUM({ends[2]}{row}:{last}{row}))"
        total = first + len(main) + len(extra)
        sheet.cell(row, total, f"=SUM({ends[0]}{row}:{ends[1]}{row})+{bonus}")
        sheet.cell(row, total + 1, f'=TEXT({get_column_letter(total)}{row},"0.00")')
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def reckoned(data: bytes, width: int) -> Iterator[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True).active
    assert sheet is not None
    for row in sheet.iter_rows(values_only=True):
        cells: list[object] = [value for value in row if value is not None]
        yield cells[-width:]


def ours(campaign: Campaign, sheet: ScoreSheet) -> list[object]:
    return [*(line.points for line in sheet.lines), sheet.total, rounded(sheet.total)]


@needs_office
def test_scores_of_200_villages_equal_an_independent_spreadsheet_to_the_last_digit(
    campaign: Campaign, tmp_path: Path
) -> None:
    dice = random.Random(20201115)
    villages = [village(campaign, dice) for _ in range(VILLAGES)]
    mine = [ours(campaign, score(campaign.scheme, facts)) for facts in villages]

    made = converted(spreadsheet(campaign, villages), tmp_path, "xlsx")

    theirs = [
        [*(Fraction(str(value)) for value in row[:-1]), str(row[-1])] for row in reckoned(made, len(mine[0]))
    ]
    assert len(theirs) == VILLAGES
    assert theirs == mine
    assert len({str(row[-2]) for row in mine}) > VILLAGES // 4
