"""Nobody is missing: whom business data know and no roster has, who stands in two, who is without a state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from actions.year.opening import NOT_YOURS, towns_for, year_of
from records.campaign.campaigns import openings
from records.dossiers import extracts
from records.store import Session, Store
from records.tables.dossiers import ExtractRow
from records.year import living
from rules.refusals import Refused
from rules.year import missing as rule
from rules.year.entries import ID_NUMBER, NAME
from rules.year.missing import Kept
from rules.year.opened import OpenedYear
from rules.year.roster import roster_on


@dataclass(frozen=True, slots=True)
class Nameless:
    """Somebody of working age without a state of employment."""

    village_code: str
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Missing:
    """``unknown``: by source of business data, how many stand in no roster of the county; ``twice``: the villages of
    each person who stands in two rosters, or twice in one."""

    unknown: dict[str, int]
    twice: tuple[tuple[str, ...], ...]
    stateless: tuple[Nameless, ...]


def find_missing(store: Store, *, by: str, now: datetime) -> Missing | Refused:
    """Of the towns that ``by`` may see; what business data know is asked of the county as a whole."""
    with store.reading() as session:
        year = year_of(session)
        if isinstance(year, Refused):
            return year
        towns = towns_for(session, "missing.find_missing", year, by=by)
        if not towns:
            return NOT_YOURS
        places = living.begun(session)
        mine = {village for village, town in places.items() if town in towns}
        marks = living.marks_of(session, places)
        unknown = _unknown(session, store, {mark for _, _, mark in marks})
        kept, of_age = _kept(session, store, year, mine, today=now.astimezone(year.zone).date())
    return Missing(unknown, _twice(marks, mine), _stateless(year, kept, of_age))


def _unknown(session: Session, store: Store, known: set[str]) -> dict[str, int]:
    """By source of every campaign's newest extracts, those of a later campaign instead."""
    newest = dict[str, ExtractRow]()
    for campaign_id, *_ in openings(session):
        newest |= extracts.newest_extracts(session, campaign_id)
    return {
        source: len(extracts.lookups_in(session, store.vault, row) - known)
        for source, row in sorted(newest.items())
    }


def _twice(marks: list[tuple[str, str, str]], mine: set[str]) -> tuple[tuple[str, ...], ...]:
    found = rule.in_two_rosters((mark, village) for village, _, mark in marks)
    return tuple(sorted(where for where in found.values() if not mine.isdisjoint(where)))


def _kept(
    session: Session, store: Store, year: OpenedYear, villages: set[str], *, today: date
) -> tuple[list[Kept], set[str]]:
    kept, of_age = list[Kept](), set[str]()
    for code in sorted(villages):
        for person in roster_on(living.changes_of(session, store.vault, code), today):
            kept.append(Kept(code, person))
            if year.is_of_working_age(person.values.get(ID_NUMBER, ""), today):
                of_age.add(person.key)
    return kept, of_age


def _stateless(year: OpenedYear, kept: list[Kept], of_age: set[str]) -> tuple[Nameless, ...]:
    found = rule.without_state(kept, column=year.plan.state, of_working_age=of_age)
    return tuple(Nameless(one.village_code, one.person.key, one.person.values.get(NAME, "")) for one in found)
