"""``hqe papers templates``: the Word templates that ship, for editing."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import settings_of
from commands.terminal.options import home_option


@click.command()
@home_option
def templates(home: Path | None) -> None:
    """Write the templates that ship into the state folder, where they may be edited in Word or WPS.

    What lies there already stays as it is.

    把自带的文书模板写入数据文件夹的 papers 目录，供局里修改；已有的不覆盖。
    """
    from workbooks.papers.paper_templates import FOLDER, TEMPLATES, shipped

    folder = settings_of(home).home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for kind, (title, _) in TEMPLATES.items():
        file = folder / f"{kind}.docx"
        if file.exists():
            click.echo(f"{title}：已有 {file}，未改动。")
        else:
            file.write_bytes(shipped(kind))
            click.echo(f"{title}：{file}")
