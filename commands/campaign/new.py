"""``hqe campaign new``: a campaign folder for another year."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.campaign_report import report
from commands.terminal.options import json_option
from commands.terminal.output import refuse


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--from", "source", required=True, help="The campaign to copy: its id or its folder.")
@click.option("--year", required=True, type=click.IntRange(2000, 2100), help="The year of the new campaign.")
@click.option("--county", default="", help="Another county's name; what still names the old one is listed.")
@click.option(
    "--results",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="ledger.csv of a finished campaign (campaign publish): its payments stand in the new ledger.",
)
@json_option
def new(
    folder: Path, source: str, year: int, county: str, results: Path | None, json_file: Path | None
) -> None:
    """Copy a campaign folder for another year, or another county: move dates, mark what to look at, check it.

    由上年文件夹生成新一年的文件夹,日期移到新年份,带“请核对”的由人核对。不覆盖已有的文件夹。
    """
    from config.campaign_folder import folder_of
    from config.mistakes import CampaignMistakes
    from config.next_year import renew_folder

    try:
        chores = renew_folder(folder_of(source), folder, year=year, county=county, results=results)
    except CampaignMistakes as error:
        refuse(str(error))
    click.echo(f"{folder} 已生成,启动前请逐项核对(同样写在 README.md 中):")
    for chore in chores:
        click.echo(chore)
    report(folder, json_file, is_new=True)
