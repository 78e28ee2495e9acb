"""``hqe outage list``: outages before a due date, and what was answered."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import opened, under_way
from commands.terminal.options import campaign_option, home_option, json_option
from commands.terminal.output import write_json


@click.command("list")
@campaign_option
@home_option
@json_option
def list_outages(campaign_id: str | None, home: Path | None, json_file: Path | None) -> None:
    """List the outages that took time from towns before a due date, and the extension that is proposed for each.

    列出使乡镇(街道)在期限前少了时间的门户中断,以及建议延至哪天、已经怎样答复。
    """
    from actions.campaign.outages import proposals
    from rules.duties.outages import ANSWERS

    with opened(home) as store, store.reading() as session:
        found = proposals(session, under_way(store, campaign_id))
    write_json(json_file, {"outages": found})
    for one in found:
        click.echo(f"#{one.outage_id} {one.told}：{ANSWERS[one.answer] if one.answer else '等待答复'}")
        for day, duties in one.moves:
            click.echo(f"  {len(duties)}项待办延至{day}")
    if not found:
        click.echo("没有影响期限的门户中断。")
