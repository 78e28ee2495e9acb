"""``hqe workbook``: the town's side without a browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import opened, settings_of
from commands.terminal.options import folder_option, home_option, json_option
from commands.terminal.output import decline, refuse, write_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.campaign.campaign import Campaign
    from rules.dossiers.checks.annotation import Annotation
    from rules.dossiers.dossier import Finding


@click.group()
def workbook() -> None:
    """Make and check dossiers."""


@workbook.command()
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
    from config.campaign_folder import campaign_folder, read_campaign
    from workbooks.template.template import make_bundle, make_template

    campaign = read_campaign(campaign_folder(campaign_id))
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
    from commands.terminal.installation import business_now, under_way
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


def refuse_unknown(campaign: Campaign, village: str) -> None:
    if village not in {one.code for one in campaign.villages}:
        refuse(f"{campaign.title}没有代码为{village}的社区(村)，请核对12位区划代码。")


@workbook.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.argument("village")
@folder_option
@home_option
@json_option
def check(file: Path, village: str, campaign_id: str, home: Path | None, json_file: Path | None) -> None:
    """Check a dossier of VILLAGE without handing it in; prints every finding."""
    from actions.dossiers.examination import examine
    from config.campaign_folder import campaign_folder, read_campaign
    from rules.dossiers.checks.findings import messages

    campaign = read_campaign(campaign_folder(campaign_id))
    refuse_unknown(campaign, village)
    town = campaign.village(village).town_code
    understood = examine(
        file.read_bytes(),
        campaign=campaign,
        town_code=town,
        village_code=village,
        earlier=partial(_earlier, home, campaign, village),
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


@workbook.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.argument("village")
@folder_option
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Default: FILE-标注.xlsx")
@click.option(
    "--before",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="An earlier version: tells what was put right, what is still there, what is new.",
)
def annotate(file: Path, village: str, campaign_id: str, out: Path | None, before: Path | None) -> None:
    """Write a copy of a dossier of VILLAGE with every finding on its cell and in a list.

    生成标注副本：原文件不变，副本里逐格标出问题，并附问题清单。
    """
    from config.campaign_folder import campaign_folder, read_campaign
    from rules.refusals import Refused
    from workbooks.confined.handing_back import annotate_apart

    campaign = read_campaign(campaign_folder(campaign_id))
    refuse_unknown(campaign, village)
    done = annotate_apart(file.read_bytes(), told_of(file, village, campaign, before=before))
    if isinstance(done, Refused):
        refuse(done.reason)
    path = out or file.with_name(f"{file.stem}-标注.xlsx")
    path.write_bytes(done)
    click.echo(str(path))


def told_of(file: Path, village: str, campaign: Campaign, *, before: Path | None) -> Annotation:
    """What the checks find in a file, held against what they find in an earlier one."""
    from actions.dossiers.examination import examine
    from rules.dossiers.checks.annotation import annotation
    from rules.dossiers.checks.progress import progress_of

    place = campaign.village(village)

    def findings_in(path: Path) -> Sequence[Finding]:
        data = path.read_bytes()
        return examine(
            data,
            campaign=campaign,
            town_code=place.town_code,
            village_code=village,
            earlier=partial(_earlier, None, campaign, village),
        ).findings

    findings = findings_in(file)
    title = f"{campaign.town(place.town_code).name}{place.name}申报材料 问题清单"
    compared = progress_of(findings_in(before), findings) if before else None
    return annotation(findings, title=title, compared=compared)


def _earlier(home: Path | None, campaign: Campaign, village: str, places: Sequence[str]) -> Mapping[str, str]:
    """The numbers that a prefilled roster masks, where this machine has them."""
    from actions.dossiers.prefilled_template import earlier_numbers

    if not settings_of(home).key_file.exists():
        return {}
    with opened(home) as store:
        return earlier_numbers(store, campaign, village, places)
