"""``hqe year open``: the year begins, or goes on with a newer folder."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened
from commands.terminal.options import home_option
from commands.terminal.output import progress_bar, refuse, settled


@click.command("open")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--by", default="operator", show_default=True, metavar="ID", help="Who acts.")
@home_option
def open_year(folder: Path, by: str, home: Path | None) -> None:
    """Open the year with year.yaml of a campaign FOLDER; with a newer folder again when something changes.

    启用日常服务,或按改过的文件夹再次启用;以前的配置都留着。
    """
    from actions.year.opening import open_year as act
    from actions.year.reckoning import reckon_all
    from config.campaign_folder import read_folder
    from rules.year.opened import opened_with

    read = read_folder(folder)
    if read.campaign is None:
        refuse(f"{folder} 有{len(read.mistakes)}处需要改正。请先运行 ./hqe campaign check {folder}")
    if read.year_plan is None:
        refuse(f"{folder} 没有 year.yaml。写法见 docs/campaign-folder.md。")
    year = opened_with(read.campaign, read.year_plan)
    with opened(home) as store:
        now = business_now(store)
        done = settled(act(store, year=year, by=by, now=now))
        if done.asks_anew:
            with progress_bar("重新计算核实期限") as progress:
                today = now.astimezone(year.zone).date()
                reckon_all(store, today=today, heard=lambda village, _: progress("社区(村)", village))
    click.echo(f"日常服务已按{year.plan.version}启用，配置指纹{done.digest[:12]}。{year.plan.mark}")
