"""The stages of cells and rows: every answer by its column, and what a row's answers ask of each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from rules.campaign.forms import LIFE, SURVEY, Column, Field
from rules.campaign.scoring_words import plain
from rules.dossiers.cell_values import (
    entries,
    is_blank,
    is_uncalculated,
    judge_cell,
    one_of,
    read_age,
    read_date,
    read_number,
    untidy,
)
from rules.dossiers.checks.findings import SHOWN, found, instead_of
from rules.dossiers.checks.persons import FREE, NAME, check_persons, garbled
from rules.dossiers.checks.subject import Checked, is_explained
from rules.dossiers.claims import Slot, answers_to, read_claim, score_key, slots
from rules.dossiers.dossier import ODD, Cell, Finding, RosterRow, Value
from rules.dossiers.id_numbers import CORRECTIONS, age_on, birth_fault, mask, normalise_id, sex
from rules.dossiers.sheet_view import odd_spellings
from rules.dossiers.tolerances import DITTO, folded, oddness, says_nothing, sex_meant
from rules.entries import day_in_words

DERIVED: Mapping[str, Callable[[str, date], str]] = {
    "sex": lambda number, _: sex(number),
    "age": lambda number, day: str(age_on(number, day)),
}
"""Automatic roster columns that follow from the identity number, on the day of the survey."""

NUMBERED = "“编号”一列里没有这个编号"
"""Annex 1's rows are known by their number."""
AHEAD = timedelta(days=31)
WORK = ("form", "industry", "place")
"""Columns that say what work somebody has; they say nothing of somebody without."""
YEARS_BACK, YEARS_OF_A_LIFE = 3, 60
"""How old a day in a dossier may be, in years before the campaign's; and one in somebody's working life."""
LIMIT_TOLD = re.compile("([0-9]+)字以内")
LONGEST: Mapping[str, int] = {"text": 100, "paragraph": 2_000}
"""So many signs an answer of a kind may have where its title tells no limit."""
MOST = 100_000
"""More people, households, times or places no village has."""


def check_cells(checked: Checked) -> Iterator[Finding]:
    forms, dossier = checked.campaign.forms, checked.dossier
    yield from missing_rows(checked)
    for slot in slots(checked.campaign.scheme):
        if slot.key in dossier.claims:
            yield from check_claim(checked, slot, dossier.claims[slot.key])
    yield from check_answers(checked)
    yield from check_persons(checked)
    yield from check_spellings(checked)
    for form, fields, cells in (
        ("survey", forms.survey, dossier.survey),
        ("recommendation", forms.recommendation, dossier.recommendation),
    ):
        yield from missing_questions(checked, form, [field for field in fields if field.key not in cells])
        for field in fields:
            if field.key in cells:
                yield from check_field(checked, field, cells[field.key])


def missing_questions(checked: Checked, form: str, gone: list[Field]) -> Iterator[Finding]:
    """Questions of annex 3 or 4 that stand nowhere: each that must be answered, the others as one."""
    instead = instead_of(checked.dossier.strangers.get(form, ()))
    for field in gone:
        if field.need == "required":
            title = f"“{field.title}”"
            yield found("question_missing", checked.blank(form), title=title, instead=instead)
    optional = [f"“{field.title}”" for field in gone if field.need != "required"]
    if optional:
        code, title = "optional_question_missing", "、".join(optional)
        yield found(code, checked.blank(form), title=title, instead=instead)


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
        yield found(unjoined[row.number], cell, value=mask(folded(cell.text)))
    elif cell is not None and not is_blank(cell):
        yield from describe(cell, column.kind, column.title, column.choices, on=checked.campaign.survey_day)
        yield from check_day(checked, cell, column)
        if column.key != NAME and folded(cell.text) not in DITTO:
            yield from check_said(cell, column)
    elif column.need == "required":
        yield blank(checked, cell or missing(checked, row), column.title)


def check_spellings(checked: Checked) -> Iterator[Finding]:
    """Answers that are understood though no formula finds them; invisible signs were told already."""
    forms = checked.campaign.forms
    for column, cell, meaning in odd_spellings(forms, checked.dossier.roster, checked.table):
        if not untidy(cell):
            how = oddness(str(cell.value))
            yield found(
                "spelling_corrected", cell, title=column.title, value=cell.text, how=how, expected=meaning
            )


def blank(checked: Checked, cell: Cell, title: str, *, code: str = "required_blank", **facts: str) -> Finding:
    """Nothing stands in a cell that must be filled; of merged cells only the first holds what shows in all."""
    merged = merged_over(checked, cell)
    if merged:
        return found("merged_blank", cell, title=title, value=merged)
    return found(code, cell, title=title, **facts)


def merged_over(checked: Checked, cell: Cell) -> str:
    """The merged cells in which a cell lies and is not the first; empty when in none."""
    ranges = (merged for sheet, merged in checked.dossier.merged if sheet == cell.sheet)
    return next((one for one in ranges if within(cell.ref, one) and not one.startswith(f"{cell.ref}:")), "")


def within(ref: str, merged: str) -> bool:
    (column, row), (first, top), (last, bottom) = map(split_cell, (ref, *merged.split(":")))
    return (len(first), first) <= (len(column), column) <= (len(last), last) and top <= row <= bottom


def split_cell(ref: str) -> tuple[str, int]:
    """Column and row of a cell; of anything else none that lies in a range."""
    letters = ref.rstrip("0123456789")
    return (letters, int(ref[len(letters) :])) if letters.isascii() and letters != ref else ("", 0)


def missing(checked: Checked, row: RosterRow) -> Cell:
    return checked.blank("roster", f"第{row.number}行")


def missing_rows(checked: Checked) -> Iterator[Finding]:
    """The rows of annex 1 that the template has and the file lacks, needed or not, as one."""
    scheme, claims = checked.campaign.scheme, checked.dossier.claims
    gone = [f"“{slot.key} {slot.title}”" for slot in slots(scheme) if slot.key not in claims]
    ratios = [one for one in (*scheme.indicators, *scheme.bonus) if one.denominator and not one.items]
    gone += [f"“{one.id} {one.name}”" for one in ratios if score_key(one.id) not in claims]
    if gone:
        more = f"等{len(gone)}项" if len(gone) > SHOWN else ""
        title = "、".join(gone[:SHOWN]) + more
        yield found("question_missing", checked.blank("scores"), title=title, instead=NUMBERED)


def check_claim(checked: Checked, slot: Slot, cell: Cell) -> Iterator[Finding]:
    if cell.shown:
        yield misleading(cell, slot.title)
    if is_blank(cell):
        elsewhere = {field.key for field in checked.campaign.forms.survey}
        if merged_over(checked, cell) or (slot.needed and slot.fact not in elsewhere):
            yield blank(checked, cell, slot.title, code="claim_blank")
        return
    number = read_claim(slot, cell)
    if is_uncalculated(cell):
        yield found("formula_uncalculated", cell, title=slot.title)
    elif cell.kind == "error":
        yield found("cell_error", cell, title=slot.title)
    elif number is None:
        yield found("claim_unreadable", cell, title=slot.title, value=cell.text, choices=answers_to(slot))
    elif slot.most is not None and number > slot.most:
        yield too_large(cell, slot.title, f"这一项的满分{plain(slot.most)}")
    elif slot.needed and number > len(checked.dossier.roster):
        yield too_large(cell, slot.title, f"花名册的人数{len(checked.dossier.roster)}")
    elif slot.whole and number > MOST:
        yield too_large(cell, slot.title, str(MOST))


def too_large(cell: Cell, title: str, limit: str) -> Finding:
    return found("number_too_large", cell, title=title, value=cell.text, limit=limit)


def check_field(checked: Checked, field: Field, cell: Cell) -> Iterator[Finding]:
    if is_blank(cell):
        if field.need == "required":
            yield blank(checked, cell, field.title)
        return
    yield from describe(cell, field.kind, field.title, ())
    yield from check_day(checked, cell, field)
    yield from check_said(cell, field)
    yield from check_length(cell, field)
    number = read_number(cell) if field.kind == "integer" else None
    if number is not None and number > MOST:
        yield too_large(cell, field.title, str(MOST))


def check_said(cell: Cell, asked: Column | Field) -> Iterator[Finding]:
    """Words that are asked for say something."""
    asks = asked.kind in FREE and asked.need in ("required", "conditional")
    if asks and not is_uncalculated(cell) and not garbled(cell) and says_nothing(cell.text):
        yield found("says_nothing", cell, title=asked.title, value=cell.text)


def check_length(cell: Cell, asked: Field) -> Iterator[Finding]:
    """An answer in words is no longer than its own title allows, or than anybody reads."""
    told = LIMIT_TOLD.search(asked.title)
    limit = int(told[1]) if told else LONGEST.get(asked.kind, 0)
    signs = len("".join(cell.text.split()))
    if limit and signs > limit:
        yield found("text_longer", cell, title=asked.title, value=str(signs), limit=str(limit))


def check_day(checked: Checked, cell: Cell, asked: Column | Field) -> Iterator[Finding]:
    """A day lies where its form says: about this campaign, where a wrong base is four years off; in a life."""
    day = read_date(cell) if asked.kind == "date" else None
    if day is None:
        return
    year, (opens, ends) = checked.campaign.year, span_of(checked)
    if asked.within == LIFE:
        first, last = date(year - YEARS_OF_A_LIFE, 1, 1), ends
        span = f"{first.year}年至{day_in_words(ends)}"
    else:
        first, last = date(year - YEARS_BACK, 1, 1), date(year, 12, 31)
        span = f"{first.year}年至{last.year}年"
    if not first <= day <= last:
        yield found("date_out_of_range", cell, title=asked.title, value=str(day), expected=span)
    elif asked.within == SURVEY and not opens <= day <= ends:
        span = f"{day_in_words(opens)}至{day_in_words(ends)}"
        yield found("day_outside_campaign", cell, title=asked.title, value=str(day), expected=span)


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
        yield blank(checked, where, column.title, code="needed_blank", when=other.title, value=named)


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
        return sex_meant(folded(cell.text))
    age = read_age(cell)
    return folded(cell.text) if age is None else str(age)


def check_age(checked: Checked, row: RosterRow, number: str) -> Iterator[Finding]:
    """Working age is set per sex and year (domain 5.2); outside it a person needs a second look."""
    limits = {one.sex: one for one in checked.campaign.forms.ages}.get(sex(number))
    age = age_on(number, checked.campaign.survey_day)
    if limits and not limits.youngest <= age <= limits.oldest and not is_explained(row):
        span = f"{limits.sex}{limits.youngest}至{limits.oldest}岁"
        cell = checked.id_cell(row)
        yield found("age_outside", cell, value=str(age), expected=span)
