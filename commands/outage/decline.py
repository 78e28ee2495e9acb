"""``hqe outage decline``: an outage that moves no date, and why."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.options import by_option, campaign_option, home_option
from commands.terminal.output import decline as say_no


@click.command()
@click.argument("outage", type=int)
@click.option("--reason", required=True, help="Stands in the ledger of time, which every town reads.")
@by_option
@campaign_option
@home_option
def decline(outage: int, reason: str, by: str, campaign_id: str | None, home: Path | None) -> None:
    """Leave all dates as they are after OUTAGE, with a reason.

    不因这次中断延期:写明理由,各乡镇(街道)都能看到。OUTAGE is a number of `outage list`.
    """
    from actions.campaign.outages import decline_outage

    with opened(home) as store:
        refused = decline_outage(
            store,
            campaign_id=under_way(store, campaign_id),
            outage_id=outage,
            by=by,
            words=reason,
            now=business_now(store),
        )
    if refused:
        say_no(refused)
    click.echo("已答复：不延期。")
