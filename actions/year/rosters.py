"""Beginning a living roster: from the newest accepted dossier, or from a list that was kept before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from actions.dossiers.uploads import read_upload
from actions.lookup import campaign_of
from actions.year.changes import new_key
from actions.year.opening import Place, place_for, subject_of_village
from actions.year.reckoning import dues_of
from records import audit
from records.dossiers import rosters
from records.dossiers.files import erased_at
from records.dossiers.uploads import accepted_of
from records.store import Session, Store, repeatable
from records.tables.dossiers import UploadRow
from records.tables.year import LivingRosterRow
from records.year import living
from rules.campaign.forms import Column
from rules.dossiers.cell_values import folded_entries
from rules.entries import folded
from rules.refusals import Refused
from rules.year.entries import ID_NUMBER, Entry, refuse, settled
from rules.year.plan import SEVERAL
from rules.year.roster import Change, LivingPerson
from workbooks.confined.client import list_roster_apart, table_apart

BEGUN = Refused("roster_begun", "该社区(村)的动态台账已经建立。以后的变化请登记变动（hqe year change）。")
NO_DOSSIER = Refused("no_dossier", "该社区(村)没有可用的、校验通过的申报材料。请导入名册文件。")
NO_HEAD = Refused("no_head", "文件里找不到姓名、身份证号两列，列名须与花名册相同。")
FIRST_LINES = 5
FROM_DOSSIER, FROM_TABLE = "rosters.begin_from_dossier", "rosters.begin_from_table"


@dataclass(frozen=True, slots=True)
class Begun:
    """How many people a roster begins with, or would; ``unread`` says which rows were left out, and why."""

    people: int
    unread: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of whatever the roster begins with."""

    number: int
    values: Mapping[str, str]


def begin_from_dossier(
    store: Store, *, village_code: str, by: str, now: datetime, dry_run: bool = False
) -> Begun | Refused:
    """With the roster of the village's newest accepted dossier, of any campaign; asked on its survey day."""
    with store.reading() as session:
        place = place_for(session, FROM_DOSSIER, village_code, by=by)
        if isinstance(place, Refused):
            return place
        upload = _newest(session, place)
        if upload is None:
            return NO_DOSSIER
        campaign = campaign_of(session, upload.campaign_id)
    lines = list_roster_apart(read_upload(store, upload.id)[1], campaign=campaign)
    with store.reading() as session:
        numbers = rosters.numbers_at(session, store.vault, upload.id, [line.number for line in lines])
    known = place.year.columns()
    read = [
        Line(
            line.number,
            {
                **{
                    key: _as_chosen(known[key], str(value))
                    for key, value in line.answers.items()
                    if key in known
                },
                ID_NUMBER: numbers.get(line.number, ""),
            },
        )
        for line in lines
    ]
    day = min(campaign.survey_day, now.astimezone(place.year.zone).date())
    source = f"dossier:{upload.campaign_id}/{upload.version}"
    return _begin(
        store, place, read, act=FROM_DOSSIER, day=day, source=source, by=by, now=now, dry_run=dry_run
    )


def begin_from_table(
    store: Store, *, village_code: str, name: str, data: bytes, by: str, now: datetime, dry_run: bool = False
) -> Begun | Refused:
    """With a list (CSV, or the first sheet of a workbook) whose head line has the titles of annex 2."""
    with store.reading() as session:
        place = place_for(session, FROM_TABLE, village_code, by=by)
    if isinstance(place, Refused):
        return place
    table = table_apart(data, name=name)
    read = table if isinstance(table, Refused) else _lines_in(table, place.year.columns())
    if isinstance(read, Refused):
        return read
    day = now.astimezone(place.year.zone).date()
    return _begin(
        store, place, read, act=FROM_TABLE, day=day, source="import", by=by, now=now, dry_run=dry_run
    )


def _newest(session: Session, place: Place) -> UploadRow | None:
    found = accepted_of(session, place.village.codes)
    return next((one for one in found if erased_at(session, one.blob_id) is None), None)


def _lines_in(table: Sequence[Sequence[str]], columns: Mapping[str, Column]) -> list[Line] | Refused:
    keys = {folded(one.title): key for key, one in columns.items()}
    for n, head in enumerate(table[:FIRST_LINES]):
        found = [keys.get(folded(cell)) for cell in head]
        if {ID_NUMBER, "name"} <= set(found):
            return [
                Line(number, _values(found, row, columns))
                for number, row in enumerate(table[n + 1 :], n + 2)
                if any(cell.strip() for cell in row)
            ]
    return NO_HEAD


def _values(keys: Sequence[str | None], row: Sequence[str], columns: Mapping[str, Column]) -> dict[str, str]:
    return {
        key: _as_chosen(columns[key], cell.strip())
        for key, cell in zip(keys, row, strict=False)
        if key is not None and cell.strip()
    }


def _as_chosen(column: Column, text: str) -> str:
    """An answer as the form offers it, however it was typed; what it does not offer stays, to be refused."""
    if not column.choices:
        return text
    typed = folded_entries(text, column.kind, column.choices)
    chosen = [
        one for one in column.choices if not folded_entries(one, "choice", column.choices).isdisjoint(typed)
    ]
    return SEVERAL.join(chosen) or text


@repeatable
def _begin(
    store: Store,
    place: Place,
    lines: Sequence[Line],
    *,
    act: str,
    day: date,
    source: str,
    by: str,
    now: datetime,
    dry_run: bool,
) -> Begun | Refused:
    with store.writing() as session:
        # Asked once more: reading the list took its time.
        now_there = place_for(session, act, place.village.code, by=by)
        if isinstance(now_there, Refused):
            return now_there
        if living.locked_roster(session, place.village.code) is not None:
            return BEGUN
        people, unread = _people_in(place, lines, day=day)
        if dry_run:
            return Begun(len(people), unread)
        code = place.village.code
        roster = LivingRosterRow(
            village_code=code, town_code=place.village.town_code, source=source, begun_by=by, begun_at=now
        )
        living.begin(session, roster)
        _write(session, store, place, roster, people, day=day, noting=living.Noting(source, by, now))
        facts = {"people": len(people), "source": source}
        audit.note(
            session, at=now, actor=by, act="begin_roster", subject=subject_of_village(code), facts=facts
        )
    return Begun(len(people), unread)


def _people_in(
    place: Place, lines: Iterable[Line], *, day: date
) -> tuple[list[LivingPerson], tuple[tuple[int, str], ...]]:
    """Everybody who can stand in a roster, each once, and the rows of nobody."""
    columns, seen = place.year.columns(), set[str]()
    people, unread = list[LivingPerson](), list[tuple[int, str]]()
    for line in lines:
        entry = settled(Entry("came", day, values=line.values), columns)
        refused = entry if isinstance(entry, Refused) else refuse(entry, (), today=day)
        if isinstance(entry, Refused) or refused is not None:
            unread.append((line.number, refused.reason if refused else ""))
        elif entry.values[ID_NUMBER] in seen:
            unread.append((line.number, "此人在名册中已有一行。"))
        else:
            seen.add(entry.values[ID_NUMBER])
            people.append(LivingPerson(new_key(), entry.values))
    return people, tuple(unread)


def _write(
    session: Session,
    store: Store,
    place: Place,
    roster: LivingRosterRow,
    people: Sequence[LivingPerson],
    *,
    day: date,
    noting: living.Noting,
) -> None:
    numbers = [(one.key, one.values[ID_NUMBER]) for one in people]
    living.add_people(session, store.vault, numbers, at=roster, day=day, there=True)
    came = [Change(0, one.key, "came", day, noting.at, one.values) for one in people]
    living.add_changes(session, store.vault, roster.village_code, came, noting)
    dues = dues_of(people, place.year.plan.groups, confirmed=day)
    living.set_due(session, [], dues, town_code=roster.town_code)
