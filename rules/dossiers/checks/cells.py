"""The stages of cells and rows: every answer by its column, and what a row's answers ask of each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from rules.campaign.forms import Column, Field
from rules.dossiers.cell_values import (
    entries,
    is_blank,
    is_uncalculated,
    judge_cell,
    one_of,
    read_age,
    read_date,
    untidy,
)
from rules.dossiers.checks.findings import found, instead_of
from rules.dossiers.checks.persons import FREE, check_persons, garbled
from rules.dossiers.checks.subject import Checked, is_explained
from rules.dossiers.claims import Slot, read_claim, slots
from rules.dossiers.dossier import ODD, Cell, Finding, RosterRow, Value
from rules.dossiers.id_numbers import CORRECTIONS, age_on, birth_fault, mask, normalise_id, sex
from rules.dossiers.sheet_view import odd_spellings
from rules.dossiers.tolerances import choice_meant, folded, oddness

DERIVED: Mapping[str, Callable[[str, date], str]] = {
    "sex": lambda number, _: sex(number),
    "age": lambda number, day: str(age_on(number, day)),
}
"""Automatic roster columns that follow from the identity number, on the day of the survey."""

SEXES = ("男", "女")
NUMBERED = "“编号”一列里没有这个编号"
"""Annex 1's rows are known by their number."""
AHEAD = timedelta(days=31)
WORK = ("form", "industry", "place")
"""Columns that say what work somebody has; they say nothing of somebody without."""
YEARS_BACK = 3
"""How old a day in a dossier may be, in years before the campaign's."""


def check_cells(checked: Checked) -> Iterator[Finding]:
    forms, dossier = checked.campaign.forms, checked.dossier
    for slot in slots(checked.campaign.scheme):
        yield from check_claim(checked, slot)
    yield from check_answers(checked)
    yield from check_persons(checked)
    yield from check_spellings(checked)
    for form, fields, cells in (
        ("survey", forms.survey, dossier.survey),
        ("recommendation", forms.recommendation, dossier.recommendation),
    ):
        for field in fields:
            if field.key in cells:
                yield from check_field(checked, field, cells[field.key])
            elif field.need == "required":
                instead = instead_of(dossier.strangers.get(form, ()))
                yield found("question_missing", checked.blank(form), title=field.title, instead=instead)


def check_answers(checked: Checked) -> Iterator[Finding]:
    """Every answer of the roster, row by row; of equal answers in a column that are right only one is looked at."""
    typed = [column for column in checked.campaign.forms.roster if column.need != "automatic"]
    told: list[tuple[int, int, Finding]] = []
    for at, column in enumerate(typed):
        right: set[object] = set()
        apart = checked.dossier.unjoined if column.kind == "id_number" else {}
        for n, (row, value) in enumerate(zip(checked.dossier.roster, checked.table[column.key], strict=True)):
            if row.number not in apart and (value in right or is_plain_number(checked, column, row, value)):
                continue
            found_here = [(n, at, one) for one in check_answer(checked, row, column)]
            told += found_here
            if not found_here and value is not ODD:
                right.add(value)
    yield from (one for _, _, one in sorted(told, key=lambda one: one[:2]))


def is_plain_number(checked: Checked, column: Column, row: RosterRow, value: Value) -> bool:
    """Whether an identity number has been judged already, and there is nothing to say of it."""
    judged = checked.judged.get(row.number) if column.kind == "id_number" and value is not ODD else None
    return judged is not None and judged.code == "" and not judged.corrections and value == judged.number


def check_answer(checked: Checked, row: RosterRow, column: Column) -> Iterator[Finding]:
    cell, unjoined = row.cells.get(column.key), checked.dossier.unjoined
    if cell is not None and column.kind == "id_number" and row.number in unjoined:
        yield found(unjoined[row.number], cell, value=cell.text)
    elif cell is not None and not is_blank(cell):
        yield from describe(cell, column.kind, column.title, column.choices, on=checked.campaign.survey_day)
        yield from check_day(checked, cell, column.kind, column.title)
    elif column.need == "required":
        yield blank(checked, cell or missing(checked, row), column.title)


def check_spellings(checked: Checked) -> Iterator[Finding]:
    """Answers that are understood though no formula finds them; invisible signs were told already."""
    for column, cell, meaning in odd_spellings(checked.campaign.forms, checked.dossier.roster):
        if not untidy(cell):
            how = oddness(str(cell.value))
            yield found(
                "spelling_corrected", cell, title=column.title, value=cell.text, how=how, expected=meaning
            )


def blank(checked: Checked, cell: Cell, title: str) -> Finding:
    """Nothing stands in a cell that must be filled; of merged cells only the first holds what shows in all."""
    for sheet, merged in checked.dossier.merged:
        if sheet == cell.sheet and within(cell.ref, merged):
            return found("merged_blank", cell, title=title, value=merged)
    return found("required_blank", cell, title=title)


def within(ref: str, merged: str) -> bool:
    (column, row), (first, top), (last, bottom) = map(split_cell, (ref, *merged.split(":")))
    return (len(first), first) <= (len(column), column) <= (len(last), last) and top <= row <= bottom


def split_cell(ref: str) -> tuple[str, int]:
    """Column and row of a cell; of anything else none that lies in a range."""
    letters = ref.rstrip("0123456789")
    return (letters, int(ref[len(letters) :])) if letters.isascii() and letters != ref else ("", 0)


def missing(checked: Checked, row: RosterRow) -> Cell:
    return checked.blank("roster", f"第{row.number}行")


def check_claim(checked: Checked, slot: Slot) -> Iterator[Finding]:
    cell = checked.dossier.claims.get(slot.key, checked.blank("scores"))
    elsewhere = {field.key for field in checked.campaign.forms.survey}
    if slot.key not in checked.dossier.claims and slot.needed and slot.fact not in elsewhere:
        yield found("question_missing", cell, title=f"{slot.key} {slot.title}", instead=NUMBERED)
    elif is_blank(cell):
        if slot.needed and slot.fact not in elsewhere:
            yield found("claim_blank", cell, title=slot.title)
    elif is_uncalculated(cell):
        yield found("formula_uncalculated", cell, title=slot.title)
    elif read_claim(slot, cell) is None:
        words = "".join(f"、{word}" for word, _ in slot.words)
        choices = "“是”或“否”" if slot.flag else f"数字或是/否{words}"
        yield found("claim_unreadable", cell, title=slot.title, value=cell.text, choices=choices)
    if cell.shown:
        yield misleading(cell, slot.title)


def check_field(checked: Checked, field: Field, cell: Cell) -> Iterator[Finding]:
    if not is_blank(cell):
        yield from describe(cell, field.kind, field.title, ())
        yield from check_day(checked, cell, field.kind, field.title)
    elif field.need == "required":
        yield blank(checked, cell, field.title)


def check_day(checked: Checked, cell: Cell, kind: str, title: str) -> Iterator[Finding]:
    """A day belongs to the campaign's year or the few before: a wrong base of days is four years off."""
    day = read_date(cell) if kind == "date" else None
    year = checked.campaign.year
    if day and not year - YEARS_BACK <= day.year <= year:
        span = f"{year - YEARS_BACK}年至{year}年"
        yield found("date_out_of_range", cell, title=title, value=str(day), expected=span)
    elif day and title in surveyed(checked) and not span_of(checked)[0] <= day <= span_of(checked)[1]:
        first, last = span_of(checked)
        yield found("day_outside_campaign", cell, title=title, value=str(day), expected=f"{first}至{last}")


def surveyed(checked: Checked) -> tuple[str, ...]:
    """The titles under which the days of the survey stand."""
    return tuple(one.title for one in checked.campaign.forms.roster if one.key == "surveyed_on")


def span_of(checked: Checked) -> tuple[date, date]:
    """The days on which this year's survey can have been made: towns begin some weeks before they are asked."""
    stages = checked.campaign.stages
    return min(one.opens for one in stages) - AHEAD, max(one.due for one in stages)


def misleading(cell: Cell, title: str) -> Finding:
    return found("format_misleads", cell, title=title, value=cell.text, shown=cell.shown)


def describe(
    cell: Cell, kind: str, title: str, choices: tuple[str, ...], *, on: date | None = None
) -> Iterator[Finding]:
    """The findings on a filled cell; an identity number is masked however short or broken it is."""
    if is_uncalculated(cell):
        yield found("formula_uncalculated", cell, title=title)
        return
    if cell.shown:
        yield misleading(cell, title)
    if kind != "id_number" and untidy(cell):
        yield found("text_corrected", cell, title=title)
    if kind in FREE and (why := garbled(cell)):
        yield found("text_garbled", cell, title=title, value=cell.text, how=why)
    codes = judge_cell(cell, kind, choices, on=on)
    if not codes:
        return
    number, corrections = normalise_id(cell.text)
    yield from (
        found(
            code,
            cell,
            title=title,
            value=mask(number) if kind == "id_number" else cell.text,
            choices="、".join(choices),
            corrections="、".join(CORRECTIONS[key] for key in corrections),
            how=birth_fault(number, on) if code == "id_birth_date" else "",
        )
        for code in codes
    )


# --- its rows --------------------------------------------------------------------------------------


def check_rows(checked: Checked) -> Iterator[Finding]:
    roster = checked.campaign.forms.roster
    needed = [(one, one.needed_when[0]) for one in roster if one.need == "conditional" and one.needed_when]
    derived = [column for column in roster if column.need == "automatic" and column.key in DERIVED]
    right: set[object] = set()
    pairs = [list(zip(checked.table[one.key], checked.table[other], strict=True)) for one, other in needed]
    for n, row in enumerate(checked.dossier.roster):
        for (column, _), typed in zip(needed, pairs, strict=True):
            answers = (column.key, *typed[n])
            if answers in right:
                continue
            told = [*check_need(checked, row, column), *check_needless(checked, row, column)]
            yield from told
            if not told and ODD not in answers:
                right.add(answers)
        number = checked.usable_number(row)
        if number:
            for column in derived:
                if not agrees(checked, n, column, number):
                    yield from check_derived(checked, row, column, number)
            yield from check_age(checked, row, number)


def check_need(checked: Checked, row: RosterRow, column: Column) -> Iterator[Finding]:
    assert column.needed_when is not None
    key, values = column.needed_when
    cell = row.cells.get(column.key)
    if (cell is not None and not is_blank(cell)) or key not in row.cells:
        return
    other = next(one for one in checked.campaign.forms.roster if one.key == key)
    if one_of(row.cells[key], other.kind, values, other.choices):
        met = entries(row.cells[key], other.kind, other.choices)
        named = "、".join(value for value in values if folded(value) in met)
        where = cell or missing(checked, row)
        yield found("needed_blank", where, title=column.title, when=other.title, value=named)


def check_needless(checked: Checked, row: RosterRow, column: Column) -> Iterator[Finding]:
    """Whoever is said to have no work is said to work somewhere: one of the two is wrong."""
    assert column.needed_when is not None
    key, values = column.needed_when
    cell, other = row.cells.get(column.key), row.cells.get(key)
    if column.key not in WORK or cell is None or other is None or is_blank(cell) or is_blank(other):
        return
    asked = next(one for one in checked.campaign.forms.roster if one.key == key)
    if not judge_cell(other, asked.kind, asked.choices) and not one_of(
        other, asked.kind, values, asked.choices
    ):
        yield found(
            "answer_contradicts",
            cell,
            title=column.title,
            value=cell.text,
            when=asked.title,
            expected=other.text,
        )


def agrees(checked: Checked, n: int, column: Column, number: str) -> bool:
    """Whether an automatic answer is blank or plainly what follows from the number; others need a second look."""
    value = checked.table[column.key][n]
    return value is None or str(value) == DERIVED[column.key](number, checked.campaign.survey_day)


def check_derived(checked: Checked, row: RosterRow, column: Column, number: str) -> Iterator[Finding]:
    """A typed sex or age must agree with the identity number; a formula looks after itself."""
    cell = row.cells.get(column.key)
    if cell is None or is_blank(cell) or cell.formula:
        return
    expected = DERIVED[column.key](number, checked.campaign.survey_day)
    if expected != derived_answer(column.key, cell):
        yield found("derived_differs", cell, title=column.title, value=cell.text, expected=expected)


def derived_answer(key: str, cell: Cell) -> str:
    """What somebody wrote for a sex or an age, as it would be derived; the text itself where it is neither."""
    if key == "sex":
        return choice_meant(folded(cell.text), SEXES)
    age = read_age(cell)
    return folded(cell.text) if age is None else str(age)


def check_age(checked: Checked, row: RosterRow, number: str) -> Iterator[Finding]:
    """Working age is set per sex and year (domain 5.2); outside it a person needs a second look."""
    limits = {one.sex: one for one in checked.campaign.forms.ages}.get(sex(number))
    age = age_on(number, checked.campaign.survey_day)
    if limits and not limits.youngest <= age <= limits.oldest and not is_explained(row):
        span = f"{limits.sex}{limits.youngest}至{limits.oldest}岁"
        cell = checked.id_cell(row)
        yield found("age_outside", cell, title="身份证号", value=str(age), expected=span)
