"""``hqe calendar show``: days off, make-up workdays, and how far they are published."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import opened, under_way
from commands.terminal.options import campaign_option, home_option, json_option
from commands.terminal.output import write_json


@click.command()
@campaign_option
@home_option
@json_option
def show(campaign_id: str | None, home: Path | None, json_file: Path | None) -> None:
    """Print what the campaign counts as days off and as make-up workdays.

    放假安排:放假日、调休上班日、公布到哪一天。
    """
    from actions.lookup import calendar_of

    with opened(home) as store, store.reading() as session:
        calendar = calendar_of(session, under_way(store, campaign_id))
    holidays, makeup = sorted(calendar.holidays), sorted(calendar.makeup_workdays)
    click.echo(f"公布到：{calendar.published_until}")
    for year in sorted({day.year for day in (*holidays, *makeup)}):
        off = "、".join(f"{day:%m-%d}" for day in holidays if day.year == year)
        worked = "、".join(f"{day:%m-%d}" for day in makeup if day.year == year)
        click.echo(f"{year} 放假：{off}")
        click.echo(f"{year} 调休上班：{worked or '无'}")
    shown = {"published_until": calendar.published_until, "holidays": holidays, "makeup_workdays": makeup}
    write_json(json_file, shown)
