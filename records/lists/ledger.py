"""The award ledger: what each village was paid, across years and changed codes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from records.tables.lists import CauseRow, LedgerRow, PayoutRow
from rules.campaign.campaign import Paid
from rules.lists.awards import Booked
from rules.lists.results import ROW_KINDS


def entries_of(session: Session, campaign_id: str) -> list[LedgerRow]:
    """What a campaign wrote into the ledger."""
    mine = LedgerRow.campaign_id == campaign_id
    return list(session.scalars(select(LedgerRow).where(mine).order_by(LedgerRow.village_code)))


def paid_to(session: Session, codes: Collection[str]) -> tuple[Booked, ...]:
    """Every payment to one of the village ``codes``, oldest first, by whichever campaign."""
    wanted = (
        select(LedgerRow, CauseRow.kind)
        .outerjoin(CauseRow, CauseRow.id == LedgerRow.cause_id)
        .where(LedgerRow.village_code.in_(codes))
        .order_by(LedgerRow.year, LedgerRow.id)
    )
    return tuple(_booked(row, cause_kind) for row, cause_kind in session.execute(wanted))


def _booked(row: LedgerRow, cause_kind: str | None) -> Booked:
    """What was taken back before this database knew campaigns counts as a withdrawn title's: it may be due again."""
    usual = "payment" if row.payable_yuan >= 0 else "withdrawal"
    return Booked(
        row.village_code,
        row.year,
        row.level,
        row.payable_yuan,
        row.document,
        campaign_id=row.campaign_id or "",
        kind=ROW_KINDS[cause_kind] if cause_kind else usual,
    )


def rows_of_codes(session: Session, codes: Collection[str]) -> list[LedgerRow]:
    """Every row about one of the village ``codes``, by whichever campaign, the oldest first."""
    wanted = select(LedgerRow).where(LedgerRow.village_code.in_(codes))
    return list(session.scalars(wanted.order_by(LedgerRow.year, LedgerRow.id)))


def payouts_of(session: Session, ledger_ids: Collection[int]) -> dict[int, PayoutRow]:
    """Ledger row -> when and by which voucher it was carried out, of those that were."""
    wanted = select(PayoutRow).where(PayoutRow.ledger_id.in_(ledger_ids))
    return {row.ledger_id: row for row in session.scalars(wanted)}


def key_of(campaign_id: str, level: str, village_code: str, cause_id: int) -> str:
    """A campaign enters each cause of a payment once."""
    return f"{campaign_id}:{level}:{village_code}:{cause_id}"


def enter(session: Session, paid: Paid, *, at: datetime) -> None:
    """Enter a payment or recovery that no campaign of this database made."""
    place = f"before:{paid.village_code}:{paid.year}:{paid.level}:"
    count = (
        select(func.count()).select_from(LedgerRow).where(LedgerRow.key.startswith(place, autoescape=True))
    )
    session.add(
        LedgerRow(
            key=f"{place}{(session.scalar(count) or 0) + 1}",
            kind="payment" if paid.yuan > 0 else "recovery",
            campaign_id=None,
            village_code=paid.village_code,
            year=paid.year,
            level=paid.level,
            level_yuan=paid.yuan,
            payable_yuan=paid.yuan,
            document=paid.document,
            decided_at=at,
        )
    )
    session.flush()
