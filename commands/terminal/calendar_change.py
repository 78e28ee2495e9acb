"""A change of the calendar, as ``hqe calendar`` shows it first and then enters it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.output import decline
from rules.campaign.calendar import Calendar
from rules.refusals import Refused

basis_option = click.option("--reason", required=True, help="By which notice; stands in the audit log.")


def enter(
    make: Callable[[Calendar], Calendar | Refused],
    *,
    by: str,
    reason: str,
    dry_run: bool,
    campaign_id: str | None,
    home: Path | None,
) -> None:
    """Show what moves with the calendar that ``make`` makes of the present one, and enter it."""
    from actions.campaign.calendars import change_calendar, preview
    from actions.lookup import calendar_of

    with opened(home) as store:
        wanted, now = under_way(store, campaign_id), business_now(store)
        with store.reading() as session:
            calendar = make(calendar_of(session, wanted))
            planned = (
                calendar if isinstance(calendar, Refused) else preview(session, wanted, calendar, now=now)
            )
        if not dry_run and not isinstance(calendar, Refused) and not isinstance(planned, Refused):
            planned = change_calendar(
                store, campaign_id=wanted, calendar=calendar, by=by, reason=reason, now=now
            )
    if isinstance(planned, Refused):
        decline(planned)
    for line in planned.lines:
        click.echo(line)
    if not dry_run:
        click.echo("已更新。")
