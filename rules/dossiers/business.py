"""Business data beside claims: who stands in an extract, and on whom the roster and the extract disagree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rules.campaign.business import BusinessSource
from rules.dossiers.cell_values import folded_choices
from rules.dossiers.dossier import Cell
from rules.dossiers.id_numbers import judge_id
from rules.dossiers.tolerances import folded
from rules.refusals import Refused

FIRST_LINES = 5
"""The head line stands among the first lines; above it there may be a title."""


@dataclass(frozen=True, slots=True)
class Extract:
    """The numbers of those who stand in an extract, each once, and how many rows had no usable number."""

    numbers: tuple[str, ...]
    unread: int


def read_extract(source: BusinessSource, table: Sequence[Sequence[str]]) -> Extract | Refused:
    """Whom the rows of a table stand for; ``table`` begins with its head line, or a title above it."""
    head = next(
        (n for n, line in enumerate(table[:FIRST_LINES]) if _place(line, source.id_columns) is not None), None
    )
    if head is None:
        asked = "、".join(source.id_columns)
        return Refused("no_id_column", f"文件里找不到身份证号所在的列，列名应为：{asked}。")
    places = {name: _place(table[head], (name,)) for name, _ in source.where}
    missing = [name for name, place in places.items() if place is None]
    if missing:
        return Refused(
            "no_such_column", f"文件里没有这些列：{'、'.join(missing)}。请核对活动文件夹中的设置。"
        )
    at = _place(table[head], source.id_columns)
    assert at is not None
    wanted = [line for line in table[head + 1 :] if _meets(line, source, places)]
    judged = [judge_id(Cell("", "", _at(line, at), "text")) for line in wanted if any(line)]
    usable = dict.fromkeys(one.number for one in judged if one.usable)
    return Extract(tuple(usable), sum(not one.usable for one in judged))


def _place(line: Sequence[str], names: Iterable[str]) -> int | None:
    wanted = {folded(name) for name in names}
    return next((n for n, cell in enumerate(line) if folded(cell) in wanted), None)


def _at(line: Sequence[str], place: int | None) -> str:
    return line[place] if place is not None and place < len(line) else ""


def _meets(line: Sequence[str], source: BusinessSource, places: Mapping[str, int | None]) -> bool:
    return all(folded(_at(line, places[name])) in folded_choices(values) for name, values in source.where)


@dataclass(frozen=True, slots=True)
class Held:
    """One roster count beside an extract: rows counted by the roster, and rows whose person the extract has."""

    source: BusinessSource
    claimed: frozenset[int]
    known: frozenset[int]

    @property
    def difference(self) -> int:
        return len(self.claimed) - len(self.known)

    @property
    def only_claimed(self) -> tuple[int, ...]:
        """Rows that the roster counts and the extract does not know."""
        return tuple(sorted(self.claimed - self.known))

    @property
    def only_known(self) -> tuple[int, ...]:
        """Rows that the extract knows and the roster does not count."""
        return tuple(sorted(self.known - self.claimed))


def to_spot_check(held: Iterable[Held], indicator: str) -> tuple[int, ...]:
    """The rows with which a spot check of this indicator begins."""
    return tuple(
        sorted({row for one in held if indicator in one.source.about for row in one.claimed ^ one.known})
    )
