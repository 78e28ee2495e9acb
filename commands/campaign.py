"""``hqe campaign``: a campaign folder, before and after it is opened."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from commands.printing import json_option, refuse, write_json


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
    from config.reading import read_folder

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
