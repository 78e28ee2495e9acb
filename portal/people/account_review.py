"""The quarterly look at every account: kept or stood down, many at once, by somebody else than its person."""

from __future__ import annotations

from starlette.responses import Response

from actions.people import account_review, staff
from portal.people.proof import proved
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from records.people.people import everybody
from rules.people.account_review import is_due, is_unused, refuse_review
from rules.refusals import Refused

ADDRESS = "/campaigns/{campaign_id}/accounts"
NOBODY = Refused("nobody", "请先勾选要停用的账号。")


def show_accounts(asked: Asked, refused: Refused | None = None) -> Response:
    """What is due first; one's own account is shown and cannot be ticked."""
    campaign, now = need(asked.found.campaign), asked.now
    with asked.store.reading() as session:
        rows = {row.id: row for row in everybody(session)}
        known = account_review.accounts_of(session)
        facts = {
            "refused": refused,
            "zone": campaign.zone,
            "people": rows,
            "accounts": sorted(known, key=lambda one: (not is_due(one, now=now), one.person_id)),
            "due": {one.person_id for one in known if is_due(one, now=now)},
            "unused": {one.person_id for one in known if is_unused(one, now=now)},
            "duty": next(iter(account_review.asked_for(session, campaign.id)), None),
            "towns": {town.code: town.name for town in campaign.towns},
        }
    return show(asked, "people/accounts.html", facts, status=UNPROCESSABLE if refused else 200)


def keep(asked: Asked) -> Response:
    """Everything that was ticked stays, or nothing does."""
    done = account_review.keep_accounts(
        asked.store, person_ids=asked.fields("account"), by=asked.person.id, now=asked.now
    )
    return show_accounts(asked, done) if isinstance(done, Refused) else _back(asked, "accounts_kept")


def stand_down(asked: Asked) -> Response:
    """One after the other; whoever cannot go is named, those before are stood down."""
    ticked = asked.fields("account")
    if not ticked:
        return show_accounts(asked, NOBODY)
    own = next(filter(None, (refuse_review(one, by=asked.person.id) for one in ticked)), None)
    if own:
        return show_accounts(asked, own)
    for number, person_id in enumerate(ticked):
        done = staff.deactivate(asked.store, person_id=person_id, by=asked.person.id, now=asked.now)
        if isinstance(done, Refused):
            before = f"此前的{number}个已停用。" if number else ""
            return show_accounts(asked, Refused(done.code, f"{person_id}没有停用：{done.reason}{before}"))
    return _back(asked, "accounts_stood_down")


def _back(asked: Asked, said: str) -> Response:
    return go(f"/campaigns/{need(asked.found.campaign).id}/accounts", said=said)


ROUTES = (
    Route("GET", ADDRESS, "people.read", show_accounts),
    Route("POST", f"{ADDRESS}/kept", "people.change", proved(keep)),
    Route("POST", f"{ADDRESS}/stood-down", "people.change", proved(stand_down)),
)
