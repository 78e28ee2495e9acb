"""How a town's request for more time is answered: by the coordinator, or by a date that has moved meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from records import audit
from records.duties.extensions import requests_of
from records.locks import locked_one
from records.store import Session
from records.tables.duties import DutyRow, ExtensionRequestRow


def answer(
    session: Session, request: ExtensionRequestRow, *, said: str, by: str, words: str, now: datetime
) -> None:
    """Write the answer down; ``said`` is granted or refused."""
    request.answer, request.answered_by, request.answered_at = said, by, now
    request.words = words.strip()
    duty = session.get_one(DutyRow, request.duty_id)
    facts = {"answer": said, "words": request.words}
    audit.note(session, at=now, actor=by, act="answer_extension", subject=duty.key, facts=facts)


def lock_met(
    session: Session, moving: list[DutyRow], *, due_at: datetime, besides: int
) -> list[ExtensionRequestRow]:
    """The waiting requests to which a move of these duties to ``due_at`` gives all that they want.

    ``besides`` is one that the act answers itself, or 0.
    """
    wanted = sorted(request.id for duty in moving for request in _met(session, duty, due_at=due_at))
    locked = [locked_one(session, ExtensionRequestRow, one) for one in wanted if one != besides]
    return [request for request in locked if request.answer is None]


def _met(session: Session, duty: DutyRow, *, due_at: datetime) -> Iterator[ExtensionRequestRow]:
    asked = requests_of(session, duty.id)
    return (request for request in asked if request.answer is None and request.wanted_due <= due_at)
