"""The stage of the roster as a whole: who stands twice, whose columns slipped, which household is without work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from rules.campaign.forms import Column
from rules.dossiers.checks.cells import DERIVED, agrees, check_derived
from rules.dossiers.checks.findings import found, places
from rules.dossiers.checks.subject import Checked, is_explained
from rules.dossiers.dossier import Finding, RosterRow
from rules.dossiers.id_numbers import mask
from rules.dossiers.roster import household_of, households_without_work

SLIPPED_AT_LEAST, SLIPPED_SHARE = 5, 5
"""So many rows, and one in so many, must contradict their numbers before a column is said to have slipped."""
IN_ORDER = 10
"""So many rows are not in order by chance."""
FILLED_DOWN = 3
"""So many numbers in a row that each follow the one above were dragged, not typed."""


def check_people(checked: Checked) -> Iterator[Finding]:
    if not checked.dossier.roster:
        yield found("roster_empty", checked.blank("roster"))
    yield from check_duplicates(checked)
    yield from check_slipped(checked)
    yield from check_filled_down(checked)
    yield from check_order(checked)
    without = households_without_work(checked.campaign.forms, checked.dossier.roster)
    if without:
        yield found("households_without_work", checked.blank("roster"), value=str(len(without)))


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
        row.number for n, row in enumerate(checked.dossier.roster) if contradicts(checked, n, row, columns)
    ]
    if len(wrong) >= max(SLIPPED_AT_LEAST, len(checked.dossier.roster) / SLIPPED_SHARE):
        named = places([f"第{number}行" for number in wrong])
        yield found("column_shifted", checked.blank("roster"), value=str(len(wrong)), places=named)


def contradicts(checked: Checked, n: int, row: RosterRow, columns: Sequence[Column]) -> bool:
    number = checked.usable_number(row)
    return bool(number) and any(
        not agrees(checked, n, one, number) and any(check_derived(checked, row, one, number))
        for one in columns
    )


def check_order(checked: Checked) -> Iterator[Finding]:
    """One column that runs in order beside households that do too was sorted without the others."""
    rows = checked.dossier.roster
    households = [household_of(row) for row in rows]
    if len(rows) < IN_ORDER or len(set(households)) < 2 or households != sorted(households):
        return
    titles = {one.key: one.title for one in checked.campaign.forms.roster}
    for key in ("id_number", "name"):
        texts = [str(value) for value in checked.table[key] if value is not None]
        if len(set(texts)) == len(rows) and any(texts in ways for ways in orders(texts)):
            yield found("order_suspicious", checked.blank("roster"), title=titles[key])


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
