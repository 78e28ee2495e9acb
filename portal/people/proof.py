"""Proving once more who one is, before what outlives a session: the form that was sent waits on the page meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from starlette.responses import Response

from actions.people import sessions
from portal.people import passwords
from portal.web.language import NAMES, Language, language
from portal.web.rendering import UNPROCESSABLE, keep_language, show
from portal.web.request import Asked
from records import clock
from rules.refusals import Refused

CODE, PASSWORD, LANGUAGE = "proof_code", "proof_password", "proof_language"
OURS = (CODE, PASSWORD, LANGUAGE, "form_token")


def proved(answer: Callable[[Asked], Response]) -> Callable[[Asked], Response]:
    """The same answer for whoever gave password or code here a moment ago; else they are asked for it first."""

    def answered(asked: Asked) -> Response:
        within = timedelta(minutes=asked.house.settings.proof_minutes)
        with asked.store.reading() as session:
            fresh = sessions.is_proved(session, asked.session_hash, within=within, host_now=clock.host_now())
        if fresh:
            return answer(asked)
        chosen = asked.field(LANGUAGE)
        if chosen in NAMES:
            return keep_language(_ask(asked, spoken=language(chosen)), asked, chosen)
        if CODE not in asked.form and PASSWORD not in asked.form:
            return _ask(asked)
        refused = _prove(asked)
        return _ask(asked, refused) if refused else answer(asked)

    return answered


def _prove(asked: Asked) -> Refused | None:
    password = asked.form.get(PASSWORD, "")
    return sessions.prove(
        asked.store,
        session_hash=asked.session_hash,
        person_id=asked.person.id,
        matches=passwords.matches(password if isinstance(password, str) else ""),
        step_of=passwords.step_of(asked.field(CODE)),
        now=asked.now,
        host_now=clock.host_now(),
    )


def _ask(asked: Asked, refused: Refused | None = None, spoken: Language | None = None) -> Response:
    with asked.store.reading() as session:
        by_code = sessions.has_telephone(session, asked.person.id)
    kept = [(name, value) for name, value in asked.form.multi_items() if name not in OURS]
    facts = {
        "refused": refused,
        "by_code": by_code,
        "path": asked.request.url.path,
        "kept": [(name, value) for name, value in kept if isinstance(value, str)],
        "minutes": asked.house.settings.proof_minutes,
    }
    return show(asked, "people/proof.html", facts, status=UNPROCESSABLE if refused else 200, spoken=spoken)
