"""``hqe campaign``: a campaign folder, before and after it is opened."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from commands.terminal.options import json_option
from commands.terminal.output import refuse, write_json


@click.group()
def campaign() -> None:
    """Look after a campaign."""


@campaign.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@json_option
def check(folder: Path, json_file: Path | None) -> None:
    """Read a campaign folder and name every wrong value: file, key, value, what is allowed.

    检查活动文件夹,一次列出全部错误;“提示”不影响启动。
    """
    report(folder, json_file)


@campaign.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--from", "source", required=True, help="The campaign to copy: its id or its folder.")
@click.option("--year", required=True, type=click.IntRange(2000, 2100), help="The year of the new campaign.")
@click.option("--county", default="", help="Another county's name; what still names the old one is listed.")
@json_option
def new(folder: Path, source: str, year: int, county: str, json_file: Path | None) -> None:
    """Copy a campaign folder for another year: move its dates, mark what must be looked at, check it.

    由上年文件夹生成新一年的文件夹,日期移到新年份,带“请核对”的由人核对。不覆盖已有的文件夹。
    """
    from config.campaign_folder import campaign_folder
    from config.mistakes import CampaignMistakes
    from config.next_year import renew_folder

    try:
        old = Path(source) if Path(source).is_dir() else campaign_folder(source)
        chores = renew_folder(old, folder, year=year, county=county)
    except CampaignMistakes as error:
        refuse(str(error))
    click.echo(f"{folder} 已生成,启动前请逐项核对(同样写在 README.md 中):")
    for chore in chores:
        click.echo(chore)
    report(folder, json_file)


def report(folder: Path, json_file: Path | None) -> None:
    """Print and write what a check of ``folder`` finds; ends with exit code 1 when there are mistakes."""
    from config.campaign_folder import read_folder

    read = read_folder(folder)
    found = {"mistakes": list(map(asdict, read.mistakes)), "remarks": list(map(asdict, read.remarks))}
    units = (
        {"towns": len(read.campaign.towns), "villages": len(read.campaign.villages)} if read.campaign else {}
    )
    write_json(json_file, {**found, **units})
    for remark in read.remarks:
        click.echo(f"提示 {remark}")
    if read.campaign is None:
        listed = "\n".join(map(str, read.mistakes))
        refuse(f"{folder} 有{len(read.mistakes)}处需要改正:\n{listed}")
    campaign = read.campaign
    click.echo(
        f"{campaign.title}:{len(campaign.towns)}个乡镇(街道),{len(campaign.villages)}个社区(村),没有错误"
    )
