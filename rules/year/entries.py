"""What may be noted of somebody: changes that can have been, in words and values that a roster knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from rules.campaign.forms import Column
from rules.dossiers.dossier import Cell
from rules.dossiers.id_numbers import judge_id
from rules.refusals import Refused
from rules.signs import has_unseen
from rules.year.plan import SEVERAL
from rules.year.roster import Change, ChangeKind, Values, roster_on, standing

ID_NUMBER, NAME = "id_number", "name"
KINDS: Mapping[ChangeKind, str] = {
    "came": "新增",
    "left": "离开",
    "employment": "就业变动",
    "group": "重点群体变动",
    "contact": "联系方式变动",
    "corrected": "更正",
}
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody wants to note; without a ``person`` it is about somebody new."""

    kind: ChangeKind
    day: date
    person: str = ""
    values: Values = field(default_factory=dict)
    corrects: int | None = None


def settled(entry: Entry, columns: Mapping[str, Column]) -> Entry | Refused:
    """The entry with its values as a roster keeps them; refused where one cannot stand in its column."""
    kept: dict[str, str] = {}
    for key, value in entry.values.items():
        if key not in columns:
            return Refused("no_such_column", f"花名册没有“{key}”这一列，请核对。")
        read = _settled_value(columns[key], value.strip())
        if isinstance(read, Refused):
            return read
        kept[key] = read
    return replace(entry, values=kept)


def _settled_value(column: Column, value: str) -> str | Refused:
    if not value:
        return ""
    if len(value) > LONGEST or has_unseen(value):
        return Refused("unfit_value", f"“{column.title}”过长或含看不见的字符，请核对。")
    if column.key == ID_NUMBER:
        judged = judge_id(Cell("", "", value, "text"))
        return judged.number if judged.usable else Refused("unfit_number", "身份证号有误，请核对。")
    chosen = value.split(SEVERAL) if column.kind == "choices" else [value]
    if column.choices and not set(chosen) <= set(column.choices):
        return Refused("no_such_choice", f"“{column.title}”只能填：{SEVERAL.join(column.choices)}。")
    return value


def refuse(entry: Entry, mine: Sequence[Change], *, today: date) -> Refused | None:
    """Why it cannot have been; ``mine`` are the changes of the person so far, none of somebody new."""
    return next(_reasons(entry, mine, today), None)


def _reasons(entry: Entry, mine: Sequence[Change], today: date) -> Iterator[Refused]:
    if entry.day > today:
        yield Refused("day_ahead", f"日期{entry.day}晚于今天，请核对。")
    if entry.corrects is not None and entry.corrects not in {one.id for one in standing(mine)}:
        yield Refused("nothing_to_correct", "要更正的那条变动不在此人名下，或已被更正。请核对编号。")
    if entry.kind not in ("left", "came") and not entry.values and entry.corrects is None:
        yield Refused("nothing_said", f"{KINDS[entry.kind]}须写明变动后的内容。")
    if ID_NUMBER in entry.values and entry.kind not in ("came", "corrected"):
        yield Refused("number_by_correction", "身份证号只能用“更正”修改。")
    if not mine:
        yield from _reasons_of_new(entry)
        return
    yield from _reasons_of_days(entry, [one for one in mine if one.id != entry.corrects])


def _reasons_of_new(entry: Entry) -> Iterator[Refused]:
    if entry.kind != "came":
        yield Refused("no_such_person", "花名册里没有此人，请先登记新增。")
    if not entry.values.get(ID_NUMBER) or not entry.values.get(NAME):
        yield Refused("who_came", "新增人员须写明姓名和身份证号。")


def _reasons_of_days(entry: Entry, others: Sequence[Change]) -> Iterator[Refused]:
    is_there = bool(roster_on(others, entry.day))
    if entry.kind == "came" and is_there:
        yield Refused("already_there", f"此人{entry.day}已在册，不能再登记新增。")
    if entry.kind not in ("came", "corrected") and not is_there:
        yield Refused("not_there", f"此人{entry.day}不在册，不能登记{KINDS[entry.kind]}。")
