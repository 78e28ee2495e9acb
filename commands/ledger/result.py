"""``hqe ledger result``: a result from above with its document, or a table of them."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.options import DAY, by_option, campaign_option, home_option
from commands.terminal.output import decline, refuse
from rules.entries import read_whole
from rules.lists.results import KINDS
from rules.refusals import Refused

if TYPE_CHECKING:
    from actions.lists.results import Entry


@click.command()
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--document", required=True, help="The document and its number.")
@click.option("--dated", required=True, type=DAY, help="Of what day the document is.")
@click.option(
    "--scan",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The document itself, kept sealed.",
)
@by_option
@campaign_option
@home_option
def result(
    table: Path,
    document: str,
    dated: datetime,
    scan: Path | None,
    by: str,
    campaign_id: str | None,
    home: Path | None,
) -> None:
    """Enter results from above, withdrawn titles, recoveries and corrections of TABLE, all rows or none.

    TABLE is a CSV file with the columns village_code, level and kind (recognised, refused, withdrawn, recovery,
    correction); where needed yuan and reason.

    登记上级认定结果以及取消称号、追回、更正；须写明所依据的文件。登记本身不发放，由两局另行审批。
    """
    from actions.lists.results import enter_results

    entries = [_entry(row, number, document, dated, scan) for number, row in enumerate(_rows(table), 2)]
    with opened(home) as store:
        done = enter_results(
            store, campaign_id=under_way(store, campaign_id), entries=entries, by=by, now=business_now(store)
        )
    if isinstance(done, Refused):
        decline(done)
    click.echo(f"已登记{len(done)}条。")


def _rows(table: Path) -> list[dict[str, str]]:
    try:
        rows = list(csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        refuse(f"{table}：读不了（{error}），须为 UTF-8 的 CSV。")
    missing = {"village_code", "level", "kind"} - set(rows[0] if rows else ())
    if missing:
        refuse(f"{table}：缺少列{'、'.join(sorted(missing))}，或者没有内容。")
    return rows


def _entry(row: dict[str, str], number: int, document: str, dated: datetime, scan: Path | None) -> Entry:
    from actions.lists.results import Entry

    yuan, kind = (row.get("yuan") or "0").strip() or "0", (row["kind"] or "").strip()
    amount = read_whole(yuan, signed=True)
    if amount is None or kind not in KINDS:
        refuse(f"第{number}行：yuan 须为整数元，kind 须为{'、'.join(KINDS)}之一。")
    return Entry(
        village_code=(row["village_code"] or "").strip(),
        level=(row["level"] or "").strip(),
        kind=kind,
        document=document,
        dated=dated.date(),
        reason=(row.get("reason") or "").strip(),
        yuan=amount,
        file_name=scan.name if scan else "",
        data=scan.read_bytes() if scan else b"",
    )
