"""``hqe calendar set``: days of a new decree, typed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from commands.terminal.calendar_change import basis_option, enter
from commands.terminal.options import DAY, by_option, campaign_option, home_option
from commands.terminal.stage_change import dry_run_option
from rules.campaign.decree import entered


@click.command("set")
@click.option("--until", type=DAY, help="The last day that is published now (default: as it is).")
@click.option("--off", multiple=True, metavar="DAYS", help="Days off: 2027-02-06 or 2027-02-06..2027-02-12.")
@click.option("--worked", multiple=True, metavar="DAYS", help="Make-up workdays, written alike.")
@basis_option
@dry_run_option
@by_option
@campaign_option
@home_option
def set_days(
    until: datetime | None,
    off: tuple[str, ...],
    worked: tuple[str, ...],
    reason: str,
    dry_run: bool,
    by: str,
    campaign_id: str | None,
    home: Path | None,
) -> None:
    """Enter days off, make-up workdays and how far they are published; first shows what moves.

    录入放假安排:先列出哪些期限随之变动,再更新。A day that was entered wrongly is named on the other side.
    """

    decree = entered(" ".join(off), " ".join(worked), until.date().isoformat() if until else "")
    enter(decree, by=by, reason=reason, dry_run=dry_run, campaign_id=campaign_id, home=home)
