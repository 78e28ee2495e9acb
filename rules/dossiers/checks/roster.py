"""The stage of the roster as a whole: who stands twice, whose columns slipped, which household is without work."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rules.campaign.forms import Column
from rules.dossiers.cell_values import is_blank
from rules.dossiers.checks.cells import DERIVED, agrees, derived_answer
from rules.dossiers.checks.findings import found, places
from rules.dossiers.checks.subject import Checked, is_explained
from rules.dossiers.dossier import Cell, Finding, RosterRow
from rules.dossiers.id_numbers import mask
from rules.dossiers.prefill import NAME, ROW_KEY, fits_name
from rules.dossiers.roster import (
    HOUSEHOLD,
    household_numbers,
    households,
    households_without_work,
    table_of,
    values_of,
)
from rules.dossiers.tolerances import SEXES, folded

SLIPPED_AT_LEAST, SLIPPED_SHARE = 5, 5
"""So many rows, and one in so many, must contradict their numbers before a column is said to have slipped."""
IN_ORDER = 10
"""So many different answers are not in order by chance."""
MOVED_AT_LEAST, MOST_KEYS = 3, 30
"""So many keys of other rows fit no renamed people by chance; so many are looked at."""
DIGITS, WIDE = re.compile("[0-9]+"), 12
COUNTED_OTHERWISE = 2
"""So many years apart are an age on another day and one counted from the year of birth on."""
FILLED_DOWN = 3
"""So many numbers in a row that each follow the one above were dragged, not typed."""


def check_people(checked: Checked) -> Iterator[Finding]:
    if not checked.dossier.roster:
        yield found("roster_empty", checked.blank("roster"))
    yield from check_duplicates(checked)
    yield from check_slipped(checked)
    yield from check_filled_down(checked)
    yield from check_order(checked)
    yield from check_moved(checked)
    yield from check_households(checked)


def check_households(checked: Checked) -> Iterator[Finding]:
    """Which household is without work, and whose number is kept in two ways."""
    grouped = households(checked.dossier.roster)
    without = households_without_work(checked.campaign.forms, grouped)
    if without:
        yield found("households_without_work", checked.blank("roster"), value=str(len(without)))
    title = next((one.title for one in checked.campaign.forms.roster if one.key == HOUSEHOLD), "")
    for _, members in grouped:
        if len({values_of(row, (HOUSEHOLD,))[0] for row in members}) == 1:
            continue
        first = members[0].cells[HOUSEHOLD]
        for cell in (row.cells[HOUSEHOLD] for row in members[1:]):
            if folded(cell.text) != folded(first.text):
                told = {"value": cell.text, "expected": first.text, "first": str(members[0].number)}
                yield found("household_joined", cell, title=title, **told)


def check_duplicates(checked: Checked) -> Iterator[Finding]:
    first: dict[str, RosterRow] = {}
    for row in checked.dossier.roster:
        number = checked.usable_number(row)
        if not number:
            continue
        earlier = first.setdefault(number, row)
        if earlier is not row:
            explained = is_explained(row) or is_explained(earlier)
            code = "duplicate_id_explained" if explained else "duplicate_id"
            yield found(code, checked.id_cell(row), value=mask(number), first=str(earlier.number))


def check_slipped(checked: Checked) -> Iterator[Finding]:
    """A column sorted by itself leaves no mark but rows whose sex and age are somebody else's."""
    columns = [one for one in checked.campaign.forms.roster if one.key in DERIVED]
    wrong = [
        row.number for n, row in enumerate(checked.dossier.roster) if is_another(checked, n, row, columns)
    ]
    if len(wrong) >= max(SLIPPED_AT_LEAST, len(checked.dossier.roster) / SLIPPED_SHARE):
        named = places([f"第{number}行" for number in wrong])
        yield found("column_shifted", checked.blank("roster"), value=str(len(wrong)), places=named)


def is_another(checked: Checked, n: int, row: RosterRow, columns: Sequence[Column]) -> bool:
    """Whether a row's sex or age is plainly somebody else's; a word that is neither says nothing of it."""
    number = checked.usable_number(row)
    return bool(number) and any(
        not agrees(checked, n, one, number) and is_far(row.cells.get(one.key), one.key, number, checked)
        for one in columns
    )


def is_far(cell: Cell | None, key: str, number: str, checked: Checked) -> bool:
    """Whether a typed sex is the other one, or an age further off than other ways of counting years make it."""
    if cell is None or is_blank(cell) or cell.formula:
        return False
    stated, derived = derived_answer(key, cell), DERIVED[key](number, checked.campaign.survey_day)
    if key == "age":
        return stated.isdecimal() and abs(int(stated) - int(derived)) > COUNTED_OTHERWISE
    return stated in SEXES and stated != derived


def check_order(checked: Checked) -> Iterator[Finding]:
    """One column that runs in order beside households that do too was sorted without the others."""
    rows = checked.dossier.roster
    standing = household_numbers(rows)
    if len(set(standing)) < 2 or not runs_in_order(standing):
        return
    titles = {one.key: one.title for one in checked.campaign.forms.roster}
    for key in ("id_number", "name"):
        texts = [str(value) for value in checked.table[key] if value is not None]
        whole = len(texts) == len(rows) and len(set(texts)) >= IN_ORDER
        if whole and any(texts in ways for ways in orders(texts)):
            yield found("order_suspicious", checked.blank("roster"), title=titles[key])


def check_moved(checked: Checked) -> Iterator[Finding]:
    """Prefilled rows keep for whom they were filled: a name beside another row's key was moved without its row,
    however often it stands in the roster."""
    pairs = table_of(checked.dossier.roster, (ROW_KEY, NAME))
    told = zip(checked.dossier.roster, pairs[ROW_KEY], pairs[NAME], strict=True)
    moved = {
        row.number: (key, str(name).strip())
        for row, key, name in told
        if isinstance(key, str) and name is not None and not fits_name(key, str(name).strip())
    }
    names = {name for _, name in moved.values()}
    keys = [key for key, _ in moved.values()][:MOST_KEYS]
    if sum(any(fits_name(key, name) for name in names) for key in keys) >= MOVED_AT_LEAST:
        named = places([f"第{number}行" for number in moved])
        yield found("names_moved", checked.blank("roster"), value=str(len(moved)), places=named)


def runs_in_order(households: list[str]) -> bool:
    """Whether households run as their numbers do, 9 before 10, or as their texts do."""
    counted = [DIGITS.sub(lambda number: number[0].zfill(WIDE), one) for one in households]
    return counted == sorted(counted) or households == sorted(households)


def orders(texts: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Both ways in which a program sorts texts: by their signs, and as Chinese programs do by sound."""
    for key in (str, in_chinese):
        ordered = sorted(texts, key=key)
        yield ordered, ordered[::-1]


def in_chinese(text: str) -> bytes:
    return text.encode("gb18030", "replace")


def check_filled_down(checked: Checked) -> Iterator[Finding]:
    for run in runs_of_next(checked):
        refs = [checked.id_cell(row).ref for row in run]
        yield found("id_filled_down", checked.id_cell(run[0]), places=places(refs))


def runs_of_next(checked: Checked) -> Iterator[Sequence[RosterRow]]:
    """Runs of rows whose numbers each are one more than the number above."""
    run: list[RosterRow] = []
    for above, row in pairwise(checked.dossier.roster):
        if follows(checked, above, row):
            run = [*run, row] if run else [above, row]
        else:
            if len(run) >= FILLED_DOWN:
                yield run
            run = []
    if len(run) >= FILLED_DOWN:
        yield run


def follows(checked: Checked, above: RosterRow, row: RosterRow) -> bool:
    first, second = checked.judged.get(above.number), checked.judged.get(row.number)
    numbers = [one.number for one in (first, second) if one and one.number.isdecimal()]
    return len(numbers) == 2 and int(numbers[1]) == int(numbers[0]) + 1
