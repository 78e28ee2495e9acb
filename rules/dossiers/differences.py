"""What changed between two versions of a dossier, cell by cell; no identity number is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rules.campaign.campaign import Campaign
from rules.campaign.forms import Column, Field
from rules.dossiers.cell_values import is_uncalculated
from rules.dossiers.checks.findings import places, shown
from rules.dossiers.checks.subject import id_column
from rules.dossiers.claims import score_key, slots
from rules.dossiers.dossier import Cell, Dossier, RosterRow
from rules.dossiers.id_numbers import mask, normalise_id
from rules.dossiers.tolerances import folded

MOST_ROWS = 100
"""So many people of each sort are listed; of all others their number."""
MOST_ALIKE = 30
FEW = 3
"""A change that more rows share is told once, with their places."""
LONGEST = 120

ROW_KEY = "row_key"
"""The roster column, hidden where there is one, that stays with a row wherever it is moved."""
NAME = "name"


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell: its title, where it stands in the newer version, and both texts as people may see them."""

    title: str
    ref: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """One person of the roster; a row number is 0 in the version in which they do not stand."""

    name: str
    number: str
    """The identity number, masked."""
    before: int
    after: int
    cells: tuple[CellChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Alike:
    """The same change of one column in many rows: how many, and where."""

    title: str
    before: str
    after: str
    rows: int
    where: str


@dataclass(frozen=True, slots=True)
class RosterDifference:
    """Annex 2. The counts are complete, the rows at most ``MOST_ROWS`` of each sort."""

    sheet: str
    people_before: int
    people_after: int
    added: int
    removed: int
    changed: int
    rows_added: tuple[RowChange, ...]
    rows_removed: tuple[RowChange, ...]
    rows_changed: tuple[RowChange, ...]
    alike: tuple[Alike, ...]
    unlisted: int
    """So many rows are counted and not listed."""


@dataclass(frozen=True, slots=True)
class FormDifference:
    """Annex 1, 3 or 4: the cells that differ."""

    sheet: str
    cells: tuple[CellChange, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Two versions of one dossier, the older first."""

    forms: tuple[FormDifference, ...]
    roster: RosterDifference

    @property
    def is_nothing(self) -> bool:
        """Whether all that is read is the same: only what nobody reads (layout, blanks) was changed."""
        roster = self.roster
        return not (
            any(form.cells for form in self.forms) or roster.added or roster.removed or roster.changed
        )


def difference(campaign: Campaign, before: Dossier, after: Dossier) -> Difference:
    """Everything that reads differently; rows belong together by key, else number, else name, else place."""
    forms = campaign.forms
    claimed, titles = (before.claims, after.claims), claim_titles(campaign)
    answers = {
        "survey": (before.survey, after.survey, field_titles(forms.survey)),
        "recommendation": (before.recommendation, after.recommendation, field_titles(forms.recommendation)),
    }
    return Difference(
        forms=(
            FormDifference(forms.sheet("scores"), tuple(changes(titles, *claimed))),
            *(
                FormDifference(forms.sheet(form), tuple(changes(named, old, new)))
                for form, (old, new, named) in answers.items()
            ),
        ),
        roster=roster_difference(campaign, before.roster, after.roster),
    )


def claim_titles(campaign: Campaign) -> dict[str, str]:
    """Claim -> what annex 1 calls it."""
    scheme = campaign.scheme
    asked = {slot.key: f"{slot.key} {slot.title}" for slot in slots(scheme)}
    own = {score_key(one.id): f"{one.id} {one.name}(自评分)" for one in scheme.indicators + scheme.bonus}
    return {**asked, **own}


def field_titles(fields: Iterable[Field]) -> dict[str, str]:
    return {field.key: field.title for field in fields}


# --- cells -----------------------------------------------------------------------------------------


def changes(
    titles: Mapping[str, str], before: Mapping[str, Cell], after: Mapping[str, Cell], *, secret: str = ""
) -> Iterator[CellChange]:
    """The cells under ``titles`` (key to title) that read differently; ``secret`` is the key of ID numbers."""
    for key, title in titles.items():
        old, new = before.get(key), after.get(key)
        first, second = sense(old), sense(new)
        if first != second:
            place = new or old
            assert place is not None
            yield CellChange(title, place.ref, *told(first, second, secret=key == secret))


def sense(cell: Cell | None) -> str:
    """What a cell says: 7 and 7.0 are one, a formula that was never calculated says so."""
    if cell is None:
        return ""
    if is_uncalculated(cell):
        return "(公式，未计算)"
    if isinstance(cell.value, bool):
        return "是" if cell.value else "否"
    if isinstance(cell.value, float) and cell.value.is_integer():
        return str(int(cell.value))
    return cell.text


def told(before: str, after: str, *, secret: bool) -> tuple[str, str]:
    """Both texts without identity numbers and not too long; still two when that made them one."""
    old, new = (hidden(text) if secret else safe(text) for text in (before, after))
    return (old, f"{new}(内容不同)") if old == new else (old, new)


def hidden(text: str) -> str:
    return mask(folded(text))


def safe(text: str) -> str:
    masked = shown(text)
    return masked if len(masked) <= LONGEST else f"{masked[:LONGEST]}…(共{len(masked)}字)"


# --- people ----------------------------------------------------------------------------------------


def roster_difference(
    campaign: Campaign, before: Sequence[RosterRow], after: Sequence[RosterRow]
) -> RosterDifference:
    columns, secret = campaign.forms.roster, id_column(campaign)
    pairs, gone, come = matched(before, after, secret=secret)
    titles = {one.key: one.title for one in columns if is_typed(one)}
    changed = [
        replace(person(new, secret, before=old.number, after=new.number), cells=differing)
        for old, new in pairs
        if (differing := tuple(changes(titles, old.cells, new.cells, secret=secret)))
    ]
    alike = shared(changed)
    apart = [rest for one in changed if (rest := without(one, alike)).cells]
    return RosterDifference(
        sheet=campaign.forms.sheet("roster"),
        people_before=len(before),
        people_after=len(after),
        added=len(come),
        removed=len(gone),
        changed=len(changed),
        rows_added=tuple(person(row, secret, after=row.number) for row in come[:MOST_ROWS]),
        rows_removed=tuple(person(row, secret, before=row.number) for row in gone[:MOST_ROWS]),
        rows_changed=tuple(apart[:MOST_ROWS]),
        alike=tuple(alike.values()),
        unlisted=sum(max(0, len(rows) - MOST_ROWS) for rows in (come, gone, apart)),
    )


def is_typed(column: Column) -> bool:
    """Running numbers and what follows from the identity number change by themselves."""
    return column.need != "automatic" and column.key != ROW_KEY


def person(row: RosterRow, secret: str, *, before: int = 0, after: int = 0) -> RowChange:
    return RowChange(safe(sense(row.cells.get(NAME))), hidden(sense(row.cells.get(secret))), before, after)


Said = tuple[str, str, str]
"""A title and both texts."""


def said(change: CellChange) -> Said:
    return change.title, change.before, change.after


def shared(changed: Sequence[RowChange]) -> dict[Said, Alike]:
    """What more than ``FEW`` rows say alike, the most frequent first."""
    counted = Counter(said(cell) for row in changed for cell in row.cells)
    often = [one for one, rows in counted.most_common(MOST_ALIKE) if rows > FEW]
    where: dict[Said, list[str]] = {one: [] for one in often}
    for row in changed:
        for cell in row.cells:
            if said(cell) in where:
                where[said(cell)].append(cell.ref)
    return {one: Alike(*one, rows=len(refs), where=places(refs)) for one, refs in where.items()}


def without(row: RowChange, alike: Mapping[Said, Alike]) -> RowChange:
    return replace(row, cells=tuple(cell for cell in row.cells if said(cell) not in alike))


# --- which rows belong together --------------------------------------------------------------------

Pairs = list[tuple[RosterRow, RosterRow]]
Mark = Callable[[RosterRow], str]
"""By what a row is known again; an empty mark knows nobody."""


def matched(
    before: Sequence[RosterRow], after: Sequence[RosterRow], *, secret: str
) -> tuple[Pairs, list[RosterRow], list[RosterRow]]:
    """(pairs in the newer order, rows that are gone, rows that have come)."""
    pairs: Pairs = []
    gone, come = list(before), list(after)
    for mark in (key_of, number_of(secret), name_of):
        found = paired(gone, come, mark)
        gone, come = left(gone, (old for old, _ in found)), left(come, (new for _, new in found))
        pairs += found
    # Where both name and number stand on both sides and neither is known again, it is somebody else.
    found = [
        (old, new)
        for old, new in paired(gone, come, lambda row: str(row.number))
        if is_vague(old, secret) or is_vague(new, secret)
    ]
    gone, come = left(gone, (old for old, _ in found)), left(come, (new for _, new in found))
    return sorted(pairs + found, key=lambda pair: pair[1].number), gone, come


def key_of(row: RosterRow) -> str:
    return sense(row.cells.get(ROW_KEY))


def number_of(secret: str) -> Mark:
    return lambda row: normalise_id(sense(row.cells.get(secret)))[0]


def name_of(row: RosterRow) -> str:
    return folded(sense(row.cells.get(NAME)))


def is_vague(row: RosterRow, secret: str) -> bool:
    return not (name_of(row) and number_of(secret)(row))


def paired(before: Sequence[RosterRow], after: Sequence[RosterRow], mark: Mark) -> Pairs:
    """Rows with the same mark; of several alike the first belongs to the first."""
    waiting: dict[str, list[RosterRow]] = {}
    for row in reversed(before):
        waiting.setdefault(mark(row), []).append(row)
    waiting.pop("", None)
    return [(waiting[known].pop(), row) for row in after if waiting.get(known := mark(row))]


def left(rows: Sequence[RosterRow], taken: Iterable[RosterRow]) -> list[RosterRow]:
    numbers = {row.number for row in taken}
    return [row for row in rows if row.number not in numbers]
