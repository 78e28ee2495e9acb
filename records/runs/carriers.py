"""Carriers: which Prefect run carries a subject now, and who holds its lease."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.orm import Session

from records.locks import locked_one
from records.runs import bells
from records.tables.runs import CarrierRow

MOST_REPLACEMENTS = 3
LEASE = timedelta(seconds=30)
NEVER_SO_LATE = 2 * LEASE
"""No lease runs out later than this from now, however two machines' clocks differ: the clock went back since."""


def enlist(
    session: Session,
    *,
    kind: str,
    subject: str,
    campaign_id: str,
    label: str,
    tags: Sequence[str],
    at: datetime,
) -> bool:
    """Make a subject's carrier and ring its first bell; False when it is there already."""
    if session.get(CarrierRow, (kind, subject)) is not None:
        return False
    session.add(
        CarrierRow(
            kind=kind, subject=subject, campaign_id=campaign_id, label=label, tags=list(tags), state="new"
        )
    )
    session.flush()
    bells.ring(session, kind=kind, subject=subject, cause="enlisted", at=at)
    return True


def find(session: Session, kind: str, subject: str) -> CarrierRow | None:
    return session.get(CarrierRow, (kind, subject), populate_existing=True)


def claim(session: Session, kind: str, subject: str, *, owner: str, host_now: datetime) -> bool:
    """Take the lease if nobody holds it, or hold it on."""
    free = or_(
        CarrierRow.lease_until.is_(None),
        CarrierRow.lease_until < host_now,
        CarrierRow.lease_until > host_now + NEVER_SO_LATE,
        CarrierRow.lease_owner == owner,
    )
    taken = session.execute(
        update(CarrierRow)
        .where(CarrierRow.kind == kind, CarrierRow.subject == subject, free)
        .values(lease_owner=owner, lease_until=host_now + LEASE)
        .returning(CarrierRow.kind)
    )
    return taken.first() is not None


def release(session: Session, kind: str, subject: str, *, owner: str) -> None:
    session.execute(
        update(CarrierRow)
        .where(CarrierRow.kind == kind, CarrierRow.subject == subject, CarrierRow.lease_owner == owner)
        .values(lease_owner=None, lease_until=None)
    )


def renew(session: Session, *, owner: str, host_now: datetime) -> None:
    session.execute(
        update(CarrierRow).where(CarrierRow.lease_owner == owner).values(lease_until=host_now + LEASE)
    )


def owners(session: Session) -> list[str]:
    """Everybody who holds a lease."""
    return list(
        session.scalars(select(CarrierRow.lease_owner).where(CarrierRow.lease_owner.is_not(None)).distinct())
    )


def silent_owners(session: Session, *, host_now: datetime) -> list[str]:
    """Owners none of whose leases was renewed in twice the time that one lasts, or since the clock went back."""
    newest = func.max(CarrierRow.lease_until)
    wanted = select(CarrierRow.lease_owner).where(CarrierRow.lease_owner.is_not(None))
    grouped = wanted.group_by(CarrierRow.lease_owner).having(
        or_(newest < host_now - LEASE, newest > host_now + NEVER_SO_LATE)
    )
    return [owner for owner in session.scalars(grouped) if owner]


def holders(session: Session, *, host_now: datetime) -> list[str]:
    """Whose leases are alive, on whatever machine; reads only columns that the first version had."""
    alive = select(CarrierRow.lease_owner).where(CarrierRow.lease_until > host_now).distinct()
    return [owner for owner in session.scalars(alive) if owner]


def evict(session: Session, *, owner: str, at: datetime) -> None:
    """Free all leases of an owner known to be dead, and ring: its runs may have died at any point."""
    freed = session.execute(
        update(CarrierRow)
        .where(CarrierRow.lease_owner == owner)
        .values(lease_owner=None, lease_until=None)
        .returning(CarrierRow.kind, CarrierRow.subject)
    ).all()
    for kind, subject in freed:
        bells.ring(session, kind=kind, subject=subject, cause="owner died", at=at)


def reopen(session: Session, kind: str, subject: str) -> None:
    """Give a subject whose business was done a new run: an extension brought a duty of it back to life."""
    carrier = locked_one(session, CarrierRow, (kind, subject))
    if carrier.state == "done":
        carrier.state, carrier.flow_run_id = "new", None
        carrier.generation += 1


def assign(session: Session, kind: str, subject: str, *, generation: int, flow_run_id: str) -> bool:
    """Name the run that carries this generation; False when the generation moved on meanwhile."""
    done = session.execute(
        update(CarrierRow)
        .where(CarrierRow.kind == kind, CarrierRow.subject == subject, CarrierRow.generation == generation)
        .values(flow_run_id=flow_run_id)
        .returning(CarrierRow.kind)
    )
    return done.first() is not None


def replace(session: Session, kind: str, subject: str, *, cause: str) -> int | None:
    """Give up a dead run: raise the generation and return it, or park after three for one cause."""
    carrier = locked_one(session, CarrierRow, (kind, subject))
    carrier.replaced = carrier.replaced + 1 if carrier.cause == cause else 1
    carrier.cause = cause
    if carrier.replaced > MOST_REPLACEMENTS:
        carrier.state = "parked"
        return None
    carrier.generation += 1
    carrier.flow_run_id = None
    carrier.sleep_key = None
    return carrier.generation


def orphan_all(session: Session, *, generation: int) -> list[tuple[str, str]]:
    """Part every carrier from its run and lease; the (kind, subject) of those whose business goes on."""
    session.execute(
        update(CarrierRow).values(
            lease_owner=None, lease_until=None, flow_run_id=None, sleep_key=None, replaced=0, cause="",
            generation=case((CarrierRow.generation < generation, generation), else_=CarrierRow.generation + 1),
        )
    )  # fmt: skip
    alive = CarrierRow.state.in_(("new", "asleep"))
    wanted = select(CarrierRow.kind, CarrierRow.subject).where(alive)
    rows = session.execute(wanted.order_by(CarrierRow.kind, CarrierRow.subject))
    return [(kind, subject) for kind, subject in rows]


def unpark(session: Session, kind: str, subject: str) -> None:
    """Give a subject that was given up a new run and three tries again."""
    carrier = locked_one(session, CarrierRow, (kind, subject))
    carrier.state, carrier.flow_run_id, carrier.sleep_key = "new", None, None
    carrier.generation += 1
    carrier.replaced, carrier.cause = 0, ""


def awake(session: Session) -> list[CarrierRow]:
    """Carriers whose lease is held: their run is being executed."""
    wanted = select(CarrierRow).where(CarrierRow.lease_owner.is_not(None))
    return list(session.scalars(wanted.order_by(CarrierRow.kind, CarrierRow.subject)))


def count_awake(session: Session) -> int:
    wanted = select(func.count()).select_from(CarrierRow).where(CarrierRow.lease_owner.is_not(None))
    return session.scalar(wanted) or 0


def asleep(session: Session) -> list[CarrierRow]:
    """Carriers with a run that nobody executes and whose business goes on."""
    at_rest = (CarrierRow.state == "asleep") & CarrierRow.lease_owner.is_(None)
    wanted = select(CarrierRow).where(at_rest, CarrierRow.flow_run_id.is_not(None))
    return list(session.scalars(wanted.order_by(CarrierRow.kind, CarrierRow.subject)))


def parked(session: Session) -> list[CarrierRow]:
    """Carriers whose run died too often; they wait for a person."""
    wanted = select(CarrierRow).where(CarrierRow.state == "parked")
    return list(session.scalars(wanted.order_by(CarrierRow.kind, CarrierRow.subject)))


def unfinished(session: Session, campaign_id: str, kind: str) -> list[CarrierRow]:
    """Carriers of one kind that still have business."""
    mine = (CarrierRow.campaign_id == campaign_id) & (CarrierRow.kind == kind)
    wanted = select(CarrierRow).where(mine, CarrierRow.state != "done").order_by(CarrierRow.subject)
    return list(session.scalars(wanted))


def all_done(session: Session, campaign_id: str, kind: str) -> bool:
    """Whether no subject of this kind has business left; True also when there is none."""
    mine = (CarrierRow.campaign_id == campaign_id) & (CarrierRow.kind == kind)
    return session.scalar(select(CarrierRow.kind).where(mine, CarrierRow.state != "done").limit(1)) is None


def has_any(session: Session, campaign_id: str, kind: str) -> bool:
    """Whether any subject of this kind was ever enlisted."""
    mine = (CarrierRow.campaign_id == campaign_id) & (CarrierRow.kind == kind)
    return session.scalar(select(CarrierRow.kind).where(mine).limit(1)) is not None


def sleepers(session: Session, campaign_id: str) -> list[CarrierRow]:
    """Every sleeping carrier of a campaign, whether its run is there or not."""
    mine = (CarrierRow.campaign_id == campaign_id) & (CarrierRow.state == "asleep")
    wanted = select(CarrierRow).where(mine).order_by(CarrierRow.kind, CarrierRow.subject)
    return list(session.scalars(wanted))


def of_campaign(session: Session, campaign_id: str) -> list[CarrierRow]:
    """Every carrier of a campaign, whatever became of it."""
    wanted = select(CarrierRow).where(CarrierRow.campaign_id == campaign_id)
    return list(session.scalars(wanted.order_by(CarrierRow.kind, CarrierRow.subject)))


def of_run(session: Session, run_id: str) -> CarrierRow | None:
    """The carrier of a Prefect run; None for a run that no longer carries anything."""
    return session.scalars(select(CarrierRow).where(CarrierRow.flow_run_id == run_id).limit(1)).first()


def count_wakes(session: Session) -> int:
    """How often any run has woken so far."""
    return session.scalar(select(func.sum(CarrierRow.wakes))) or 0
