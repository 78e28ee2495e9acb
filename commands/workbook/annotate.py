"""``hqe workbook annotate``: a copy of a dossier with every finding on its cell."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.dossier import earlier_here, refuse_unknown
from commands.terminal.options import folder_option
from commands.terminal.output import refuse

if TYPE_CHECKING:
    from rules.campaign.campaign import Campaign
    from rules.dossiers.checks.annotation import Annotation
    from rules.dossiers.dossier import Finding


@click.command()
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
    from config.campaign_folder import folder_of, read_campaign
    from rules.refusals import Refused
    from workbooks.confined.client import annotate_apart

    campaign = read_campaign(folder_of(campaign_id))
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
            earlier=partial(earlier_here, None, campaign, village),
        ).findings

    findings = findings_in(file)
    title = f"{campaign.town(place.town_code).name}{place.name}申报材料 问题清单"
    compared = progress_of(findings_in(before), findings) if before else None
    return annotation(findings, title=title, compared=compared)
