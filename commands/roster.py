"""``hqe workbook roster|unmask``: the people of an accepted roster without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.options import by_option, campaign_option, home_option, json_option
from commands.terminal.output import decline, refuse, write_json

if TYPE_CHECKING:
    from records.store import Store


@click.command()
@click.argument("village")
@by_option
@click.option("--page", type=click.IntRange(1), default=1, show_default=True, help="30 people each.")
@campaign_option
@home_option
@json_option
def roster(
    village: str, by: str, page: int, campaign_id: str | None, home: Path | None, json_file: Path | None
) -> None:
    """List the people of VILLAGE's accepted roster (its 12-digit code), ID numbers masked.

    列出一个社区(村)校验通过的花名册,身份证号只显示末两位。
    """
    from actions.dossiers.roster import list_people
    from rules.refusals import Refused

    with opened(home) as store:
        upload_id = _accepted(store, under_way(store, campaign_id), village)
        listed = list_people(store, upload_id=upload_id, by=by, page=page)
    if isinstance(listed, Refused):
        decline(listed)
    write_json(json_file, {"page": listed.page, "pages": listed.pages, "people": listed.people})
    click.echo(f"花名册{listed.count}人，第{listed.page}页，共{listed.pages}页")
    for one in listed.people:
        click.echo(f"{one.row:6d}  {one.masked}  {one.name}")


@click.command()
@click.argument("village")
@click.argument("row", type=click.IntRange(1))
@by_option
@click.option("--reason", required=True, help="Why; kept in the audit log.")
@campaign_option
@home_option
def unmask(village: str, row: int, by: str, reason: str, campaign_id: str | None, home: Path | None) -> None:
    """Show the whole ID number in ROW (as Excel counts) of VILLAGE's accepted roster; noted in the audit log.

    查看花名册一行的完整身份证号:须有权限并写明理由,记入审计日志。
    """
    from actions.dossiers.roster import unmask as unmask_row
    from records import clock
    from rules.refusals import Refused

    with opened(home) as store:
        number = unmask_row(
            store,
            upload_id=_accepted(store, under_way(store, campaign_id), village),
            row=row,
            by=by,
            reason=reason,
            now=business_now(store),
            host_now=clock.host_now(),
        )
    if isinstance(number, Refused):
        decline(number)
    click.echo(number)


def _accepted(store: Store, campaign_id: str, village_code: str) -> int:
    """The dossier that counts."""
    from records.dossiers.uploads import accepted_upload
    from records.tables.campaign import VillageRow

    with store.reading() as session:
        village = session.get(VillageRow, (campaign_id, village_code))
        if village is None:
            refuse(f"{campaign_id}没有代码为{village_code}的社区(村)，请核对12位区划代码。")
        try:
            return accepted_upload(session, village).id
        except LookupError:
            refuse(f"{village.name}还没有校验通过的材料，没有花名册可看。")
