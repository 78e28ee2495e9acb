"""What a check of a campaign folder finds."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from commands.terminal.output import refuse, write_json

ONLY_THE_STATE_COUNCIL_KNOWS = "calendar.yaml"


def report(folder: Path, json_file: Path | None, *, is_new: bool = False) -> None:
    """Print and write what a check of ``folder`` finds; ends with exit code 1 when there are mistakes.

    A folder that ``is_new`` may still wait for days off that nobody has decreed yet.
    """
    from config.campaign_folder import read_folder

    read = read_folder(folder)
    found = {"mistakes": list(map(asdict, read.mistakes)), "remarks": list(map(asdict, read.hints))}
    units = (
        {"towns": len(read.campaign.towns), "villages": len(read.campaign.villages)} if read.campaign else {}
    )
    write_json(json_file, {**found, **units})
    for hint in read.hints:
        click.echo(f"提示 {hint.told}")
    if is_new and {one.file for one in read.mistakes} == {ONLY_THE_STATE_COUNCIL_KNOWS}:
        click.echo("启动前只差放假安排:")
        click.echo("\n".join(one.told for one in read.mistakes))
        return
    if read.campaign is None:
        listed = "\n".join(one.told for one in read.mistakes)
        refuse(f"{folder} 有{len(read.mistakes)}处需要改正:\n{listed}")
    campaign = read.campaign
    click.echo(
        f"{campaign.title}:{len(campaign.towns)}个乡镇(街道),{len(campaign.villages)}个社区(村),没有错误"
    )
    if plan := read.year_plan:
        click.echo(
            f"日常服务:{len(plan.groups)}类人员定期核实,{len(plan.services)}种服务,{len(plan.policies)}项政策"
        )
