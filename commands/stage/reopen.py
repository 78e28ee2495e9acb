"""``hqe stage reopen``: a stage opened again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.options import DAY, by_option, campaign_option, home_option
from commands.terminal.output import say_outcome
from commands.terminal.stage_change import dry_run_option, reason_option, show_change, stage_row


@click.command()
@click.argument("name", metavar="STAGE")
@click.option("--until", required=True, type=DAY, help="The day by whose end it closes again.")
@reason_option
@dry_run_option
@by_option
@campaign_option
@home_option
def reopen(
    name: str,
    until: datetime,
    reason: str,
    dry_run: bool,
    by: str,
    campaign_id: str | None,
    home: Path | None,
) -> None:
    """Open STAGE again; lapsed duties come back with `extend`: one, those of a town, or all (`--lapsed`)."""
    from actions.campaign.stage_changes import preview_opening, reopen_stage

    with opened(home) as store:
        wanted, now = under_way(store, campaign_id), business_now(store)
        with store.reading() as session:
            show_change(
                preview_opening(session, stage_row(session, wanted, name), until=until.date(), now=now)
            )
        if dry_run:
            return
        refused = reopen_stage(
            store, campaign_id=wanted, stage=name, until=until.date(), by=by, reason=reason, now=now
        )
    say_outcome(refused, "已重新开启。")
