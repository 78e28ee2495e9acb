"""``hqe stage close``: a stage closed before its date."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.options import by_option, campaign_option, home_option
from commands.terminal.output import say_outcome
from commands.terminal.stage_change import dry_run_option, reason_option, show_change, stage_row


@click.command()
@click.argument("name", metavar="STAGE")
@reason_option
@dry_run_option
@by_option
@campaign_option
@home_option
def close(name: str, reason: str, dry_run: bool, by: str, campaign_id: str | None, home: Path | None) -> None:
    """Close STAGE (survey, submission, verification, recommendation, award) before its date."""
    from actions.campaign.stage_changes import close_early, preview_closing

    with opened(home) as store:
        wanted, now = under_way(store, campaign_id), business_now(store)
        with store.reading() as session:
            show_change(preview_closing(session, stage_row(session, wanted, name), now=now))
        if dry_run:
            return
        refused = close_early(store, campaign_id=wanted, stage=name, by=by, reason=reason, now=now)
    say_outcome(refused, "已结束。")
