"""Inviting a person to make an account, or a new password: a token that opens one door once and dies soon."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.lookup import begins_with_nobody, is_entitled
from records import audit, outbox
from records.locks import locked
from records.people import accounts, invitations, people
from records.store import Session, Store, repeatable
from records.tables.people import InvitationRow, PersonRow
from rules.refusals import Refused

TOKEN_BYTES = 32
LIFETIME = timedelta(days=7)
RESET = timedelta(hours=1)
"""For somebody who has a password already: who may read their mail has an hour, not a week."""
PATH = "/invitation/"
NOT_COORDINATOR = Refused("not_coordinator", "只有活动协调员可以邀请人员。")


@dataclass(frozen=True, slots=True)
class Invitation:
    """What is shown once: to whom it was given, its token, and until when (host's clock) it opens."""

    person_id: str
    name: str
    token: str
    expires_at: datetime

    is_reset: bool = False

    @property
    def valid(self) -> str:
        return "一小时" if self.is_reset else "七天"

    def link(self, portal: str) -> str:
        """Where the person goes with it; ``portal`` is the portal's address without a slash at its end."""
        return f"{portal}{PATH}{self.token}"


@repeatable
def invite(
    store: Store, *, person_id: str, by: str, now: datetime, host_now: datetime
) -> Invitation | Refused:
    """Mint an invitation to be shown at once; one that is mailed is minted as it is rendered."""
    with store.writing() as session:
        if not begins_with_nobody(session) and not is_entitled(session, "invitations.invite", by=by):
            return NOT_COORDINATOR
        return mint_invitation(session, person_id=person_id, by=by, now=now, host_now=host_now)


@repeatable
def invite_by_mail(
    store: Store, *, person_id: str, campaign_id: str, by: str, now: datetime
) -> Refused | None:
    """A coordinator has somebody invited by mail; the token is minted only as the mail is rendered."""
    with store.writing() as session:
        person = session.get(PersonRow, person_id)
        if not is_entitled(session, "invitations.invite_by_mail", by=by):
            return NOT_COORDINATOR
        if person is None or not person.active:
            return Refused("no_account", "没有这个在用人员，请先导入或启用该人员再邀请。")
        if not person.email:
            return Refused("no_address", f"{person.name}没有登记邮箱，请先登记邮箱再邀请。")
        posted = outbox.post(
            session,
            key=f"{campaign_id}:account_invited:{person_id}:{now.isoformat(timespec='minutes')}",
            campaign_id=campaign_id,
            template="account_invited",
            person_id=person_id,
            facts={"invited_by": by},
            at=now,
        )
        if not posted:
            return Refused("just_invited", f"刚刚已经邀请过{person.name}，请稍后再试。")
        facts = {"by": by}
        audit.note(session, at=now, actor=by, act="invite", subject=f"person:{person_id}", facts=facts)
    return None


def mint_invitation(
    session: Session, *, person_id: str, by: str, now: datetime, host_now: datetime
) -> Invitation | Refused:
    """A fresh token in the caller's transaction; earlier ones of the same person die with it.

    Whoever has an account may be invited again: it is how a forgotten password is replaced.
    """
    person = locked(session, PersonRow, person_id)
    if person is None or not person.active:
        return Refused("no_account", f"没有编号为“{person_id}”的在用人员，请先导入或启用该人员再邀请。")
    invitations.replace_open(session, person_id, at=host_now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    is_reset = accounts.credential_of(session, person_id) is not None
    row = InvitationRow(
        person_id=person_id,
        token_hash=_hash(token),
        made_by=by,
        made_at=host_now,
        expires_at=host_now + (RESET if is_reset else LIFETIME),
    )
    session.add(row)
    session.flush()
    facts = {"invitation": row.id, "expires": row.expires_at.isoformat()}
    audit.note(session, at=now, actor=by, act="invite", subject=f"person:{person_id}", facts=facts)
    return Invitation(person_id, person.name, token, row.expires_at, is_reset)


def _hash(token: str) -> str:
    # 256 random bits: a slow or salted hash would add nothing.
    return hashlib.sha256(token.strip().encode()).hexdigest()


def invited(session: Session, token: str, *, host_now: datetime) -> PersonRow | Refused:
    """Whom the token would let in; changes nothing, for the page that asks for a password."""
    row = _usable(session, token, host_now=host_now)
    return row if isinstance(row, Refused) else session.get_one(PersonRow, row.person_id)


def accept(session: Session, token: str, *, now: datetime, host_now: datetime) -> PersonRow | Refused:
    """Use the token up in the caller's transaction, which also keeps the password: both or neither."""
    row = _usable(session, token, host_now=host_now)
    if isinstance(row, Refused):
        return row
    row.used_at = host_now
    facts = {"invitation": row.id}
    subject = f"person:{row.person_id}"
    audit.note(session, at=now, actor=row.person_id, act="accept_invitation", subject=subject, facts=facts)
    return session.get_one(PersonRow, row.person_id)


def _usable(session: Session, token: str, *, host_now: datetime) -> InvitationRow | Refused:
    row = invitations.with_hash(session, _hash(token))
    if row is None:
        return Refused("unknown_invitation", "邀请链接不正确，请完整复制邮件或通知中的链接。")
    if row.used_at is not None:
        return Refused(
            "used_invitation", "邀请链接已经使用过，请直接登录。不是您本人使用的，请立即联系活动协调员。"
        )
    if row.replaced_at is not None:
        return Refused("replaced_invitation", "您已收到更新的邀请，请使用最新的链接。")
    if row.expires_at <= host_now:
        return Refused("expired_invitation", "邀请链接已过期，请联系活动协调员重新邀请。")
    if not session.get_one(PersonRow, row.person_id, populate_existing=True).active:
        return Refused("no_account", "您的账号已停用，请联系活动协调员。")
    return row


def uninvited_coordinator(session: Session) -> str | None:
    """The first coordinator, as long as no coordinator has ever accepted an invitation; None afterwards."""
    coordinators = [person.id for person in people.with_role(session, "coordinator")]
    if any(invitations.has_accepted(session, person_id) for person_id in coordinators):
        return None
    return next(iter(coordinators), None)
