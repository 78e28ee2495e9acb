"""``hqe outage extend``: as many more days for all towns as an outage took."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.options import by_option, campaign_option, home_option
from commands.terminal.output import decline
from commands.terminal.stage_change import dry_run_option


@click.command()
@click.argument("outage", type=int)
@click.option("--reason", default="", help="What is to be said besides; stands in the ledger of time.")
@click.option("--anyway", is_flag=True, help="Grant it although a promise breaks; the record says so.")
@dry_run_option
@by_option
@campaign_option
@home_option
def extend(
    outage: int,
    reason: str,
    anyway: bool,
    dry_run: bool,
    by: str,
    campaign_id: str | None,
    home: Path | None,
) -> None:
    """Give all towns as many more days as OUTAGE took from them; first shows what that breaks.

    给各乡镇(街道)同等延期:先列出无法兑现的期限,再批准。OUTAGE is a number of `outage list`.
    """
    from actions.campaign.outages import NO_OUTAGE, extend_for_outage, price_of, waiting
    from actions.duties.more_time import promises_broken
    from rules.refusals import Refused

    with opened(home) as store:
        now, campaign = business_now(store), under_way(store, campaign_id)
        with store.reading() as session:
            found = next((one for one in waiting(session, campaign) if one.outage_id == outage), None)
            offers = price_of(session, found, now=now) if found else NO_OUTAGE
        if found is None or isinstance(offers, Refused):
            decline(offers if isinstance(offers, Refused) else NO_OUTAGE)
        for day, duties in found.moves:
            click.echo(f"{len(duties)}项待办延至{day}")
        for sentence in promises_broken(offers):
            click.echo(f"无法兑现：{sentence}")
        if dry_run:
            return
        done = extend_for_outage(
            store, campaign_id=campaign, outage_id=outage, by=by, words=reason, anyway=anyway, now=now
        )
    if isinstance(done, Refused):
        decline(done)
    click.echo(f"已延期{done}项。")
