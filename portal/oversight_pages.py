"""What was said, who has an account, and what was done: messages, people and the audit log."""

from __future__ import annotations

from starlette.responses import Response

from actions.inviting import invite_by_mail
from actions.telling import tell
from notifications.catalog import MESSAGES
from portal.doors import Route
from portal.finding import need
from portal.navigation import the_campaign
from portal.rendering import UNPROCESSABLE, go, show
from portal.visits import Asked
from records import accounts, outbox
from records.people import everybody, names_of
from rules.refusals import Refused

MOST_MESSAGES = 200
MOST_ENTRIES = 200
COMING = ("waiting", "claimed")
GONE = ("sent", "failed")
STATES = {"waiting": "待发", "claimed": "正在发送", "sent": "已发出", "failed": "未能发出"}


def show_messages(asked: Asked) -> Response:
    campaign = need(asked.found.campaign)
    with asked.store.reading() as session:
        facts = {
            "coming": outbox.messages_of(session, campaign.id, states=COMING, limit=MOST_MESSAGES),
            "gone": outbox.messages_of(session, campaign.id, states=GONE, limit=MOST_MESSAGES),
            "titles": {name: title for name, (title, _) in MESSAGES.items()},
            "states": STATES,
            "names": names_of(session),
            "zone": campaign.zone,
            "most": MOST_MESSAGES,
        }
        return show(asked, "messages.html", facts)


def show_people(asked: Asked) -> Response:
    return _people_page(asked)


def _people_page(asked: Asked, refused: Refused | None = None) -> Response:
    with asked.store.reading() as session:
        campaign = the_campaign(session)
        facts = {
            "refused": refused,
            "campaign": campaign,
            "people": everybody(session),
            "with_password": accounts.with_password(session),
            "names": names_of(session),
            "towns": {town.code: town.name for town in need(campaign).towns},
            "may_invite": asked.may("people.invite"),
        }
        return show(asked, "people.html", facts, status=UNPROCESSABLE if refused else 200)


def invite(asked: Asked) -> Response:
    with asked.store.reading() as session:
        campaign = need(the_campaign(session))
    if not asked.house.settings.public_url:
        refused: Refused | None = Refused(
            "no_public_url",
            "还没有设置系统网址(HQE_PUBLIC_URL)，邀请邮件中的链接打不开。请先请运行维护人员设置。",
        )
    else:
        refused = invite_by_mail(
            asked.store,
            person_id=need(asked.found.somebody).id,
            campaign_id=campaign.id,
            by=asked.person.id,
            now=asked.now,
        )
    return _people_page(asked, refused) if refused else go(f"/campaigns/{campaign.id}/people", said="invited")


def show_audit(asked: Asked) -> Response:
    campaign = need(asked.found.campaign)
    about = asked.request.query_params.get("about", "").strip()[:100]
    with asked.store.reading() as session:
        entries = list(reversed(tell(session, subject=about, limit=MOST_ENTRIES)))
        facts = {"entries": entries, "about": about, "zone": campaign.zone, "most": MOST_ENTRIES}
        return show(asked, "audit.html", facts)


ROUTES = (
    Route("GET", "/campaigns/{campaign_id}/messages", "messages.read", show_messages),
    Route("GET", "/campaigns/{campaign_id}/people", "people.read", show_people),
    Route("POST", "/people/{person_id}/invitations", "people.invite", invite),
    Route("GET", "/campaigns/{campaign_id}/audit", "audit.read", show_audit),
)
