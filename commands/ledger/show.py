"""``hqe ledger show``: what a village was paid, across years and mergers."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import opened, under_way
from commands.terminal.options import campaign_option, home_option, json_option
from commands.terminal.output import refuse, write_json


@click.command()
@click.argument("village_code", metavar="VILLAGE")
@campaign_option
@home_option
@json_option
def show(village_code: str, campaign_id: str | None, home: Path | None, json_file: Path | None) -> None:
    """Print every ledger row of VILLAGE (its code), also under the codes that it had before or has become.

    查看一个社区(村)的历年奖补，包括撤并和更改编码前后的记录。
    """
    from actions.lists.payouts import history_of
    from actions.lookup import campaign_of

    with opened(home) as store, store.reading() as session:
        campaign = campaign_of(session, under_way(store, campaign_id))
        known = {village.code: village for village in campaign.villages}
        if village_code not in known:
            refuse(f"代码{village_code}不在本次活动中，请核对。")
        lines = [
            {
                "id": row.id, "year": row.year, "code": row.village_code, "level": row.level, "kind": row.kind,
                "yuan": row.payable_yuan, "document": row.document,
                "paid_on": paid.paid_on.isoformat() if paid else "", "voucher": paid.voucher if paid else "",
            }
            for row, paid in history_of(session, known[village_code].codes)
        ]  # fmt: skip
    for line in lines:
        done = f"{line['paid_on']} {line['voucher']}".strip() or "-"
        click.echo(
            f"{line['id']:>6} {line['year']} {line['code']} {line['level']} {line['kind']} {line['yuan']}元 {done}"
        )
    total = sum(int(str(line["yuan"])) for line in lines)
    click.echo(f"合计 {total}元")
    write_json(json_file, {"village": village_code, "total_yuan": total, "rows": lines})
