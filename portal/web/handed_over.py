"""What passed from somebody to somebody else: its old address says to whom and when, and nothing of the case."""

from __future__ import annotations

from datetime import datetime

from portal.web.path_objects import Found
from records.duties.handovers import newest_from
from records.people.people import Names
from records.review.gates import seat_duties
from records.store import Session
from records.tables.duties import DutyRow


def where_it_went(session: Session, found: Found, person_id: str) -> tuple[str, datetime] | None:
    """Who has been given what this path names, and when it left ``person_id``; None where it was never theirs."""
    handover = newest_from(session, _duties(session, found), person_id)
    return (Names(session)[handover.to_person], handover.at) if handover else None


def _duties(session: Session, found: Found) -> list[DutyRow]:
    if found.gate is not None:
        return list(seat_duties(session, found.gate).values())
    if found.duty is not None:
        return [found.duty]
    return []
