"""Duties: which are open, for whom a run waits, and which of their rungs have fired."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from records.locks import locked_one
from records.tables.duties import DutyRow, RungFireRow


def open_duties(
    session: Session, campaign_id: str, *, kind: str = "", town_code: str = "", village_code: str = ""
) -> list[DutyRow]:
    """Open duties in order of key; of one kind, town or village, or of all."""
    wanted = [DutyRow.campaign_id == campaign_id, DutyRow.state == "open"]
    if kind:
        wanted.append(DutyRow.kind == kind)
    if town_code:
        wanted.append(DutyRow.town_code == town_code)
    if village_code:
        wanted.append(DutyRow.village_code == village_code)
    return list(session.scalars(select(DutyRow).where(*wanted).order_by(DutyRow.key)))


def duties_due(session: Session, campaign_id: str, *, now: datetime) -> list[DutyRow]:
    """Open duties of which the calendar asks something by ``now``, or of which it is not known when it will."""
    mine = (DutyRow.campaign_id == campaign_id) & (DutyRow.state == "open")
    due = or_(DutyRow.next_at.is_(None), DutyRow.next_at <= now)
    return list(session.scalars(select(DutyRow).where(mine, due).order_by(DutyRow.key)))


def next_known_moment(session: Session, campaign_id: str, *, after: datetime) -> datetime | None:
    """The next moment of those open duties of which it is known and still to come."""
    mine = (DutyRow.campaign_id == campaign_id) & (DutyRow.state == "open")
    return session.scalar(select(func.min(DutyRow.next_at)).where(mine, DutyRow.next_at > after))


def forget_moments(session: Session, campaign_id: str) -> None:
    """Let the next moments of all open duties be reckoned anew: the calendar has changed."""
    mine = (DutyRow.campaign_id == campaign_id) & (DutyRow.state == "open")
    session.execute(update(DutyRow).where(mine).values(next_at=None))


def duty_with_key(session: Session, campaign_id: str, key: str) -> DutyRow | None:
    return session.scalar(select(DutyRow).where(DutyRow.key == f"{campaign_id}:{key}"))


def lock_duty_with_key(session: Session, campaign_id: str, key: str) -> DutyRow | None:
    found = duty_with_key(session, campaign_id, key)
    return lock_duty(session, found.id) if found else None


def lock_duty(session: Session, duty_id: int) -> DutyRow:
    """A duty as it stands now, kept from everybody else until the transaction ends."""
    return locked_one(session, DutyRow, duty_id)


def duties_awaited(session: Session, kind: str, subject: str) -> list[DutyRow]:
    """Open duties for which a subject's run waits, the first due first."""
    mine = (DutyRow.carrier_kind == kind) & (DutyRow.carrier_subject == subject)
    wanted = select(DutyRow).where(mine, DutyRow.state == "open").order_by(DutyRow.due_at, DutyRow.id)
    return list(session.scalars(wanted))


def fired_rungs(session: Session, duty: DutyRow) -> set[str]:
    """The keys of the rungs that have fired for the duty's present dates."""
    mine = (RungFireRow.duty_id == duty.id) & (RungFireRow.generation == duty.generation)
    return set(session.scalars(select(RungFireRow.rung).where(mine)))


def count_duties(session: Session, campaign_id: str) -> Counter[str]:
    """state -> how many duties are in it."""
    return Counter(session.scalars(select(DutyRow.state).where(DutyRow.campaign_id == campaign_id)))


def open_duties_of(
    session: Session, campaign_id: str, codes: Sequence[str], *, number: int | None, limit: int
) -> list[DutyRow]:
    """The first ``limit`` open duties about these villages, and the one with this number, by due date."""
    mine = (DutyRow.campaign_id == campaign_id) & (DutyRow.state == "open")
    wanted = select(DutyRow).where(mine, DutyRow.village_code.in_(codes) | (DutyRow.id == number))
    return list(session.scalars(wanted.order_by(DutyRow.due_at, DutyRow.id).limit(limit)))


def has_lapsed(session: Session, campaign_id: str, carrier_kinds: Sequence[str]) -> bool:
    """Whether a duty of one of these stages' runs ended because nobody did it in time."""
    mine = (DutyRow.campaign_id == campaign_id) & (DutyRow.state == "lapsed")
    wanted = select(DutyRow.id).where(mine, DutyRow.carrier_kind.in_(carrier_kinds)).limit(1)
    return session.scalar(wanted) is not None


def lapsed_duties(session: Session, campaign_id: str) -> list[DutyRow]:
    """The duties that nobody did in time, by town, then by date."""
    mine = (DutyRow.campaign_id == campaign_id) & (DutyRow.state == "lapsed")
    order = (DutyRow.town_code, DutyRow.due_at, DutyRow.id)
    return list(session.scalars(select(DutyRow).where(mine).order_by(*order)))


def newest_duty(session: Session, campaign_id: str, *, kind: str, village_code: str) -> DutyRow | None:
    """The duty of a kind that a village was given last, whatever became of it."""
    mine = (DutyRow.campaign_id == campaign_id) & (DutyRow.village_code == village_code)
    wanted = select(DutyRow).where(mine, DutyRow.kind == kind).order_by(DutyRow.id.desc()).limit(1)
    return session.scalar(wanted)


def duty_finished(
    session: Session, campaign_id: str, *, kinds: Sequence[str], village_code: str, at: datetime
) -> DutyRow | None:
    """The village's duty of one of ``kinds`` that ended well at exactly that moment."""
    mine = (DutyRow.campaign_id == campaign_id) & (DutyRow.village_code == village_code)
    wanted = select(DutyRow).where(
        mine, DutyRow.kind.in_(kinds), DutyRow.state.in_(("done", "late")), DutyRow.ended_at == at
    )
    return session.scalar(wanted.order_by(DutyRow.id.desc()).limit(1))


def duties_held(session: Session, person_id: str) -> list[DutyRow]:
    """Open duties of one person in all campaigns, the first due first."""
    mine = (DutyRow.person_id == person_id) & (DutyRow.state == "open")
    return list(session.scalars(select(DutyRow).where(mine).order_by(DutyRow.due_at, DutyRow.key)))
