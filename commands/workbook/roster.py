"""``hqe workbook roster``: the people of an accepted roster."""

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
@click.option("--page", type=click.IntRange(1), default=1, show_default=True, help="30 people each.")
@click.option("--count", default="", metavar="KEY", help="Only those counted so, e.g. employed (forms.yaml).")
@campaign_option
@home_option
@json_option
def roster(
    village: str,
    by: str,
    page: int,
    count: str,
    campaign_id: str | None,
    home: Path | None,
    json_file: Path | None,
) -> None:
    """List the people of VILLAGE's accepted roster (its 12-digit code), ID numbers masked.

    列出一个社区(村)校验通过的花名册,身份证号只显示末两位。
    """
    from actions.dossiers.roster import list_people
    from rules.refusals import Refused

    with opened(home) as store:
        upload_id = accepted_id(store, under_way(store, campaign_id), village)
        listed = list_people(store, upload_id=upload_id, by=by, page=page, count=count)
    if isinstance(listed, Refused):
        decline(listed)
    write_json(json_file, {"page": listed.page, "pages": listed.pages, "people": listed.people})
    click.echo(f"{listed.title or '花名册'}{listed.count}人，第{listed.page}页，共{listed.pages}页")
    for one in listed.people:
        click.echo(f"{one.row:6d}  {one.masked}  {one.name}")
