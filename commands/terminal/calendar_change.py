"""A change of the calendar, as ``hqe calendar`` shows it first and then enters it."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.output import decline
from rules.campaign.decree import Decree
from rules.refusals import Refused

basis_option = click.option("--reason", required=True, help="By which notice; stands in the audit log.")


def enter(
    decree: Decree | Refused,
    *,
    by: str,
    reason: str,
    dry_run: bool,
    campaign_id: str | None,
    home: Path | None,
) -> None:
    """Show what moves with what ``decree`` makes of the present calendar, and enter it."""
    from actions.campaign.calendars import change_calendar, preview

    if isinstance(decree, Refused):
        decline(decree)
    with opened(home) as store:
        wanted, now = under_way(store, campaign_id), business_now(store)
        if dry_run:
            with store.reading() as session:
                planned = preview(session, wanted, decree, now=now)
        else:
            planned = change_calendar(store, campaign_id=wanted, decree=decree, by=by, reason=reason, now=now)
    if isinstance(planned, Refused):
        decline(planned)
    for line in planned.lines:
        click.echo(line)
    if not dry_run:
        click.echo("已更新。")
