"""What villages were paid before a campaign: entered into the ledger once, when it opens."""

from __future__ import annotations

from datetime import datetime

from records.lists import ledger
from records.store import Session
from rules.campaign.campaign import Campaign, Paid
from rules.refusals import Refused


def refuse_other_amounts(session: Session, campaign: Campaign) -> Refused | None:
    """A payment that the ledger already holds must be the same one; which of two is right, people decide."""
    for paid in campaign.ledger:
        kept = _kept(session, paid)
        if kept is not None and kept.yuan != paid.yuan:
            return Refused(
                "ledger",
                f"ledger.csv 中 {paid.village_code} {paid.year}年 {paid.level} 为{paid.yuan}元，"
                f"台账已记为{kept.yuan}元。请核对后改为一致，再启动活动。",
            )
    return None


def enter_earlier_payments(session: Session, campaign: Campaign, now: datetime) -> None:
    """Enter what the ledger does not hold yet, so that next year's folder may repeat this year's lines."""
    for paid in campaign.ledger:
        if _kept(session, paid) is None:
            ledger.enter(session, paid, at=now)


def _kept(session: Session, paid: Paid) -> Paid | None:
    same = (paid.year, paid.level)
    there = ledger.paid_to(session, [paid.village_code])
    return next((one for one in there if (one.year, one.level) == same), None)
