"""The award ledger: what each village was paid, across years."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables import LedgerRow


def paid_to(session: Session, village_code: str) -> int:
    """Yuan, in all years and at all levels."""
    return sum(session.scalars(select(LedgerRow.payable_yuan).where(LedgerRow.village_code == village_code)))


def entries_of(session: Session, campaign_id: str) -> list[LedgerRow]:
    """What a campaign wrote into the ledger."""
    mine = LedgerRow.campaign_id == campaign_id
    return list(session.scalars(select(LedgerRow).where(mine).order_by(LedgerRow.village_code)))
