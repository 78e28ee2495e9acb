"""Tokens: a program acts as a person through the JSON interface, within what was granted and until a day."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.lookup import is_entitled
from actions.people.login import TOUCH_EVERY, hash_token
from records import audit
from records.locks import locked
from records.people import tokens
from records.store import Session, Store, repeatable
from records.tables.people import PersonRow, TokenRow
from rules.people.acts import Matter
from rules.people.rights import needs_one_time_password, scopes_for
from rules.refusals import Refused
from rules.signs import is_one_line

PREFIX = "hqe_"
"""What searches for leaked secrets may look for."""
TOKEN_BYTES = 32
MOST_DAYS = 366
MOST_TOKENS = 10
LONGEST_NAME = 40
NOT_COORDINATOR = Refused("not_coordinator", "只有本人或活动协调员可以办理访问令牌。")


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A fresh token, shown once; ``person`` is the name of its holder."""

    id: int
    person: str
    token: str
    expires_at: datetime


@repeatable
def make_token(
    store: Store,
    *,
    person_id: str,
    name: str,
    scopes: Collection[str],
    days: int,
    by: str,
    now: datetime,
    host_now: datetime,
) -> MadeToken | Refused:
    """A token for oneself, or one that a coordinator hands to somebody; it can do no more than its person."""
    with store.writing() as session:
        person = locked(session, PersonRow, person_id)
        if person is None or not person.active:
            return Refused("no_account", f"没有编号为“{person_id}”的在用人员，请核对后重试。")
        refused = (
            _refuse_maker(session, by, person)
            or _refuse_terms(name.strip(), days)
            or _refuse_scopes(person, scopes)
            or _refuse_many(session, person, host_now=host_now)
        )
        if refused:
            return refused
        token = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
        row = TokenRow(
            person_id=person_id,
            token_hash=hash_token(token),
            name=name.strip(),
            scopes=sorted(scopes),
            made_by=by,
            made_at=host_now,
            expires_at=host_now + timedelta(days=days),
            second_factor=needs_one_time_password(person.roles),
        )
        session.add(row)
        session.flush()
        facts = {"token": row.id, "scopes": row.scopes, "expires": row.expires_at.isoformat()}
        audit.note(session, at=now, actor=by, act="make_token", subject=f"person:{person_id}", facts=facts)
        return MadeToken(row.id, person.name, token, row.expires_at)


def _refuse_maker(session: Session, by: str, person: PersonRow) -> Refused | None:
    """Nobody reads, or files, in the name of somebody who decides: such a token is made by its person alone."""
    matter = Matter(owner=person.id, roles=tuple(person.roles))
    if is_entitled(session, "tokens.make_token", by=by, matter=matter):
        return None
    if not _refuse_revoker(session, by, person.id):
        return Refused("not_own_token", f"{person.name}有审批或监督职责，访问令牌只能由本人办理。")
    return NOT_COORDINATOR


def _refuse_revoker(session: Session, by: str, person_id: str) -> Refused | None:
    matter = Matter(owner=person_id)
    return None if is_entitled(session, "tokens.revoke_token", by=by, matter=matter) else NOT_COORDINATOR


def _refuse_terms(name: str, days: int) -> Refused | None:
    if not 1 <= len(name) <= LONGEST_NAME or not is_one_line(name):
        return Refused("no_name", f"请给令牌起一个{LONGEST_NAME}字以内的名称，写明由哪个程序使用。")
    if not 1 <= days <= MOST_DAYS:
        return Refused("bad_days", f"令牌有效期须为1至{MOST_DAYS}天，请重新填写。")
    return None


def _refuse_scopes(person: PersonRow, scopes: Collection[str]) -> Refused | None:
    offered = scopes_for(person.roles)
    if not scopes:
        return Refused("no_scope", "请至少选择一项权限。")
    beyond = sorted(set(scopes) - set(offered))
    if beyond:
        listed = "、".join(offered)
        return Refused("beyond_role", f"{person.name}的角色不能取得权限{'、'.join(beyond)}。可选：{listed}。")
    return None


def _refuse_many(session: Session, person: PersonRow, *, host_now: datetime) -> Refused | None:
    alive = [one for one in tokens.tokens_of(session, person.id) if is_alive(one, host_now=host_now)]
    if len(alive) < MOST_TOKENS:
        return None
    return Refused("too_many", f"{person.name}已有{MOST_TOKENS}个有效令牌，请先撤销不再使用的。")


def is_alive(row: TokenRow, *, host_now: datetime) -> bool:
    return row.revoked_at is None and host_now < row.expires_at


@repeatable
def revoke_token(
    store: Store, *, token_id: int, by: str, now: datetime, host_now: datetime
) -> Refused | None:
    """End a token at once; by its person or a coordinator."""
    with store.writing() as session:
        row = locked(session, TokenRow, token_id)
        if row is None:
            return Refused("no_such_token", f"没有编号为{token_id}的令牌，请核对后重试。")
        refused = _refuse_revoker(session, by, row.person_id)
        if refused:
            return refused
        if row.revoked_at is not None:
            return Refused("revoked", "该令牌此前已经撤销，无需再次办理。")
        row.revoked_at = host_now
        subject, facts = f"person:{row.person_id}", {"token": row.id}
        audit.note(session, at=now, actor=by, act="revoke_token", subject=subject, facts=facts)
    return None


def holder_of(store: Store, token: str, *, host_now: datetime) -> tuple[TokenRow, PersonRow] | None:
    """Whose token this is; None when unknown, revoked, expired, or its person was deactivated, or has had a role
    since that asks for a one-time password which nobody gave for it."""
    with store.reading() as session:
        row = tokens.with_hash(session, hash_token(token))
        if row is None or not is_alive(row, host_now=host_now):
            return None
        person = session.get(PersonRow, row.person_id)
    if person is None or not person.active:
        return None
    if needs_one_time_password(person.roles) and not row.second_factor:
        return None
    if row.used_at is None or host_now - row.used_at >= TOUCH_EVERY:
        _touch(store, row.id, host_now=host_now)
    return row, person


@repeatable
def _touch(store: Store, token_id: int, *, host_now: datetime) -> None:
    with store.writing() as session:
        session.get_one(TokenRow, token_id).used_at = host_now
