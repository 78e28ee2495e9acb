"""Absences as a page shows them: past, present and to come, and the form with which one is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from actions.duties.absences import today_of
from portal.web.request import Asked
from records.duties.absences import absences_of, as_rule
from records.people.people import as_rule as person_as_rule
from records.people.people import everybody
from records.store import Session
from records.tables.duties import AbsenceRow
from records.tables.people import PersonRow
from rules.duties.absences import is_colleague
from rules.duties.holding import may_stand_in


@dataclass(frozen=True, slots=True)
class Shown:
    """One absence and where it stands: coming, now, over, or ended early."""

    row: AbsenceRow
    stands: str

    @property
    def may_end(self) -> bool:
        return self.stands in ("coming", "now")


def absence_facts(session: Session, asked: Asked, absent: PersonRow) -> dict[str, object]:
    """What ``absences.html`` needs to know about somebody."""
    today = today_of(session, asked.now)
    return {
        "absent": absent,
        "absences": [Shown(row, _stands(row, today)) for row in absences_of(session, absent.id)],
        "stand_ins": _stand_ins(session, asked, absent),
        "today": today.isoformat(),
        "typed_absence": {name: asked.field(name) for name in ("first", "last", "stand_in", "reason")},
    }


def _stands(row: AbsenceRow, today: date) -> str:
    absence = as_rule(row)
    if row.ended_at is not None:
        return "ended"
    if absence.covers(today):
        return "now"
    return "coming" if today < absence.first else "over"


def _stand_ins(session: Session, asked: Asked, absent: PersonRow) -> list[PersonRow]:
    """Whom one may name: a coordinator whoever shares a role, everybody else their deputy and their colleagues."""
    person = person_as_rule(absent)
    others = [
        one
        for one in everybody(session)
        if one.active and one.id != absent.id and may_stand_in(person, person_as_rule(one))
    ]
    if asked.may("absence.record"):
        return others
    return [one for one in others if one.id == person.deputy or is_colleague(person, person_as_rule(one))]
