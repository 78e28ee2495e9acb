"""``hqe calendar import``: a calendar.yaml as a campaign folder has it, or the days that this version knows."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.calendar_change import basis_option, enter
from commands.terminal.options import by_option, campaign_option, home_option
from commands.terminal.output import refuse
from commands.terminal.stage_change import dry_run_option
from rules.campaign.decree import Decree


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@basis_option
@dry_run_option
@by_option
@campaign_option
@home_option
def import_file(
    file: Path, reason: str, dry_run: bool, by: str, campaign_id: str | None, home: Path | None
) -> None:
    """Take over a calendar.yaml: the days that this version of the program knows, with the file's corrections.

    导入放假安排:文件格式与活动文件夹的 calendar.yaml 相同,先列出哪些期限随之变动,再更新。
    """
    enter(_read(file), by=by, reason=reason, dry_run=dry_run, campaign_id=campaign_id, home=home)


def _read(file: Path) -> Decree:
    from config.calendar import read_later
    from config.mistakes import CampaignMistakes

    if file.suffix != ".yaml":
        refuse(f"{file} 不是 .yaml 文件；格式见活动文件夹的 calendar.yaml。")
    try:
        return read_later(file)
    except CampaignMistakes as error:
        refuse("\n".join(map(str, error.mistakes)))
