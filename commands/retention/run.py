"""``hqe retention run``: deleting rosters whose time is over."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import business_now, opened
from commands.terminal.options import home_option, json_option
from commands.terminal.output import refuse, write_json

if TYPE_CHECKING:
    from actions.upkeep.retention import Outlived


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
@home_option
@json_option
def run(dry_run: bool, home: Path | None, json_file: Path | None) -> None:
    """Delete dossiers and identity numbers of campaigns closed long enough ago (retention_months).

    删除保存期限已满的花名册:申报材料原件和身份证号;统计数、评分、决定、台账保留。
    """
    from actions.upkeep.retention import erase_outlived, outlived
    from records.upkeep.retention import scrub

    with opened(home) as store:
        now = business_now(store)
        found = outlived(store, now=now) if dry_run else erase_outlived(store, by="operator", now=now)
        gone = dry_run or scrub(store.engine)
    write_json(json_file, {"dry_run": dry_run, "villages": found, "scrubbed": not dry_run and gone})
    for sentence in _told(found, dry_run=dry_run):
        click.echo(sentence)
    if not gone:
        refuse("记录已删除，但数据库正忙，未能重写数据文件。请在空闲时再运行一次。")


def _told(found: list[Outlived], *, dry_run: bool) -> list[str]:
    if not found:
        return ["没有保存期限已满的花名册。"]
    word = "将删除" if dry_run else "已删除"
    uploads, people = Counter[str](), Counter[str]()
    until = {one.campaign_id: one.until for one in found}
    for one in found:
        uploads[one.campaign_id] += one.uploads
        people[one.campaign_id] += one.people
    villages = Counter(one.campaign_id for one in found)
    lines = [
        f"{campaign}（保存至{until[campaign]:%Y-%m-%d}）：{word}{villages[campaign]}个社区(村)的{uploads[campaign]}份申报材料"
        + ("。" if dry_run else f"，{people[campaign]:,}人的身份证号。")
        for campaign in villages
    ]
    if dry_run:
        return [*lines, "这次只检查，没有删除。"]
    return [*lines, "备份里还有这些数据：请同时销毁更早的备份，或更换密钥后销毁旧密钥（./hqe key rotate）。"]
