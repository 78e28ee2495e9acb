"""The award ledger: a campaign's rows and what was paid out, a village across years and mergers, results from above."""

from __future__ import annotations

from starlette.responses import Response

from actions.lists.accounts import Accounts
from actions.lists.payouts import confirm_payouts, history_of
from actions.lists.results import Entry, enter_results
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from portal.web.security import DOCUMENT, DOCUMENT_BYTES
from records.campaign.villages import villages_of
from records.lists.causes import causes_of
from records.lists.ledger import entries_of, payouts_of
from records.people.people import Names
from rules.entries import read_row_number, read_whole
from rules.refusals import Refused


def show_ledger(asked: Asked) -> Response:
    return _ledger_page(asked)


def _ledger_page(asked: Asked, refused: Refused | None = None) -> Response:
    campaign = need(asked.found.campaign)
    with asked.store.reading() as session:
        rows = entries_of(session, campaign.id)
        facts = {
            "refused": refused,
            "zone": campaign.zone,
            "rows": rows,
            "payouts": payouts_of(session, [row.id for row in rows]),
            "total": sum(row.payable_yuan for row in rows),
            "may_confirm": asked.may("ledger.confirm"),
            "may_enter": asked.may("ledger.enter"),
            "causes": causes_of(session, campaign.id),
            "recognised": villages_of(session, campaign.id, states=["recognised"]),
            "names": Names(session),
            "typed": {name: asked.field(name) for name in TYPED},
        }
        return show(asked, "lists/ledger.html", facts, status=UNPROCESSABLE if refused else 200)


TYPED = ("village", "level", "kind", "document", "dated", "reason", "yuan", "voucher", "paid_on")


def confirm(asked: Asked) -> Response:
    """The rows that were ticked, paid by one voucher."""
    campaign = need(asked.found.campaign)
    day = asked.day("paid_on")
    done = (
        day
        if isinstance(day, Refused)
        else confirm_payouts(
            asked.store,
            campaign_id=campaign.id,
            ledger_ids=[read_row_number(one) for one in asked.fields("row")],
            paid_on=day,
            voucher=asked.field("voucher"),
            by=asked.person.id,
            now=asked.now,
        )
    )
    if isinstance(done, Refused):
        return _ledger_page(asked, done)
    return go(f"/campaigns/{campaign.id}/ledger", said="paid_out")


def enter(asked: Asked) -> Response:
    """A result from above, a withdrawn title, a recovery or a correction, with its document."""
    campaign = need(asked.found.campaign)
    entry = _entry(asked)
    done = (
        entry
        if isinstance(entry, Refused)
        else enter_results(
            asked.store, campaign_id=campaign.id, entries=[entry], by=asked.person.id, now=asked.now
        )
    )
    if isinstance(done, Refused):
        return _ledger_page(asked, done)
    return go(f"/campaigns/{campaign.id}/ledger", said="result_entered")


def _entry(asked: Asked) -> Entry | Refused:
    dated, yuan = asked.day("dated"), read_whole(asked.field("yuan") or "0", signed=True)
    if isinstance(dated, Refused):
        return dated
    if yuan is None:
        return Refused("not_yuan", "金额请只写整数元，不写单位和小数，减少的在前面写减号。")
    files = asked.files("file")
    data = files[0].file.read(DOCUMENT_BYTES + 1) if files else b""
    return Entry(
        village_code=asked.field("village"),
        level=asked.field("level"),
        kind=asked.field("kind"),
        document=asked.field("document"),
        dated=dated,
        reason=asked.field("reason"),
        yuan=yuan,
        file_name=(files[0].filename or "") if files else "",
        data=data,
    )


def show_account(asked: Asked) -> Response:
    """One village across years and mergers."""
    campaign, village = need(asked.found.campaign), need(asked.found.village)
    with asked.store.reading() as session:
        accounts = Accounts(session, campaign)
        held, awaited = accounts.held(village.code), accounts.awaits(village.code)
        lines = history_of(session, campaign.village(village.code).codes)
        facts = {
            "zone": campaign.zone,
            "village": village,
            "town": campaign.town(village.town_code),
            "lines": lines,
            "total": sum(row.payable_yuan for row, _ in lines),
            "out": sum(row.payable_yuan for row, paid in lines if paid is not None),
            "held": held if village.state == "recognised" else None,
            "awaited": awaited if village.state == "recognised" else None,
            "causes": causes_of(session, campaign.id, village.code),
            "titles": {award.level: award.title for award in campaign.awards},
        }
        return show(asked, "lists/account.html", facts)


ROUTES = (
    Route("GET", "/campaigns/{campaign_id}/ledger", "document.read", show_ledger),
    Route("POST", "/campaigns/{campaign_id}/ledger/payouts", "ledger.confirm", confirm),
    Route("POST", "/campaigns/{campaign_id}/ledger/results", "ledger.enter", enter, DOCUMENT),
    Route("GET", "/campaigns/{campaign_id}/villages/{village_code}/ledger", "ledger.read", show_account),
)
