"""One's own tokens for programs: listed, made once shown, revoked."""

from __future__ import annotations

from starlette.responses import Response

from actions.people import login, second_factor, tokens
from actions.people.tokens import MOST_DAYS, MadeToken, is_alive
from portal.people import passwords
from portal.web.menu import the_campaign
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from records import clock
from records.people.tokens import tokens_of
from rules.entries import read_whole
from rules.people.rights import SCOPES, needs_one_time_password, scopes_for
from rules.refusals import Refused

USUAL_DAYS = 90
PAGE = "/account/tokens"


def show_tokens(asked: Asked) -> Response:
    return _page(asked)


def _page(asked: Asked, refused: Refused | None = None, made: MadeToken | None = None) -> Response:
    host_now = clock.host_now()
    with asked.store.reading() as session:
        campaign = the_campaign(session)
        mine = tokens_of(session, asked.person.id)
    facts = {
        "refused": refused,
        "made": made,
        "campaign": campaign,
        "zone": campaign.zone if campaign else None,
        "tokens": [(one, is_alive(one, host_now=host_now)) for one in mine],
        "titles": SCOPES,
        "offered": scopes_for(asked.person.roles),
        "chosen": _chosen(asked),
        "name": asked.field("name"),
        "days": asked.field("days") or str(USUAL_DAYS),
        "most_days": MOST_DAYS,
        "second_factor": needs_one_time_password(asked.person.roles),
    }
    return show(asked, "people/tokens.html", facts, status=UNPROCESSABLE if refused else 200)


def _chosen(asked: Asked) -> list[str]:
    return [one for one in asked.form.getlist("scope") if isinstance(one, str)]


def make(asked: Asked) -> Response:
    """A token outlives the session: whoever makes one proves once more who they are."""
    done = _refuse_stranger(asked) or tokens.make_token(
        asked.store,
        person_id=asked.person.id,
        name=asked.field("name"),
        scopes=_chosen(asked),
        days=read_whole(asked.field("days")) or 0,
        by=asked.person.id,
        now=asked.now,
        host_now=clock.host_now(),
    )
    return _page(asked, refused=done) if isinstance(done, Refused) else _page(asked, made=done)


def _refuse_stranger(asked: Asked) -> Refused | None:
    """Whoever sits at somebody's open browser knows neither the password nor the telephone's code."""
    password = asked.form.get("password", "")
    refused = login.confirm_password(
        asked.store,
        person_id=asked.person.id,
        matches=passwords.matches(password if isinstance(password, str) else ""),
        now=asked.now,
        host_now=clock.host_now(),
    )
    if refused or not needs_one_time_password(asked.person.roles):
        return refused
    return second_factor.confirm_code(
        asked.store,
        person_id=asked.person.id,
        step_of=passwords.step_of(asked.field("code")),
        now=asked.now,
        host_now=clock.host_now(),
    )


def revoke(asked: Asked) -> Response:
    refused = tokens.revoke_token(
        asked.store,
        token_id=need(asked.found.token).id,
        by=asked.person.id,
        now=asked.now,
        host_now=clock.host_now(),
    )
    return _page(asked, refused) if refused else go(PAGE, said="token_revoked")


ROUTES = (
    Route("GET", PAGE, "token.make", show_tokens),
    Route("POST", PAGE, "token.make", make),
    Route("POST", f"{PAGE}/{{token_id}}/revocation", "token.revoke", revoke),
)
