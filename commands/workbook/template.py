"""``hqe workbook template``: a dossier's template, for a village or a whole town."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.dossier import refuse_unknown
from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.options import folder_option, home_option
from commands.terminal.output import decline, refuse


@click.command()
@click.argument("village", default="")
@click.option(
    "--town", help="Instead of VILLAGE: a zip with the templates of all villages of this town (code)."
)
@folder_option
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Default: <CODE>.xlsx or .zip")
@click.option(
    "--prefill",
    is_flag=True,
    help="With the newest accepted roster in it, ID numbers masked; needs --by and the campaign open here.",
)
@click.option("--by", metavar="ID", help="With --prefill: who acts, a person's id.")
@home_option
def template(
    village: str,
    town: str | None,
    campaign_id: str,
    out: Path | None,
    prefill: bool,
    by: str | None,
    home: Path | None,
) -> None:
    """Write the dossier template of VILLAGE (its 12-digit code), or of a whole town.

    生成一个社区(村)或一个乡镇(街道)全部社区(村)的申报材料模板;--prefill 预填往年名单。
    """
    if prefill:
        if not village or not by:
            refuse("预填往年名单须给出一个社区(村)的12位代码，并用 --by 写明是谁。")
        path = out or Path(f"{village}.xlsx")
        path.write_bytes(_prefilled(home, campaign_id, village, by=by))
        click.echo(str(path))
        return
    from config.campaign_folder import folder_of, read_campaign
    from workbooks.template.template import make_bundle, make_template

    campaign = read_campaign(folder_of(campaign_id))
    if bool(village) == bool(town):
        refuse("请给出一个社区(村)的12位代码，或用 --town 给出乡镇(街道)的9位代码，二者取一。")
    if town:
        if town not in {one.code for one in campaign.towns}:
            refuse(f"{campaign.title}没有代码为{town}的乡镇(街道)，请核对9位区划代码。")
        path, data = out or Path(f"{town}.zip"), make_bundle(campaign, town)
    else:
        refuse_unknown(campaign, village)
        path, data = out or Path(f"{village}.xlsx"), make_template(campaign, village)
    path.write_bytes(data)
    click.echo(str(path))


def _prefilled(home: Path | None, campaign_id: str, village: str, *, by: str) -> bytes:
    from actions.dossiers.prefilled_template import prefilled_template
    from actions.lookup import campaign_of
    from rules.refusals import Refused

    with opened(home) as store:
        wanted = under_way(store, campaign_id)
        with store.reading() as session:
            refuse_unknown(campaign_of(session, wanted), village)
        made = prefilled_template(
            store, campaign_id=wanted, village_code=village, by=by, now=business_now(store)
        )
    if isinstance(made, Refused):
        decline(made)
    return made
