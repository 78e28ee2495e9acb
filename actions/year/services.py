"""Recording a service: of a kind, on a day, in a village, for these people or so many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from actions.year.changes import NOT_BEGUN
from actions.year.opening import place_for, subject_of_village
from records import audit
from records.store import Session, Store, repeatable
from records.tables.year import ServiceRow
from records.year import living, services
from rules.refusals import Refused
from rules.year.opened import OpenedYear
from rules.year.roster import roster_on
from rules.year.services import refuse_service, served_before


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody wants to record: for ``people`` by their rows, or for a ``count``."""

    kind: str
    day: date
    people: tuple[str, ...] = ()
    count: int = 0
    corrects: int | None = None


@repeatable
def record_service(
    store: Store, *, village_code: str, given: Given, by: str, now: datetime, again: bool = False
) -> int | Refused:
    """The number of the record; ``again`` says that the same service was really given once more that day."""
    with store.writing() as session:
        place = place_for(session, "services.record_service", village_code, by=by)
        if isinstance(place, Refused):
            return place
        today = now.astimezone(place.year.zone).date()
        refused = _refuse(session, store, place.year, village_code, given, today=today, again=again)
        if refused:
            return refused
        row = ServiceRow(
            village_code=village_code,
            kind=given.kind,
            day=given.day,
            people=sorted(set(given.people)),
            count=len(set(given.people)) or given.count,
            corrects=given.corrects,
            recorded_by=by,
            recorded_at=now,
        )
        services.add(session, row)
        kind = place.year.service(given.kind)
        facts = {"kind": kind.title if kind else "", "day": given.day.isoformat(), "people": row.count}
        subject = subject_of_village(village_code)
        audit.note(session, at=now, actor=by, act="record_service", subject=subject, facts=facts)
    return row.id


def _refuse(
    session: Session,
    store: Store,
    year: OpenedYear,
    village_code: str,
    given: Given,
    *,
    today: date,
    again: bool,
) -> Refused | None:
    refused = refuse_service(
        year.service(given.kind), people=given.people, count=given.count, day=given.day, today=today,
        corrects=given.corrects is not None,
    )  # fmt: skip
    if refused:
        return refused
    begun = living.locked_roster(session, village_code) is not None
    there = services.standing(session, village_code)
    if given.corrects is not None and given.corrects not in {one.id for one in there}:
        return Refused("nothing_to_correct", "要更正的服务记录不在该社区(村)，或已被更正。请核对编号。")
    if given.people:
        if not begun:
            return NOT_BEGUN
        absent = _absent(session, store, village_code, given.people, given.day)
        if absent:
            return Refused("not_there", f"有{absent}人{given.day}不在册，不能登记服务。请核对日期和人员。")
    same = [
        tuple(one.people)
        for one in there
        if (one.kind, one.day) == (given.kind, given.day) and one.count and one.id != given.corrects
    ]
    return None if again else served_before(same, given.people)


def _absent(session: Session, store: Store, village_code: str, people: Sequence[str], day: date) -> int:
    """How many of them were not in this village's roster on the day."""
    rows = living.people_with(session, list(people))
    mine = [key for key in set(people) if key in rows and rows[key].village_code == village_code]
    changes = living.changes_about(session, store.vault, mine)
    present = sum(bool(roster_on(one, day)) for one in changes.values())
    return len(set(people)) - present
