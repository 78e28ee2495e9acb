"""``hqe campaign publish``: open data of a finished campaign."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import opened
from commands.terminal.options import home_option
from commands.terminal.output import decline, refuse


@click.command()
@click.argument("campaign")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@home_option
def publish(campaign: str, folder: Path, home: Path | None) -> None:
    """Write the results of the finished CAMPAIGN into FOLDER as CSV with a data dictionary (Frictionless).

    Villages, points and money, no persons; its ledger.csv is what `campaign new --results` takes.
    """
    from actions.overview.open_data import open_data
    from rules.refusals import Refused

    if folder.exists() and any(folder.iterdir()):
        refuse(f"{folder} 已有文件，请换一个空文件夹。")
    with opened(home) as store:
        files = open_data(store, campaign_id=campaign)
    if isinstance(files, Refused):
        decline(files)
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
        click.echo(f"{folder / name} {len(data)}字节")
