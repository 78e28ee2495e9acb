"""What was said and what will be: messages sent, waiting, given up, and those of the next days."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from itertools import groupby

from starlette.responses import Response

from actions.messages.preview import WITHHELD, text_for
from actions.overview.forecast import forecast
from actions.overview.steering import HOW, steer
from actions.upkeep.repair import send_again
from notifications.catalog import MESSAGES, REPEATED
from portal.web.paging import Sheet, number_in
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from records import outbox
from records.people.people import names_of
from records.relays import relay_of
from records.review.blindness import is_withheld, sealed_names
from records.store import Session
from records.tables.messages import OutboxRow
from rules.entries import read_row_number
from rules.refusals import Refused

MOST_MESSAGES = 50
COMING = ("waiting", "claimed", "gathered")
GONE = ("sent", "told", "failed", "superseded")
STATES = {
    "waiting": "待发",
    "claimed": "正在发送",
    "sent": "已发出",
    "gathered": "待汇总",
    "told": "已并入汇总",
    "failed": "未能发出",
    "superseded": "不再需要，未发",
}
DAYS = (1, 3, 7, 14)
TITLES = {name: title for name, (title, _) in MESSAGES.items()}


def show_messages(asked: Asked) -> Response:
    campaign = need(asked.found.campaign)
    number = number_in(asked.request.query_params.get("page", ""))
    with asked.store.reading() as session:
        coming, gone = (_messages(session, campaign.id, states, number) for states in (COMING, GONE))
        sealed, reader = sealed_names(session, asked.person.id), asked.person.id
        facts = {
            "withheld": {
                row.id for row in gone.items if is_withheld(session, row, sealed=sealed, reader=reader)
            },
            "why_withheld": WITHHELD,
            "coming": coming,
            "gone": gone,
            "titles": TITLES,
            "states": STATES,
            "names": names_of(session),
            "zone": campaign.zone,
        }
        return show(asked, "overview/messages.html", facts)


def _messages(session: Session, campaign_id: str, states: Collection[str], number: int) -> Sheet[OutboxRow]:
    """One sheet of messages, and whether there are older ones."""
    before = (number - 1) * MOST_MESSAGES
    found = outbox.messages_of(session, campaign_id, states=states, limit=MOST_MESSAGES + 1, before=before)
    return Sheet(found[:MOST_MESSAGES], number, len(found) > MOST_MESSAGES)


def show_forecast(asked: Asked) -> Response:
    return _forecast_page(asked)


def _forecast_page(asked: Asked, refused: Refused | None = None) -> Response:
    """Every message of the next days if nobody does anything, by day, with its text."""
    campaign = need(asked.found.campaign)
    wanted = read_row_number(asked.request.query_params.get("days", ""))
    days = wanted if wanted in DAYS else DAYS[1]
    until = asked.now + timedelta(days=days)
    found = forecast(asked.store, campaign_id=campaign.id, now=asked.now, until=until, reader=asked.person.id)
    groups = groupby(found[:MOST_MESSAGES], lambda one: asked.language.day(one.at, campaign.zone))
    facts = {
        "foreseen": found,
        "groups": [(day, list(ones)) for day, ones in groups],
        "zone": campaign.zone,
        "days": days,
        "choices": DAYS,
        "most": MOST_MESSAGES,
        "refused": refused,
        "may_steer": asked.may("messages.change"),
        "steerable": REPEATED,
        "how": HOW,
        "typed": {"key": asked.field("key"), "words": asked.field("words")},
    }
    return show(asked, "overview/forecast.html", facts, status=UNPROCESSABLE if refused else 200)


def steer_message(asked: Asked) -> Response:
    """Hold one reminder back, send it at once, or add a sentence to it."""
    campaign = need(asked.found.campaign)
    refused = steer(
        asked.store,
        campaign_id=campaign.id,
        key=asked.field("key"),
        how=asked.field("how"),
        words=asked.field("words"),
        by=asked.person.id,
        now=asked.now,
    )
    address = f"/campaigns/{campaign.id}/messages/forecast"
    return _forecast_page(asked, refused) if refused else go(address, said="message_steered")


def show_message(asked: Asked) -> Response:
    return _message_page(asked)


def _message_page(asked: Asked, refused: Refused | None = None) -> Response:
    campaign, message = need(asked.found.campaign), need(asked.found.message)
    with asked.store.reading() as session:
        facts = {
            "refused": refused,
            "message": message,
            "text": text_for(
                session, message, sealed=sealed_names(session, asked.person.id), reader=asked.person.id
            ),
            "copy": relay_of(session, message.id),
            "titles": TITLES,
            "states": STATES,
            "names": names_of(session),
            "zone": campaign.zone,
        }
        return show(asked, "overview/message.html", facts, status=UNPROCESSABLE if refused else 200)


def resend(asked: Asked) -> Response:
    """Try a message that was given up once more, under the key and the Message-ID that it had."""
    message = need(asked.found.message)
    done = send_again(asked.store, [message.id], now=asked.now, by=asked.person.id)
    if isinstance(done, Refused) or not done:
        refused = done or Refused("not_failed", "只有未能发出的邮件可以重发，请刷新页面。")
        return _message_page(asked, refused)
    return go(f"/messages/{message.id}", said="message_again")


ROUTES = (
    Route("GET", "/campaigns/{campaign_id}/messages", "messages.read", show_messages),
    Route("GET", "/campaigns/{campaign_id}/messages/forecast", "messages.read", show_forecast),
    Route("POST", "/campaigns/{campaign_id}/messages/forecast", "messages.change", steer_message),
    Route("GET", "/messages/{message_id}", "messages.read", show_message),
    Route("POST", "/messages/{message_id}/resending", "messages.change", resend),
)
