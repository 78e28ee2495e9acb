"""Noting changes of a living roster: each is a row more, and none is ever written over."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from actions.year.opening import Place, place_for, subject_of_village
from actions.year.reckoning import reckon
from records import audit
from records.store import Session, Store, repeatable
from records.tables.year import LivingRosterRow
from records.year import living
from rules.refusals import Refused
from rules.year.entries import ID_NUMBER, KINDS, Entry, refuse, settled
from rules.year.roster import Change

KEY_BYTES = 8
NOT_BEGUN = Refused(
    "roster_not_begun", "该社区(村)还没有动态台账。请先用申报材料或名册导入（hqe year import）。"
)
NOTHING = Refused("nothing_noted", "没有要登记的变动。")


@dataclass(frozen=True, slots=True)
class Unfit:
    """An entry that cannot be noted: which, counted from 1, and why."""

    number: int
    why: Refused


@dataclass(frozen=True, slots=True)
class Noted:
    """How many changes of each kind were noted, or would be; none of them when one is ``unfit``."""

    kinds: dict[str, int]
    unfit: tuple[Unfit, ...] = ()

    @property
    def changes(self) -> int:
        return sum(self.kinds.values())


def new_key() -> str:
    """The opaque key of a row: it stays with it and tells nothing."""
    return secrets.token_hex(KEY_BYTES)


@repeatable
def note_changes(
    store: Store,
    *,
    village_code: str,
    entries: Sequence[Entry],
    source: str,
    by: str,
    now: datetime,
    dry_run: bool = False,
) -> Noted | Refused:
    """All of them or, when one cannot have been, none; a dry run judges and writes nothing."""
    with store.writing() as session:
        place = place_for(session, "changes.note_changes", village_code, by=by)
        if isinstance(place, Refused):
            return place
        roster = living.locked_roster(session, village_code)
        if roster is None or not entries:
            return NOT_BEGUN if roster is None else NOTHING
        desk = Desk(session, store, place, now)
        desk.take(entries)
        kinds: dict[str, int] = defaultdict(int)
        for change in desk.fresh:
            kinds[change.kind] += 1
        noted = Noted(dict(kinds), tuple(desk.unfit))
        if dry_run or noted.unfit:
            return noted
        desk.write(roster, living.Noting(source, by, now))
        facts = {"source": source, "kinds": {KINDS[change.kind]: kinds[change.kind] for change in desk.fresh}}
        subject = subject_of_village(village_code)
        audit.note(session, at=now, actor=by, act="note_changes", subject=subject, facts=facts)
    return noted


class Desk:
    """Entries on their way into the roster of one village: judged one after another, written together."""

    def __init__(self, session: Session, store: Store, place: Place, now: datetime) -> None:
        self.session, self.store, self.place, self.now = session, store, place, now
        self.today = now.astimezone(place.year.zone).date()
        self.columns = place.year.columns()
        self.known = living.people_of(session, place.village.code)
        self.by_lookup = {one.lookup: one.key for one in self.known.values() if one.lookup}
        self.changes: dict[str, list[Change]] = {}
        self.fresh: list[Change] = []
        self.newcomers: list[tuple[str, str]] = []
        self.unfit: list[Unfit] = []

    def take(self, entries: Sequence[Entry]) -> None:
        asked = [one.person for one in entries if one.person in self.known]
        asked += [key for one in entries if (key := self._known_by_number(one)) is not None]
        unique = list(dict.fromkeys(asked))
        self.changes = living.changes_about(self.session, self.store.vault, unique)
        for number, entry in enumerate(entries, 1):
            refused = self._take(entry)
            if refused is not None:
                self.unfit.append(Unfit(number, refused))

    def _known_by_number(self, entry: Entry) -> str | None:
        """Who comes again keeps the key of the row that was left."""
        read = settled(entry, self.columns)
        if isinstance(read, Refused) or entry.person or entry.kind != "came":
            return None
        return self.by_lookup.get(self.store.vault.lookup(read.values.get(ID_NUMBER, "")))

    def _take(self, entry: Entry) -> Refused | None:
        read = settled(entry, self.columns)
        if isinstance(read, Refused):
            return read
        key = read.person or self._known_by_number(read) or ""
        mine = self.changes.get(key, [])
        refused = refuse(read, mine, today=self.today)
        if refused is not None:
            return refused
        if not mine:
            key = self._welcome(read)
        # Ids come from the database; until then fresh changes count down from nought, in their order.
        change = Change(0, key, read.kind, read.day, self.now, read.values, read.corrects)
        self.fresh.append(change)
        provisional = replace(change, id=PROVISIONAL + len(self.fresh))
        self.changes.setdefault(key, []).append(provisional)
        return None

    def _welcome(self, entry: Entry) -> str:
        key, number = new_key(), entry.values[ID_NUMBER]
        self.newcomers.append((key, number))
        self.by_lookup[self.store.vault.lookup(number)] = key
        return key

    def write(self, roster: LivingRosterRow, noting: living.Noting) -> None:
        vault, code = self.store.vault, roster.village_code
        living.add_people(self.session, vault, self.newcomers, at=roster, day=self.today)
        living.add_changes(self.session, vault, code, self.fresh, noting)
        touched = {one.person for one in self.fresh}
        for row in living.people_with(self.session, sorted(touched)).values():
            row.confirmed = max(row.confirmed, self.today)
        mine = {key: self.changes[key] for key in sorted(touched)}
        reckon(self.session, self.store, self.place.year, roster, mine, today=self.today)


PROVISIONAL = 10**15
"""Above every id of the database: a fresh change is the newest."""
