"""``hqe workbook diff``: what changed between two versions of a dossier."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.dossier import refuse_unknown
from commands.terminal.installation import opened, under_way
from commands.terminal.options import campaign_option, home_option, json_option
from commands.terminal.output import decline, refuse, write_json
from rules.entries import read_row_number

if TYPE_CHECKING:
    from rules.campaign.campaign import Campaign
    from rules.dossiers.differences import CellChange, Difference, RosterDifference
    from rules.refusals import Refused

SAMPLE = "longquan-2020"


@click.command()
@click.argument("before")
@click.argument("after")
@click.argument("village")
@campaign_option
@home_option
@json_option
def diff(
    before: str, after: str, village: str, campaign_id: str | None, home: Path | None, json_file: Path | None
) -> None:
    """Print what changed between two versions of VILLAGE's dossier, cell by cell.

    BEFORE and AFTER are two files, or the numbers of two versions that were handed in. Identity
    numbers are masked. 逐个单元格列出两版申报材料的差异,身份证号只显示末两位。
    """
    from rules.refusals import Refused

    numbers = [text for text in (before, after) if read_row_number(text) and not Path(text).exists()]
    if len(numbers) == 1:
        refuse("请给出两个文件，或者两个版本号。")
    found = (
        _of_versions(before, after, village, campaign_id, home)
        if numbers
        else _of_files(Path(before), Path(after), village, campaign_id or SAMPLE)
    )
    if isinstance(found, Refused):
        decline(found)
    write_json(json_file, {"village": village, "difference": found})
    for line in lines(found):
        click.echo(line)


def _of_versions(
    before: str, after: str, village: str, campaign_id: str | None, home: Path | None
) -> Difference | Refused:
    from actions.dossiers.differences import compare_versions

    with opened(home) as store:
        return compare_versions(
            store,
            campaign_id=under_way(store, campaign_id),
            village_code=village,
            before=read_row_number(before),
            after=read_row_number(after),
        )


def _of_files(before: Path, after: Path, village: str, campaign_id: str) -> Difference | Refused:
    from actions.dossiers.differences import compare
    from config.campaign_folder import folder_of, read_campaign

    missing = next((file for file in (before, after) if not file.is_file()), None)
    if missing:
        refuse(f"没有文件 {missing}。请给出两个.xlsx文件，或者两个版本号。")
    campaign: Campaign = read_campaign(folder_of(campaign_id))
    refuse_unknown(campaign, village)
    return compare(before.read_bytes(), after.read_bytes(), campaign=campaign)


def lines(found: Difference) -> Iterator[str]:
    """The difference as sentences, forms before people."""
    if found.is_nothing:
        yield "两版读到的内容完全相同。"
        return
    for form in found.forms:
        if form.cells:
            yield f"{form.sheet}：{len(form.cells)}处不同"
            yield from (f"  {_cell(cell)}" for cell in form.cells)
    yield from _people(found.roster)


def _people(roster: RosterDifference) -> Iterator[str]:
    yield (
        f"{roster.sheet}：{roster.people_before}人 → {roster.people_after}人，"
        f"新增{roster.added}人，减少{roster.removed}人，{roster.changed}人有改动"
    )
    for one in roster.alike:
        yield f"  {one.rows}人相同：{one.title} {_change(one.before, one.after)}（{one.where}）"
    for row in roster.rows_changed:
        yield f"  {row.name} {row.number}"
        yield from (f"    {_cell(cell)}" for cell in row.cells)
    yield from (f"  新增 第{row.after}行 {row.name} {row.number}" for row in roster.rows_added)
    yield from (f"  减少 第{row.before}行 {row.name} {row.number}" for row in roster.rows_removed)
    if roster.unlisted:
        yield f"  另有{roster.unlisted}人没有逐一列出。"


def _cell(cell: CellChange) -> str:
    return f"{cell.ref} {cell.title}：{_change(cell.before, cell.after)}"


def _change(before: str, after: str) -> str:
    return f"{before or '(空白)'} → {after or '(空白)'}"
