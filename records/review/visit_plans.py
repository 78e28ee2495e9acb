"""Planned visits: the newest plan and its stops, the lot's seed, and who has signed a visit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.visits import VisitPlanRow, VisitSeedRow, VisitSignatureRow, VisitStopRow
from rules.review.visit_plan import Stop


def place_of_seed(campaign_id: str) -> str:
    """Where the sealed seed of a campaign belongs."""
    return f"visit_seed:{campaign_id}"


def seed_of(session: Session, campaign_id: str) -> VisitSeedRow | None:
    return session.get(VisitSeedRow, campaign_id)


def plans_of(session: Session, campaign_id: str) -> list[VisitPlanRow]:
    """Every plan of a campaign, the newest first."""
    mine = select(VisitPlanRow).where(VisitPlanRow.campaign_id == campaign_id)
    return list(session.scalars(mine.order_by(VisitPlanRow.number.desc())))


def newest_plan(session: Session, campaign_id: str) -> VisitPlanRow | None:
    mine = select(VisitPlanRow).where(VisitPlanRow.campaign_id == campaign_id)
    return session.scalar(mine.order_by(VisitPlanRow.number.desc()).limit(1))


def stop_rows(session: Session, plan: VisitPlanRow) -> list[VisitStopRow]:
    """The stops of a plan in the order in which they are driven to."""
    mine = select(VisitStopRow).where(VisitStopRow.plan_id == plan.id)
    return list(session.scalars(mine.order_by(VisitStopRow.day, VisitStopRow.team, VisitStopRow.place)))


def stop_of(session: Session, campaign_id: str, village_code: str) -> VisitStopRow | None:
    """Where the newest plan has a village."""
    plan = newest_plan(session, campaign_id)
    return session.get(VisitStopRow, (plan.id, village_code)) if plan else None


def as_rule(row: VisitStopRow) -> Stop:
    """The stop as the rules see one."""
    return Stop(row.village_code, date.fromisoformat(row.day), row.team, row.place, tuple(row.crew))


def signatures_of(session: Session, visit_ids: Sequence[int]) -> dict[int, list[VisitSignatureRow]]:
    """Visit -> who has signed it, the first first."""
    mine = select(VisitSignatureRow).where(VisitSignatureRow.visit_id.in_(visit_ids))
    found = dict[int, list[VisitSignatureRow]]()
    for row in session.scalars(mine.order_by(VisitSignatureRow.signed_at, VisitSignatureRow.person_id)):
        found.setdefault(row.visit_id, []).append(row)
    return found
