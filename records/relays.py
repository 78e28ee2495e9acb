"""Relays: a message once more in short, through the channel that its reader chose besides mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from records.tables.messages import RelayRow

CLAIM = timedelta(minutes=2)
"""So long whoever claimed relays has time for them."""
ONE_CLAIMS = 4_280_331
"""PostgreSQL's lock under which one sender at a time counts what a channel still takes, and claims it."""
WAITING, SENT, LAPSED = "waiting", "sent", "lapsed"


def post(session: Session, *, outbox_id: int, channel: str, text: str) -> bool:
    """Put a relay of a message down once, in the caller's transaction; False when it is there already."""
    if session.scalar(select(RelayRow.id).where(RelayRow.outbox_id == outbox_id)) is not None:
        return False
    session.add(RelayRow(outbox_id=outbox_id, channel=channel, text=text, state=WAITING))
    return True


def relay_of(session: Session, outbox_id: int) -> RelayRow | None:
    return session.scalar(select(RelayRow).where(RelayRow.outbox_id == outbox_id))


def waiting_by_channel(session: Session) -> dict[str, int]:
    """Channel -> how many wait for it."""
    waiting = (
        select(RelayRow.channel, func.count()).where(RelayRow.state == WAITING).group_by(RelayRow.channel)
    )
    return {row[0]: row[1] for row in session.execute(waiting)}


def last_answers(session: Session) -> dict[str, str]:
    """Channel -> what it said last to what still waits for it."""
    tried = (RelayRow.state == WAITING) & (RelayRow.attempts > 0)
    rows = session.execute(select(RelayRow.channel, RelayRow.answer).where(tried).order_by(RelayRow.id))
    return {row[0]: row[1] for row in rows}


def sent_since(session: Session, channel: str, *, since: datetime) -> int:
    """How many a channel took from then on, by the clock of the machine."""
    mine = (RelayRow.channel == channel) & (RelayRow.state == SENT) & (RelayRow.sent_at > since)
    return session.scalar(select(func.count()).where(mine)) or 0


def claimed(session: Session, channel: str, *, host_now: datetime) -> int:
    """How many are in somebody's hands now."""
    mine = (RelayRow.channel == channel) & (RelayRow.state == WAITING) & ~_is_free(host_now)
    return session.scalar(select(func.count()).where(mine)) or 0


def one_claims(session: Session) -> None:
    """Until this transaction ends nobody else counts and claims; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(ONE_CLAIMS)))


def claim(session: Session, channel: str, *, host_now: datetime, limit: int) -> Sequence[RelayRow]:
    """Claim the oldest relays of a channel, also those whose sender died; what was refused before comes last: one that
    is refused for its words holds up nobody."""
    rows = session.scalars(
        select(RelayRow)
        .where(RelayRow.channel == channel, RelayRow.state == WAITING, _is_free(host_now))
        .order_by(RelayRow.attempts, RelayRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.claimed_until = host_now + CLAIM
    return rows


def _is_free(host_now: datetime) -> ColumnElement[bool]:
    until = RelayRow.claimed_until
    return or_(until.is_(None), until < host_now, until > host_now + 2 * CLAIM)


def mark(session: Session, relay_id: int, *, state: str, answer: str, at: datetime | None = None) -> None:
    """What became of a claimed relay; one that ``waits`` again was tried."""
    row = session.get_one(RelayRow, relay_id)
    row.state, row.answer, row.sent_at, row.claimed_until = state, answer, at, None
    row.attempts += state != LAPSED


def put_back(session: Session, relay_id: int) -> None:
    """Claimed and not tried: as it was before."""
    session.get_one(RelayRow, relay_id).claimed_until = None
