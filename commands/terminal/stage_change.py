"""A change of a stage's dates, as ``hqe stage`` asks for it and shows it first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from commands.terminal.output import decline

if TYPE_CHECKING:
    from actions.campaign.stage_changes import StageChange
    from records.store import Session
    from records.tables.campaign import StageRow
    from rules.refusals import Refused

reason_option = click.option("--reason", default="", help="Stands in the audit log.")
dry_run_option = click.option("--dry-run", is_flag=True, help="Show what moves and change nothing.")


def stage_row(session: Session, campaign_id: str, name: str) -> StageRow:
    from records.tables.campaign import StageRow
    from rules.campaign.campaign import STAGES
    from rules.refusals import Refused

    row = session.get(StageRow, (campaign_id, name))
    if row is None:
        decline(Refused("no_such_stage", f"没有“{name}”这个阶段，可用：{'、'.join(STAGES)}。"))
    return row


def show_change(planned: StageChange | Refused) -> None:
    from rules.refusals import Refused

    if isinstance(planned, Refused):
        decline(planned)
    for line in planned.lines:
        click.echo(line)
