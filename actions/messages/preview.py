"""A message as it would read now: no secret is minted for it, and nothing is written."""

from __future__ import annotations

from collections.abc import Mapping

from actions.duties.holders import day_of
from actions.lookup import campaign_of
from actions.messages.digests import ALL_SETTLED, facts_of, gathered
from notifications.catalog import facts_taken
from notifications.rendering import MASK, render
from notifications.wording import left_text
from records.outbox import DIGEST
from records.review.blindness import is_withheld
from records.store import Session
from records.tables.messages import OutboxRow
from records.tables.people import PersonRow
from records.tables.review import GateRow

WITHHELD = "您正在独立复审该社区(村)，这封邮件可能涉及初审意见，复审办结后才能查看。"


def text_for(session: Session, row: OutboxRow, *, sealed: Mapping[str, str], reader: str) -> str:
    """The text as this person may read it now: ``sealed`` villages are those that they review blind."""
    withheld = is_withheld(session, row, sealed=sealed, reader=reader)
    return WITHHELD if withheld else text_of(session, row)


def text_of(session: Session, row: OutboxRow) -> str:
    """What was sent, its secrets masked; before that what would be sent, or why no template fits."""
    if row.text:
        return row.text
    if row.template == DIGEST:
        return _text_of_digest(session, row)
    return _filled(session, row, row.facts)


def _text_of_digest(session: Session, row: OutboxRow) -> str:
    campaign = campaign_of(session, row.campaign_id)
    found = gathered(session, campaign, row, now=row.not_before)
    if not found.told:
        return ALL_SETTLED
    if found.alone is not None:
        return text_of(session, found.alone)
    return _filled(session, row, facts_of(campaign, found, link="", now=row.not_before))


def _filled(session: Session, row: OutboxRow, said: Mapping[str, object]) -> str:
    campaign, person = campaign_of(session, row.campaign_id), session.get_one(PersonRow, row.person_id)
    facts: dict[str, object] = {
        **said,
        "campaign": campaign.title,
        "county": campaign.county,
        "recipient": person.name,
        "honour": campaign.called,
        "first_honour": campaign.first_honour,
        "left": left_text(said, today=day_of(campaign, max(row.not_before, row.written_at))),
        "link": MASK if row.template == "account_invited" else "",
        **({"valid": MASK} if row.template == "account_invited" else {}),
        **({"code": MASK} if _carries_code(session, row) else {}),
    }
    taken = facts_taken(row.template)
    try:
        known = {name: value for name, value in facts.items() if name in taken}
        message = render(row.template, known, language=person.language)
    except LookupError as error:
        return str(error)
    return f"{message.subject}\n\n{message.body}"


def _carries_code(session: Session, row: OutboxRow) -> bool:
    gate = session.get(GateRow, row.gate_id) if row.template == "gate_opened" and row.gate_id else None
    return gate is not None and gate.state == "open"
