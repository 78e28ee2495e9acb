"""Who has an account, and who is the person for a role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from records.tables.people import PersonRow
from rules.campaign.campaign import Person


def with_role(
    session: Session, role: str, *, town_code: str = "", without_conflict: str = ""
) -> list[PersonRow]:
    """Active people with ``role`` in order of id; for town roles those of ``town_code``.

    ``without_conflict`` leaves out whoever may not decide on that town.
    """
    # The database picks the few whose list of roles holds the word: of hundreds of people, at every wake.
    wanted = [PersonRow.active.is_(True), cast(PersonRow.roles, String).contains(role, autoescape=True)]
    if town_code:
        wanted.append(PersonRow.town_code == town_code)
    return [
        person
        for person in session.scalars(select(PersonRow).where(*wanted).order_by(PersonRow.id))
        if role in person.roles and without_conflict not in {person.town_code, *person.conflicts} - {""}
    ]


def lock_everybody(session: Session) -> None:
    """Everybody, read anew, for this act alone until it ends: changes among people look at all of them.

    Whoever only asks who somebody is, or opens a duty for them, does not wait for it.
    """
    wanted = select(PersonRow).order_by(PersonRow.id).with_for_update(key_share=True)
    session.scalars(wanted.execution_options(populate_existing=True)).all()


def as_rule(row: PersonRow) -> Person:
    """The person as the rules see one."""
    return Person(
        id=row.id,
        name=row.name,
        email=row.email,
        roles=tuple(row.roles),
        town_code=row.town_code,
        conflicts=tuple(row.conflicts),
        deputy=row.deputy,
    )


def add(session: Session, person: Person) -> None:
    """Add somebody, or leave who is there as they are."""
    if session.get(PersonRow, person.id) is None:
        session.add(
            PersonRow(
                id=person.id,
                name=person.name,
                email=person.email,
                roles=list(person.roles),
                town_code=person.town_code,
                conflicts=list(person.conflicts),
                deputy=person.deputy,
            )
        )


def names_of(session: Session) -> dict[str, str]:
    """id -> name of everybody, also of those who are not active any more."""
    found = session.execute(select(PersonRow.id, PersonRow.name).order_by(PersonRow.id))
    return {row.id: row.name for row in found}


class Names(Mapping[str, str]):
    """id -> name like ``names_of``, for pages that name a few people of thousands: the bureau's are looked up
    when the first is asked for, everybody else's one by one. Usable as long as its session is."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, str | None] = {}

    def __getitem__(self, person_id: str) -> str:
        if not self._known:
            bureau = select(PersonRow.id, PersonRow.name).where(PersonRow.town_code == "")
            self._known = {row.id: row.name for row in self._session.execute(bureau)}
        if person_id not in self._known:
            named = select(PersonRow.name).where(PersonRow.id == person_id)
            self._known[person_id] = self._session.scalar(named)
        name = self._known[person_id]
        if name is None:
            raise KeyError(person_id)
        return name

    def __iter__(self) -> Iterator[str]:
        return iter(self._session.scalars(select(PersonRow.id).order_by(PersonRow.id)))

    def __len__(self) -> int:
        return self._session.scalar(select(func.count()).select_from(PersonRow)) or 0


def everybody(session: Session) -> list[PersonRow]:
    """Everybody in order of id, also those who are not active any more."""
    return list(session.scalars(select(PersonRow).order_by(PersonRow.id)))


def put(session: Session, person: Person) -> None:
    """Add somebody, or make who is there like this; whether they are active stays as it is."""
    add(session, person)
    row = session.get_one(PersonRow, person.id)
    row.name, row.email, row.deputy = person.name, person.email, person.deputy
    row.roles, row.town_code, row.conflicts = list(person.roles), person.town_code, list(person.conflicts)
