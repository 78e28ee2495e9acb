"""``hqe year missing``: nobody is missing, or who is."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened
from commands.terminal.options import by_option, home_option, json_option
from commands.terminal.output import settled, write_json


@click.command()
@by_option
@home_option
@json_option
def missing(by: str, home: Path | None, json_file: Path | None) -> None:
    """People whom business data know and no roster has, who stand in two rosters, or have no state.

    找遗漏:业务数据里有而台账没有的、两处在册的、劳动年龄内没有就业状态的。
    """
    from actions.year.missing import find_missing

    with opened(home) as store:
        found = settled(find_missing(store, by=by, now=business_now(store)))
    write_json(json_file, {"unknown": found.unknown, "twice": found.twice, "stateless": found.stateless})
    for source, many in found.unknown.items():
        click.echo(f"业务数据“{source}”中有{many}人不在任何台账。")
    for villages in found.twice:
        click.echo(f"一人重复在册：{'、'.join(villages)}")
    for one in found.stateless:
        click.echo(f"没有就业状态：{one.village_code} {one.key} {one.name}")
    click.echo(f"重复在册{len(found.twice)}人，没有就业状态{len(found.stateless)}人。")
