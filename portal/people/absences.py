"""Absences: recorded by oneself or by a coordinator, and ended early."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from starlette.responses import Response

from actions.duties.absences import end_absence, record_absence, today_of
from portal.people.account import account_page
from portal.people.staff import person_page
from portal.web.path_objects import need
from portal.web.rendering import go
from portal.web.request import Asked
from portal.web.routes import Route
from records.duties.absences import absences_of, as_rule
from records.people.people import as_rule as person_as_rule
from records.people.people import everybody
from records.store import Session
from records.tables.duties import AbsenceRow
from records.tables.people import PersonRow
from rules.duties.absences import Absence, is_colleague
from rules.refusals import Refused


def record_own(asked: Asked) -> Response:
    refused = _record(asked, asked.person.id)
    return account_page(asked, refused) if refused else go("/account", said="absence_recorded")


def record_for(asked: Asked) -> Response:
    somebody = need(asked.found.somebody)
    refused = _record(asked, somebody.id)
    return person_page(asked, refused) if refused else go(f"/people/{somebody.id}", said="absence_recorded")


def _record(asked: Asked, person_id: str) -> Refused | None:
    try:
        days = [date.fromisoformat(asked.field(name)) for name in ("first", "last")]
    except ValueError:
        return Refused("no_date", "日期无法识别，请按2020-11-20的格式填写。")
    wanted = Absence(person_id, asked.field("stand_in"), *days)
    done = record_absence(
        asked.store, wanted, by=asked.person.id, now=asked.now, reason=asked.field("reason")
    )
    return done if isinstance(done, Refused) else None


def end(asked: Asked) -> Response:
    """One's own leads back to the account, anybody else's to that person."""
    absence = need(asked.found.absence)
    refused = end_absence(asked.store, absence_id=absence.id, by=asked.person.id, now=asked.now)
    if absence.person_id == asked.person.id:
        return account_page(asked, refused) if refused else go("/account", said="absence_ended")
    page = f"/people/{absence.person_id}"
    return person_page(asked, refused) if refused else go(page, said="absence_ended")


ROUTES = (
    Route("POST", "/account/absences", "absence.record_own", record_own),
    Route("POST", "/people/{person_id}/absences", "absence.record", record_for),
    Route("POST", "/absences/{absence_id}/end", "absence.end", end),
)


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
    """Whom one may name: a coordinator anybody, everybody else their deputy and their colleagues."""
    others = [one for one in everybody(session) if one.active and one.id != absent.id]
    if asked.may("absence.record"):
        return others
    person = person_as_rule(absent)
    return [one for one in others if one.id == person.deputy or is_colleague(person, person_as_rule(one))]
