"""A village's people on any day, and who should have been asked: masked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from actions.year.changes import NOT_BEGUN
from actions.year.opening import Place, place_for, towns_for, year_of
from records.store import Session, Store
from records.year import living
from rules.dossiers.id_numbers import mask
from rules.refusals import Refused
from rules.year.entries import ID_NUMBER, KINDS, NAME
from rules.year.roster import LivingPerson, roster_on, standing


@dataclass(frozen=True, slots=True)
class Shown:
    """A person as lists show one: the row's key, the name, the number masked, groups by title."""

    key: str
    name: str
    masked: str
    groups: tuple[str, ...]
    state: str
    since: date | None = None
    """Since when they should have been asked."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many of a town's group should have been asked by now."""

    town: str
    group: str
    people: int


def state_on(
    store: Store, *, village_code: str, day: date, by: str, known_at: datetime | None = None
) -> tuple[Shown, ...] | Refused:
    """Who was there at the end of ``day``: as it is known by now, or as it was at ``known_at``."""
    with store.reading() as session:
        place = _place(session, "state.state_on", village_code, by=by)
        if isinstance(place, Refused):
            return place
        changes = living.changes_of(session, store.vault, village_code)
    return tuple(_shown(place, one) for one in roster_on(changes, day, known_at=known_at))


@dataclass(frozen=True, slots=True)
class Past:
    """A change as it was noted, by its number; ``overtaken`` when another stands for it now."""

    id: int
    kind: str
    day: date
    recorded_at: datetime
    said: Mapping[str, str]
    corrects: int | None
    overtaken: bool


def history_of(store: Store, *, village_code: str, person: str, by: str) -> tuple[Past, ...] | Refused:
    """All that was ever noted of a row, the number masked."""
    with store.reading() as session:
        place = _place(session, "state.history_of", village_code, by=by)
        if isinstance(place, Refused):
            return place
        rows = living.people_with(session, [person])
        if person not in rows or rows[person].village_code != village_code:
            return Refused("no_such_person", "该社区(村)的花名册里没有这一行，请核对行键。")
        changes = living.changes_about(session, store.vault, [person])[person]
    titles = {key: one.title for key, one in place.year.columns().items()}
    stand = {one.id for one in standing(changes)}
    return tuple(
        Past(
            one.id, KINDS[one.kind], one.day, one.recorded_at, _said(one.values, titles), one.corrects,
            one.id not in stand,
        )
        for one in changes
    )  # fmt: skip


def _said(values: Mapping[str, str], titles: Mapping[str, str]) -> dict[str, str]:
    shown = {**values, **({ID_NUMBER: mask(values[ID_NUMBER])} if values.get(ID_NUMBER) else {})}
    return {titles.get(key, key): value for key, value in shown.items()}


def overdue_counts(store: Store, *, by: str, now: datetime) -> tuple[Overdue, ...] | Refused:
    """By town and group, in their order, of the towns that ``by`` may see."""
    with store.reading() as session:
        year = year_of(session)
        if isinstance(year, Refused):
            return year
        towns = towns_for(session, "state.overdue_counts", year, by=by)
        if not towns:
            return Refused("not_yours", "您没有查看日常服务逾期情况的权限。")
        counts = living.overdue_counts(session, now.astimezone(year.zone).date())
    return tuple(
        Overdue(town.name, group.title, counts[town.code, group.key])
        for town in year.towns
        for group in year.plan.groups
        if town.code in towns and (town.code, group.key) in counts
    )


def overdue_people(store: Store, *, village_code: str, by: str, now: datetime) -> tuple[Shown, ...] | Refused:
    """Who of a village should have been asked, the longest overdue first."""
    with store.reading() as session:
        place = _place(session, "state.overdue_people", village_code, by=by)
        if isinstance(place, Refused):
            return place
        today = now.astimezone(place.year.zone).date()
        due = living.overdue_people(session, village_code, today)
        changes = living.changes_about(session, store.vault, list(due))
    people = {key: roster_on(mine, today) for key, mine in changes.items()}
    return tuple(_shown(place, one, since=day) for key, day in due.items() for one in people[key])


def _place(session: Session, act: str, village_code: str, *, by: str) -> Place | Refused:
    place = place_for(session, act, village_code, by=by)
    if isinstance(place, Place) and village_code not in living.begun(session):
        return NOT_BEGUN
    return place


def _shown(place: Place, person: LivingPerson, *, since: date | None = None) -> Shown:
    values: Mapping[str, str] = person.values
    groups = tuple(one.title for one in place.year.plan.groups if one.where and one.holds(values))
    number = values.get(ID_NUMBER, "")
    state = values.get(place.year.plan.state, "")
    return Shown(person.key, values.get(NAME, ""), mask(number) if number else "", groups, state, since)
