"""``hqe year confirm``: people were asked, and nothing had changed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from commands.terminal.installation import business_now, day_or_today, opened
from commands.terminal.options import DAY, by_option, home_option
from commands.terminal.output import settled


@click.command()
@click.argument("village")
@click.argument("people", nargs=-1)
@click.option("--overdue", is_flag=True, help="Everybody who is overdue.")
@click.option("--day", type=DAY, help="When they were asked (default: today).")
@by_option
@home_option
def confirm(
    village: str, people: tuple[str, ...], overdue: bool, day: datetime | None, by: str, home: Path | None
) -> None:
    """Confirm PEOPLE (keys of rows) of VILLAGE as unchanged.

    核实人员没有变化:写行键,或用 --overdue 表示全部逾期人员。
    """
    from actions.year.confirmations import confirm_unchanged
    from actions.year.state import overdue_people

    with opened(home) as store:
        now, asked = business_now(store), day_or_today(day, store)
        late = settled(overdue_people(store, village_code=village, by=by, now=now)) if overdue else ()
        chosen = [*people, *(one.key for one in late)]
        done = confirm_unchanged(store, village_code=village, people=chosen, day=asked, by=by, now=now)
    click.echo(f"已核实{settled(done)}人没有变化（{asked}）。")
