"""``hqe business compare``: a village's numbers beside the business data."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.dossier import accepted_id
from commands.terminal.installation import opened, under_way
from commands.terminal.options import by_option, campaign_option, home_option, json_option
from commands.terminal.output import decline, write_json


@click.command()
@click.argument("village")
@by_option
@campaign_option
@home_option
@json_option
def compare(
    village: str, by: str, campaign_id: str | None, home: Path | None, json_file: Path | None
) -> None:
    """Hold VILLAGE's roster (its 12-digit code) against the imported data: claim, data, difference, who, masked.

    逐人对照一个社区(村)的花名册与业务数据。
    """
    from actions.overview import business_data
    from rules.refusals import Refused

    with opened(home) as store:
        upload_id = accepted_id(store, under_way(store, campaign_id), village)
        found = business_data.compare(store, upload_id=upload_id, by=by)
    if isinstance(found, Refused):
        decline(found)
    write_json(json_file, {"numbers": found.numbers, "spot_checks": found.spot_checks})
    for one in found.numbers:
        click.echo(
            f"{one.title}：花名册{one.claimed}，{one.source.title}{one.known}，相差{one.claimed - one.known}"
        )
        for title, people in (
            ("花名册计入、业务数据没有", one.only_claimed),
            ("业务数据有、花名册未计", one.only_known),
        ):
            for person in people:
                click.echo(f"    {title}：第{person.row}行 {person.name} {person.masked}")
    for indicator, rows in found.spot_checks.items():
        click.echo(f"抽查{indicator}先看：{'、'.join(f'第{row}行' for row in rows) or '没有不一致'}")
