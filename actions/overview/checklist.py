"""What is not ready before a campaign can run by itself, read from rows and from what the machine was told."""

from __future__ import annotations

from collections.abc import Sequence

from actions.lookup import calendar_of, campaign_of
from config.settings import Settings
from records.campaign.stages import stages_in_order
from records.people import accounts, invitations, people
from records.store import Session
from rules.people.readiness import Account, Item, Machine, readiness


def checklist(session: Session, campaign_id: str, settings: Settings) -> tuple[Item, ...]:
    """Every line, also those that are done, in the order in which one would see to it."""
    campaign = campaign_of(session, campaign_id)
    last = max(row.lock_at for row in stages_in_order(session, campaign_id))
    return readiness(
        accounts_of(session),
        campaign.towns,
        Machine(bool(settings.smtp_url), bool(settings.public_url), bool(settings.contact)),
        published_until=calendar_of(session, campaign_id).published_until,
        ends_on=last.astimezone(campaign.zone).date(),
    )


def accounts_of(session: Session) -> Sequence[Account]:
    """Everybody active, and how far their account has come."""
    invited, proofs = invitations.ever_invited(session), accounts.credentials(session)
    return [
        Account(
            person=people.as_rule(row),
            invited=row.id in invited,
            has_password=row.id in proofs,
            logged_in=row.id in proofs and proofs[row.id].last_at is not None,
            second_factor=row.id in proofs and proofs[row.id].totp_confirmed,
        )
        for row in people.everybody(session)
        if row.active
    ]


def to_invite(session: Session) -> list[str]:
    """Ids of everybody who was never invited and can be reached."""
    return [
        one.person.id
        for one in accounts_of(session)
        if not one.invited and not one.has_password and one.person.email
    ]
