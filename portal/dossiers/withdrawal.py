"""Taking a version back: what that means, and the button that does it."""

from __future__ import annotations

from starlette.responses import Response

from actions.dossiers.withdrawal import standing_of, withdraw
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from rules.dossiers.withdrawal import consequences, refuse_withdrawal
from rules.refusals import Refused


def ask(asked: Asked) -> Response:
    """Before it is done: which version, and everything that follows from it."""
    return _page(asked)


def _page(asked: Asked, refused: Refused | None = None) -> Response:
    campaign, village, upload = (
        need(asked.found.campaign),
        need(asked.found.village),
        need(asked.found.upload),
    )
    with asked.store.reading() as session:
        standing = need(standing_of(session, campaign, village))
    in_the_way = refuse_withdrawal(standing, version=upload.version, now=asked.now)
    facts = {
        "refused": refused or in_the_way,
        "zone": campaign.zone,
        "village": village,
        "town": campaign.town(village.town_code),
        "upload": upload,
        "may_withdraw": in_the_way is None,
        "warnings": [] if in_the_way else list(consequences(standing, now=asked.now)),
    }
    return show(asked, "dossiers/withdrawal.html", facts, status=UNPROCESSABLE if refused else 200)


def take_back(asked: Asked) -> Response:
    """Only with the tick that the consequences were read, and only the version that was shown."""
    campaign, village, upload = (
        need(asked.found.campaign),
        need(asked.found.village),
        need(asked.found.upload),
    )
    if not asked.field("sure"):
        return _page(asked, Refused("not_confirmed", "请先阅读撤回的后果，勾选“我已了解”后再撤回。"))
    done = withdraw(
        asked.store,
        campaign_id=campaign.id,
        village_code=village.code,
        version=upload.version,
        by=asked.person.id,
        now=asked.now,
    )
    if isinstance(done, Refused):
        return _page(asked, done)
    return go(f"/campaigns/{campaign.id}/villages/{village.code}", said="withdrawn")


ROUTES = (
    Route("GET", "/uploads/{upload_id}/withdrawal", "upload.withdraw", ask),
    Route("POST", "/uploads/{upload_id}/withdrawal", "upload.withdraw", take_back),
)
