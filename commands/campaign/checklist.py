"""``hqe campaign checklist``: what is not ready before a campaign can run by itself."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import opened, settings_of, under_way
from commands.terminal.options import campaign_option, home_option, json_option
from commands.terminal.output import write_json


@click.command()
@campaign_option
@home_option
@json_option
def checklist(campaign_id: str | None, home: Path | None, json_file: Path | None) -> None:
    """List what is not ready yet: mail, address, invitations, log-ins, deputies, calendar.

    Exits with 1 while something is missing. 准备情况：还差什么、怎么办。
    """
    from actions.overview.checklist import checklist as items_of

    with opened(home) as store, store.reading() as session:
        items = items_of(session, under_way(store, campaign_id), settings_of(home))
    write_json(json_file, {"items": [{"done": one.done, "item": one} for one in items]})
    for one in items:
        click.echo(
            f"{'已就绪' if one.done else '还差'} {one.title}{'：' if one.lacking else ''}{'、'.join(one.lacking)}"
        )
        if not one.done:
            click.echo(f"       {one.advice}")
    if not all(one.done for one in items):
        raise SystemExit(1)
