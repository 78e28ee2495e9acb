"""The outbox: messages waiting to be rendered and sent, each under a unique key."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, not_, or_, select, update
from sqlalchemy.orm import Session, aliased

from records.tables.messages import OutboxRow

CLAIM = timedelta(minutes=5)
"""So long whoever claimed a batch has time for it; a sender known to be dead loses its claims at once."""
LONGEST_PAUSE = timedelta(minutes=30)
MOST_ATTEMPTS = 250
"""Five days of tries: two seconds after the first, doubled each time, half an hour at most."""
HOLDS_UP = 12
"""A message that was put off so often, for more than an hour, no longer holds up the later ones to its reader."""
NEVER_SO_LATE = 2 * max(CLAIM, LONGEST_PAUSE)
"""No claim and no pause ends later than this from now: the clock went back since."""
PENDING = ("waiting", "claimed")
ONE_CLAIMS = 20201115
"""On PostgreSQL one sender claims at a time: what another is about to claim is seen by nobody else yet."""


def pause_after(attempts: int) -> timedelta:
    """How long a message waits after so many answers that it may be tried later."""
    return min(timedelta(seconds=2 ** min(attempts, 12)), LONGEST_PAUSE)


ADDRESS = "to_address"
"""A fact that no template shows: the address that is written to instead of the person's present one."""


DIGEST = "digest"
"""The template of the message that tells others together."""
DUTIES = "duties"
"""A fact that no template shows: the numbers of the duties of which a message speaks."""
ASKED_FOR = "asked_for"
"""The same: whether its reader asks for it just now."""
TO_HOLDER = "to_holder"
"""The same: whether it was written to whoever held them."""

GENERATION = "generation"
"""The same: of its first duty, where it was written before its time; another one has reminders of its own."""


def with_key(session: Session, key: str) -> OutboxRow | None:
    return session.scalar(select(OutboxRow).where(OutboxRow.key == key))


def post(
    session: Session,
    *,
    key: str,
    campaign_id: str,
    template: str,
    person_id: str,
    facts: Mapping[str, object],
    at: datetime,
    not_before: datetime | None = None,
    gate_id: int | None = None,
    digest: str | None = None,
) -> bool:
    """Put a message into the outbox in the caller's transaction; False when the key is there already.

    One that a ``digest`` tells goes nowhere by itself, unless the digest went without it.
    """
    if with_key(session, key) is not None:
        return False
    session.add(
        OutboxRow(
            key=key,
            campaign_id=campaign_id,
            template=template,
            person_id=person_id,
            facts=dict(facts),
            gate_id=gate_id,
            written_at=at,
            not_before=not_before or at,
            digest=digest,
            state="gathered" if digest else "waiting",
        )
    )
    return True


def digest_of(
    session: Session, *, campaign_id: str, person_id: str, moment: datetime, at: datetime
) -> str | None:
    """The key of the message that tells a person all that is gathered by ``moment``, one a day; None: it is gone."""
    key = f"{campaign_id}:digest:{person_id}:{moment.date().isoformat()}"
    row = with_key(session, key)
    if row is None:
        post(
            session,
            key=key,
            campaign_id=campaign_id,
            template=DIGEST,
            person_id=person_id,
            facts={},
            at=at,
            not_before=moment,
        )
        return key
    return key if row.state == "waiting" and row.not_before > at else None


def gathered_in(session: Session, key: str) -> list[OutboxRow]:
    """What a digest still has to tell, in the order in which it was written."""
    mine = (OutboxRow.digest == key) & (OutboxRow.state == "gathered")
    return list(session.scalars(select(OutboxRow).where(mine).order_by(OutboxRow.id)))


def claim_next(session: Session, *, owner: str, now: datetime, host_now: datetime) -> OutboxRow | None:
    """Claim the oldest message that may go out now, also one whose sender died."""
    return next(iter(claim(session, owner=owner, now=now, host_now=host_now, limit=1)), None)


def claim(
    session: Session, *, owner: str, now: datetime, host_now: datetime, limit: int
) -> Sequence[OutboxRow]:
    """Claim the oldest messages that may go out now, also those whose sender died; to each reader in order.

    A message waits while an earlier one to the same reader is on its way or was put off a short while ago.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(ONE_CLAIMS)))
    _release_left_out(session)
    earlier = aliased(OutboxRow)
    goes_before = (
        (earlier.person_id == OutboxRow.person_id)
        & (earlier.id < OutboxRow.id)
        & earlier.state.in_(PENDING)
        & (earlier.attempts <= HOLDS_UP)
    )
    held_up = exists().where(goes_before, may_go(now, earlier), not_(_is_free(host_now, earlier)))
    rows = session.scalars(
        select(OutboxRow)
        .where(OutboxRow.state.in_(PENDING), _is_free(host_now, OutboxRow), may_go(now), not_(held_up))
        .order_by(OutboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=OutboxRow)
    ).all()
    for row in rows:
        row.state, row.claimed_by, row.claimed_until = "claimed", owner, host_now + CLAIM
        row.attempts += 1
    return rows


def _release_left_out(session: Session) -> None:
    """What was gathered for a digest that had just gone goes out by itself."""
    digest = aliased(OutboxRow)
    gone = exists().where(digest.key == OutboxRow.digest, digest.state.in_(("sent", "superseded")))
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.state == "gathered", gone)
        .values(state="waiting", digest=None)
        .execution_options(synchronize_session=False)
    )


def _is_free(host_now: datetime, row: type[OutboxRow]) -> ColumnElement[bool]:
    """Whether nobody has a message in hand, and no pause of its keeps it."""
    ended = or_(row.claimed_until < host_now, row.claimed_until > host_now + NEVER_SO_LATE)
    return or_(row.claimed_until.is_(None), ended)


def put_back(session: Session, ids: Sequence[int]) -> None:
    """Messages that were claimed and not tried: as they were before, without an attempt."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id.in_(ids), OutboxRow.state == "claimed")
        .values(state="waiting", claimed_by=None, claimed_until=None, attempts=OutboxRow.attempts - 1)
    )


def put_off(session: Session, row_id: int, *, until: datetime) -> None:
    """A message that was claimed waits for its reader's quiet hours to end, without an attempt."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row_id)
        .values(
            state="waiting",
            claimed_by=None,
            claimed_until=None,
            attempts=OutboxRow.attempts - 1,
            not_before=until,
        )
    )


def note_answer(session: Session, row_id: int, *, answer: str) -> None:
    """What kept a message from being tried, for whoever looks why it waits."""
    session.execute(update(OutboxRow).where(OutboxRow.id == row_id).values(answer=answer))


def may_go(now: datetime, row: type[OutboxRow] = OutboxRow) -> ColumnElement[bool]:
    """Whether a message's time has come; one written to go at once waits for no clock that went back since."""
    return or_(row.not_before <= now, row.not_before <= row.written_at)


def mark_sent(
    session: Session, row_id: int, *, at: datetime, message_id: str, answer: str, text: str
) -> None:
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row_id)
        .values(state="sent", sent_at=at, message_id=message_id, answer=answer, text=text)
    )


def mark_failed(session: Session, row_id: int, *, answer: str, temporary: bool, host_now: datetime) -> None:
    """Wait longer after each temporary failure; after days of them, or a permanent one, tell the coordinator."""
    row = session.get_one(OutboxRow, row_id)
    row.answer = answer
    given_up = not temporary or row.attempts >= MOST_ATTEMPTS
    row.state = "failed" if given_up else "waiting"
    row.claimed_until = host_now + pause_after(row.attempts)


def mark_superseded(session: Session, row_id: int, *, why: str) -> None:
    """A message that was overtaken before it went out: kept with the reason, and sent no more."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row_id)
        .values(state="superseded", answer=why, claimed_by=None, claimed_until=None)
    )


def mark_told(session: Session, ids: Sequence[int], *, at: datetime, message_id: str, text: str) -> None:
    """What a digest has told: kept beside it, no mail of its own."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id.in_(ids), OutboxRow.state == "gathered")
        .values(state="told", sent_at=at, message_id=message_id, text=text)
    )


def later_to(
    session: Session, row: OutboxRow, *, templates: Collection[str], now: datetime
) -> list[OutboxRow]:
    """Messages by one of ``templates`` to the same reader, written after this one, that went or may go by ``now``."""
    mine = (OutboxRow.person_id == row.person_id) & (OutboxRow.campaign_id == row.campaign_id)
    goes = OutboxRow.state.in_((*PENDING, "gathered", "sent", "told"))
    later = (OutboxRow.id > row.id) & (OutboxRow.not_before <= now)
    wanted = select(OutboxRow).where(mine, goes, later, OutboxRow.template.in_(templates))
    return list(session.scalars(wanted))


def failed(session: Session) -> list[OutboxRow]:
    """Messages given up, the oldest first."""
    return list(session.scalars(select(OutboxRow).where(OutboxRow.state == "failed").order_by(OutboxRow.id)))


def requeue(session: Session, ids: Sequence[int]) -> int:
    """Let messages that were given up be tried anew; how many."""
    back = session.execute(
        update(OutboxRow)
        .where(OutboxRow.id.in_(ids), OutboxRow.state == "failed")
        .values(state="waiting", attempts=0, claimed_until=None)
        .returning(OutboxRow.id)
    )
    return len(back.all())


def evict(session: Session, *, owner: str) -> None:
    """Free what a sender known to be dead had claimed."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.state == "claimed", OutboxRow.claimed_by == owner)
        .values(state="waiting", claimed_until=None)
    )


def evict_all(session: Session) -> int:
    """Free every claim, whoever holds it; how many."""
    freed = session.execute(
        update(OutboxRow)
        .where(OutboxRow.state == "claimed")
        .values(state="waiting", claimed_by=None, claimed_until=None)
        .returning(OutboxRow.id)
    )
    return len(freed.all())


def senders(session: Session) -> list[str]:
    """Everybody who holds a claim."""
    rows = session.scalars(select(OutboxRow.claimed_by).where(OutboxRow.state == "claimed").distinct())
    return [owner for owner in rows if owner]


def is_on_its_way(session: Session, person_id: str, *, gate_id: int, template: str) -> bool:
    """Whether such a message to this person about a gate is neither sent nor given up."""
    mine = (OutboxRow.person_id == person_id) & (OutboxRow.gate_id == gate_id)
    pending = OutboxRow.state.in_(PENDING) & (OutboxRow.template == template)
    return session.scalar(select(OutboxRow.id).where(mine, pending).limit(1)) is not None


def waiting_moments(session: Session, campaign_id: str) -> list[datetime]:
    """From when on each waiting message of a campaign may go out."""
    mine = (OutboxRow.campaign_id == campaign_id) & (OutboxRow.state == "waiting")
    return list(session.scalars(select(OutboxRow.not_before).where(mine)))


def unsent(session: Session) -> list[OutboxRow]:
    """Messages neither sent nor given up, the oldest first."""
    wanted = select(OutboxRow).where(OutboxRow.state.in_(PENDING))
    return list(session.scalars(wanted.order_by(OutboxRow.id)))


def count_pending(session: Session, *, now: datetime) -> int:
    """Messages that should be out by ``now`` and are not."""
    pending = OutboxRow.state.in_(PENDING) & may_go(now)
    return session.scalar(select(func.count()).select_from(OutboxRow).where(pending)) or 0


def messages_of(
    session: Session, campaign_id: str, *, states: Collection[str], limit: int, before: int = 0
) -> list[OutboxRow]:
    """The newest messages of a campaign in one of ``states``, the newest first, without the first ``before``."""
    mine = (OutboxRow.campaign_id == campaign_id) & OutboxRow.state.in_(states)
    return list(
        session.scalars(
            select(OutboxRow).where(mine).order_by(OutboxRow.id.desc()).limit(limit).offset(before)
        )
    )
