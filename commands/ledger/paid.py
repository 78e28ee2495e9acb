"""``hqe ledger paid``: finance confirms that rows were paid out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.options import DAY, ROW_NUMBER, by_option, campaign_option, home_option
from commands.terminal.output import decline
from rules.refusals import Refused


@click.command()
@click.argument("rows", metavar="ROW...", nargs=-1, required=True, type=ROW_NUMBER)
@click.option("--voucher", required=True, help="The voucher's number.")
@click.option("--on", "paid_on", required=True, type=DAY, help="The day of payment.")
@by_option
@campaign_option
@home_option
def paid(
    rows: tuple[int, ...],
    voucher: str,
    paid_on: datetime,
    by: str,
    campaign_id: str | None,
    home: Path | None,
) -> None:
    """Confirm that ledger rows (their numbers, see ``hqe ledger show``) were paid or paid back.

    登记发放：台账记录号、发放日期和凭证号。
    """
    from actions.lists.payouts import confirm_payouts

    with opened(home) as store:
        done = confirm_payouts(
            store,
            campaign_id=under_way(store, campaign_id),
            ledger_ids=rows,
            paid_on=paid_on.date(),
            voucher=voucher,
            by=by,
            now=business_now(store),
        )
    if isinstance(done, Refused):
        decline(done)
    click.echo(f"已登记{done}条。")
