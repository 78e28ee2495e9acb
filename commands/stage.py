"""``hqe stage``: a stage closed before its date, or opened again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.options import DAY, by_option, campaign_option, home_option
from commands.terminal.output import decline, say_outcome

if TYPE_CHECKING:
    from actions.campaign.stage_changes import StageChange
    from records.store import Session
    from records.tables.campaign import StageRow
    from rules.refusals import Refused

reason_option = click.option("--reason", default="", help="Stands in the audit log.")
dry_run_option = click.option("--dry-run", is_flag=True, help="Show what moves and change nothing.")


@click.group()
def stage() -> None:
    """Close a stage early or open it again; first shows what that moves.

    阶段:提前结束或重新开启,先列出由此变动什么,再写明理由。
    """


@stage.command()
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
            _tell(preview_closing(session, _row(session, wanted, name), now=now))
        if dry_run:
            return
        refused = close_early(store, campaign_id=wanted, stage=name, by=by, reason=reason, now=now)
    say_outcome(refused, "已结束。")


@stage.command()
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
    """Open STAGE again; lapsed duties come back one by one with `extend`."""
    from actions.campaign.stage_changes import preview_opening, reopen_stage

    with opened(home) as store:
        wanted, now = under_way(store, campaign_id), business_now(store)
        with store.reading() as session:
            _tell(preview_opening(session, _row(session, wanted, name), until=until.date(), now=now))
        if dry_run:
            return
        refused = reopen_stage(
            store, campaign_id=wanted, stage=name, until=until.date(), by=by, reason=reason, now=now
        )
    say_outcome(refused, "已重新开启。")


def _row(session: Session, campaign_id: str, name: str) -> StageRow:
    from records.tables.campaign import StageRow
    from rules.campaign.campaign import STAGES
    from rules.refusals import Refused

    row = session.get(StageRow, (campaign_id, name))
    if row is None:
        decline(Refused("no_such_stage", f"没有“{name}”这个阶段，可用：{'、'.join(STAGES)}。"))
    return row


def _tell(planned: StageChange | Refused) -> None:
    from rules.refusals import Refused

    if isinstance(planned, Refused):
        decline(planned)
    for line in planned.lines:
        click.echo(line)
