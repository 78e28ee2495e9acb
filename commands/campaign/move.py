"""``hqe campaign move``: all dates of a folder moved together."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from commands.terminal.campaign_report import report
from commands.terminal.options import DAY, json_option
from commands.terminal.output import refuse


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--first", required=True, type=DAY, help="The day on which the first stage shall open.")
@json_option
def move(folder: Path, first: datetime, json_file: Path | None) -> None:
    """Move every date of a campaign folder by as many days, so that its first stage opens on a given day; check it.

    全部日期一起顺延或提前,写回 campaign.yaml,带“请核对”的由人核对;活动启动以后不能再用。
    """
    from config.mistakes import CampaignMistakes
    from config.next_year import move_dates

    try:
        days = move_dates(folder, first=first.date())
    except CampaignMistakes as error:
        refuse(str(error))
    click.echo(f"{folder / 'campaign.yaml'}:全部日期已移动{days}天,请逐行核对。")
    report(folder, json_file, is_new=True)
