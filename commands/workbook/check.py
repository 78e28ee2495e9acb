"""``hqe workbook check``: a dossier checked without handing it in."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from commands.terminal.dossier import earlier_here, refuse_unknown
from commands.terminal.options import folder_option, home_option, json_option
from commands.terminal.output import refuse, write_json


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.argument("village")
@folder_option
@home_option
@json_option
def check(file: Path, village: str, campaign_id: str, home: Path | None, json_file: Path | None) -> None:
    """Check a dossier of VILLAGE without handing it in; prints every finding."""
    from actions.dossiers.examination import examine
    from config.campaign_folder import folder_of, read_campaign
    from rules.dossiers.checks.findings import messages

    campaign = read_campaign(folder_of(campaign_id))
    refuse_unknown(campaign, village)
    town = campaign.village(village).town_code
    understood = examine(
        file.read_bytes(),
        campaign=campaign,
        town_code=town,
        village_code=village,
        earlier=partial(earlier_here, home, campaign, village),
    )
    write_json(
        json_file,
        {
            "acceptable": understood.acceptable,
            "findings": [
                [one.code, one.severity, one.sheet, one.ref, one.message] for one in understood.findings
            ],
        },
    )
    for message in messages(understood.findings):
        click.echo(message)
    if not understood.acceptable:
        refuse(f"共{len(understood.findings)}个问题，请修改后再报。")
    click.echo(f"可以上报：花名册{len(understood.people)}人。")
