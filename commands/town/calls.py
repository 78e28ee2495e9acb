"""``hqe town calls``: which towns may be late, and whom to call."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.options import campaign_option, home_option, json_option
from commands.terminal.output import write_json

if TYPE_CHECKING:
    from actions.duties.calls import Callee


@click.command()
@campaign_option
@home_option
@json_option
def calls(campaign_id: str | None, home: Path | None, json_file: Path | None) -> None:
    """List the towns that may be late, the most urgent first, with the reasons and whom to call.

    列出可能逾期的乡镇(街道)、原因和联系人;已经联系、暂不用再打的不列。通话在网页上登记。
    """
    from actions.duties.calls import call_list

    with opened(home) as store, store.reading() as session:
        found = call_list(session, under_way(store, campaign_id), now=business_now(store))
    to_call = [one for one in found if not one.settled]
    write_json(json_file, {"calls": [_plain(one) for one in to_call]})
    for one in to_call:
        click.echo(f"{one.town} {one.name} {one.telephone or '没有登记电话'}")
        for late in one.late:
            click.echo(f"  {late.what}：{'；'.join(late.reasons)}")
    click.echo(f"共{len(to_call)}个乡镇(街道)要打电话；已经联系的{len(found) - len(to_call)}个。")


def _plain(one: Callee) -> dict[str, object]:
    """Without the row of the newest call."""
    return {
        "town_code": one.town_code,
        "town": one.town,
        "person_id": one.person_id,
        "telephone": one.telephone,
        "late": one.late,
    }
