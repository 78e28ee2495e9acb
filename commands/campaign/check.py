"""``hqe campaign check``: every wrong value of a campaign folder."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.campaign_report import report
from commands.terminal.options import json_option


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@json_option
def check(folder: Path, json_file: Path | None) -> None:
    """Read a campaign folder and name every wrong value: file, key, value, what is allowed.

    检查活动文件夹,一次列出全部错误;“提示”不影响启动。
    """
    report(folder, json_file)
