"""``hqe workbook withdraw``: take a dossier back before its review, as a town clerk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.options import by_option, campaign_option, home_option
from commands.terminal.output import decline

if TYPE_CHECKING:
    from datetime import datetime

    from records.store import Store


@click.command()
@click.argument("village")
@click.option(
    "--version", type=click.IntRange(1), help="Only if this is the newest one (default: the newest)."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@by_option
@campaign_option
@home_option
def withdraw(
    village: str, version: int | None, yes: bool, by: str, campaign_id: str | None, home: Path | None
) -> None:
    """Take back the newest dossier of VILLAGE (its 12-digit code) before anybody has reviewed it.

    审核前撤回最新一版申报材料;先列出后果,确认后才撤回。
    """
    from actions.dossiers.withdrawal import withdraw as take_back
    from rules.refusals import Refused

    with opened(home) as store:
        wanted, now = under_way(store, campaign_id), business_now(store)
        for line in _consequences(store, wanted, village, now):
            click.echo(line)
        if not yes:
            click.confirm("确认撤回？", abort=True)
        done = take_back(store, campaign_id=wanted, village_code=village, version=version, by=by, now=now)
    if isinstance(done, Refused):
        decline(done)
    click.echo(f"第{done.version}版已撤回。请修改后重新上报。")


def _consequences(store: Store, campaign_id: str, village_code: str, now: datetime) -> list[str]:
    """What withdrawing means, in sentences; ends with the reason where it cannot be done."""
    from actions.dossiers.withdrawal import NOTHING, standing_of
    from actions.lookup import campaign_of
    from notifications.wording import moment_text
    from records.tables.campaign import VillageRow
    from rules.dossiers.withdrawal import consequences, refuse_withdrawal

    with store.reading() as session:
        row = session.get(VillageRow, (campaign_id, village_code))
        standing = standing_of(session, campaign_of(session, campaign_id), row) if row else None
    refused = refuse_withdrawal(standing, version=standing.version, now=now) if standing else NOTHING
    if standing is None or refused:
        decline(refused or NOTHING)
    return [
        sentence % {name: moment_text(at) for name, at in moments.items()}
        for sentence, moments in consequences(standing, now=now)
    ]
