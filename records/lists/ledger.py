"""The award ledger: what each village was paid, across years and changed codes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.lists import LedgerRow
from rules.campaign.campaign import Paid


def entries_of(session: Session, campaign_id: str) -> list[LedgerRow]:
    """What a campaign wrote into the ledger."""
    mine = LedgerRow.campaign_id == campaign_id
    return list(session.scalars(select(LedgerRow).where(mine).order_by(LedgerRow.village_code)))


def paid_to(session: Session, codes: Collection[str]) -> tuple[Paid, ...]:
    """Every payment to one of the village ``codes``, oldest first, by whichever campaign."""
    rows = session.scalars(
        select(LedgerRow)
        .where(LedgerRow.village_code.in_(codes))
        .order_by(LedgerRow.year, LedgerRow.level_yuan, LedgerRow.village_code)
    )
    return tuple(Paid(row.village_code, row.year, row.level, row.payable_yuan, row.document) for row in rows)


def enter(session: Session, paid: Paid, *, at: datetime) -> None:
    """Enter a payment that no campaign of this database made."""
    session.add(
        LedgerRow(
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
