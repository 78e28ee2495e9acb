"""The award ledger: what each village was paid, across years and changed codes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from records.tables.lists import LedgerRow, PayoutRow
from rules.campaign.campaign import Paid


def entries_of(session: Session, campaign_id: str) -> list[LedgerRow]:
    """What a campaign wrote into the ledger."""
    mine = LedgerRow.campaign_id == campaign_id
    return list(session.scalars(select(LedgerRow).where(mine).order_by(LedgerRow.village_code)))


def paid_to(session: Session, codes: Collection[str]) -> tuple[Paid, ...]:
    """Every payment to one of the village ``codes``, oldest first, by whichever campaign."""
    rows = session.scalars(
        select(LedgerRow).where(LedgerRow.village_code.in_(codes)).order_by(LedgerRow.year, LedgerRow.id)
    )
    return tuple(Paid(row.village_code, row.year, row.level, row.payable_yuan, row.document) for row in rows)


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
