"""The cookie by which a browser is known where somebody has logged in before: it opens nothing, it only waits less."""

from __future__ import annotations

import secrets

from starlette.responses import Response

from actions.people import tries
from portal.web.request import PublicAsked, way

A_YEAR_S = 365 * 24 * 3600
LONGEST = 400


def known_browser(asked: PublicAsked) -> str:
    """What the browser brings; empty where it brings nothing of ours."""
    brought = asked.request.cookies.get(_name(asked), "")
    return brought if len(brought) <= LONGEST and brought.replace(".", "").isalnum() else ""


def remember_browser(response: Response, asked: PublicAsked, person_id: str) -> None:
    """Somebody is in: from now on wrong tries elsewhere do not make them wait here."""
    marked = tries.remembering(asked.store.vault, known_browser(asked), person_id, fresh=secrets.token_hex(8))
    response.set_cookie(
        _name(asked),
        marked,
        max_age=A_YEAR_S,
        path="/",
        secure=way(asked.request, asked.house.settings) == "secure",
        httponly=True,
        samesite="lax",
    )


def _name(asked: PublicAsked) -> str:
    return "__Host-hqe-known" if way(asked.request, asked.house.settings) == "secure" else "hqe-known"
