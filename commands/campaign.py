"""``hqe campaign``: a campaign folder, before and after it is opened."""

from __future__ import annotations

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
    """Read a campaign folder and name every wrong value: file, key, value, what is allowed."""
    from config.calendars import read_calendar
    from config.mistakes import CampaignMistakes
    from config.reading import read_campaign
    from rules.stages import check_dates

    try:
        read = read_campaign(folder)
    except CampaignMistakes as error:
        write_json(json_file, {"mistakes": [str(mistake) for mistake in error.mistakes]})
        refuse("\n".join(str(mistake) for mistake in error.mistakes))
    calendar = read_calendar(folder, (read.year, read.year + 1))
    mistakes = list(check_dates(read, calendar))
    write_json(json_file, {"mistakes": mistakes, "towns": len(read.towns), "villages": len(read.villages)})
    if mistakes:
        refuse("\n".join(mistakes))
    click.echo(f"{read.title}: {len(read.towns)} towns, {len(read.villages)} villages, nothing wrong")
