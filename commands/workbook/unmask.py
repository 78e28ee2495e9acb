"""``hqe workbook unmask``: one identity number in full."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.dossier import accepted_id
from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.options import by_option, campaign_option, home_option
from commands.terminal.output import decline


@click.command()
@click.argument("village")
@click.argument("row", type=click.IntRange(1))
@by_option
@click.option("--reason", required=True, help="Why; kept in the audit log.")
@campaign_option
@home_option
def unmask(village: str, row: int, by: str, reason: str, campaign_id: str | None, home: Path | None) -> None:
    """Show the whole ID number in ROW (as Excel counts) of VILLAGE's accepted roster; noted in the audit log.

    查看花名册一行的完整身份证号:须有权限并写明理由,记入审计日志。
    """
    from actions.dossiers.roster import unmask as unmask_row
    from records import clock
    from rules.refusals import Refused

    with opened(home) as store:
        number = unmask_row(
            store,
            upload_id=accepted_id(store, under_way(store, campaign_id), village),
            row=row,
            by=by,
            reason=reason,
            now=business_now(store),
            host_now=clock.host_now(),
        )
    if isinstance(number, Refused):
        decline(number)
    click.echo(number)
