"""In which language somebody reads their mails: a choice of their own."""

from __future__ import annotations

from datetime import datetime

from notifications.rendering import LANGUAGES
from records import audit
from records.store import Store, repeatable
from records.tables.people import PersonRow
from rules.refusals import Refused


@repeatable
def choose_language(store: Store, *, person_id: str, language: str, now: datetime) -> Refused | None:
    """Mails from now on, those that wait already among them."""
    if language not in LANGUAGES:
        return Refused("no_language", "邮件只有中文和英文两种，请选择其一。")
    with store.writing() as session:
        session.get_one(PersonRow, person_id).language = language
        facts = {"language": language}
        audit.note(
            session,
            at=now,
            actor=person_id,
            act="choose_language",
            subject=f"person:{person_id}",
            facts=facts,
        )
    return None
