"""What the bank carried out: finance confirms each ledger row once, with its day and voucher."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from actions.duties.holders import day_of
from actions.lists.accounts import predecessors
from actions.lookup import campaign_of
from records import audit
from records.lists.ledger import entries_of, payouts_of, rows_of_codes
from records.store import Session, Store, repeatable
from records.tables.lists import LedgerRow, PayoutRow
from records.tables.people import PersonRow
from rules.campaign.campaign import Campaign
from rules.lists.lineage import kin
from rules.refusals import Refused
from rules.signs import says_nothing

MOST_SIGNS = 60


@repeatable
def confirm_payouts(
    store: Store,
    *,
    campaign_id: str,
    ledger_ids: Sequence[int],
    paid_on: date,
    voucher: str,
    by: str,
    now: datetime,
) -> int | Refused:
    """Confirm that these rows were paid (or paid back) on a day, by one voucher; how many were."""
    with store.writing() as session:
        campaign = campaign_of(session, campaign_id)
        person = session.get(PersonRow, by)
        if person is None or not person.active or "finance" not in person.roles:
            return Refused("not_finance", "只有财政局经办人可以登记发放情况。")
        voucher = " ".join(voucher.split())
        if says_nothing(voucher) or len(voucher) > MOST_SIGNS:
            return Refused("no_voucher", f"请写明凭证号，不超过{MOST_SIGNS}个字。")
        rows = {row.id: row for row in entries_of(session, campaign_id) if row.id in set(ledger_ids)}
        refused = _refuse_rows(session, ledger_ids, rows) or _refuse_day(campaign, rows, paid_on, now=now)
        if refused is not None:
            return refused
        session.add_all(
            PayoutRow(ledger_id=row.id, paid_on=paid_on, voucher=voucher, by=by, at=now)
            for row in rows.values()
        )
        facts = {
            "villages": sorted(row.village_code for row in rows.values()),
            "yuan": sum(row.payable_yuan for row in rows.values()),
            "paid_on": paid_on.isoformat(),
            "voucher": voucher,
        }
        audit.note(session, at=now, actor=by, act="confirm_payout", subject=campaign_id, facts=facts)
        return len(rows)


def _refuse_rows(session: Session, wanted: Sequence[int], rows: dict[int, LedgerRow]) -> Refused | None:
    if not wanted or set(wanted) - set(rows):
        return Refused("no_such_entry", "请选择本次活动台账中的记录。")
    if any(row.payable_yuan == 0 for row in rows.values()):
        return Refused("nothing_to_pay", "金额为0元的记录无须发放。")
    if payouts_of(session, list(rows)):
        return Refused("already_confirmed", "所选记录中有已登记发放的，请核对后重新选择。")
    return None


def _refuse_day(
    campaign: Campaign, rows: dict[int, LedgerRow], paid_on: date, *, now: datetime
) -> Refused | None:
    """Every one of the rows was decided by then; days are those of the county."""
    today = day_of(campaign, now)
    first = max(day_of(campaign, row.decided_at) for row in rows.values())
    if first <= paid_on <= today:
        return None
    return Refused(
        "wrong_day", f"发放日期须在{first}(奖补决定之日)至{today}之间，请核对；决定日期不同的可分次登记。"
    )


def history_of(session: Session, codes: frozenset[str]) -> list[tuple[LedgerRow, PayoutRow | None]]:
    """All that the ledger says of a village under every code that it was or has become, the oldest first."""
    rows = rows_of_codes(session, kin(codes, predecessors(session)))
    paid = payouts_of(session, [row.id for row in rows])
    return [(row, paid.get(row.id)) for row in rows]
