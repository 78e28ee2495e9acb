"""``hqe year service``: what was done for whom."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from commands.terminal.installation import business_now, day_or_today, opened
from commands.terminal.options import DAY, by_option, home_option
from commands.terminal.output import settled


@click.command()
@click.argument("village")
@click.argument("kind")
@click.argument("people", nargs=-1)
@click.option("--count", type=int, default=0, help="How many, where it is not said who.")
@click.option("--day", type=DAY, help="When (default: today).")
@click.option("--again", is_flag=True, help="It is really another one of the same day.")
@click.option("--corrects", type=int, help="The number of the record that this one stands for.")
@by_option
@home_option
def service(
    village: str,
    kind: str,
    people: tuple[str, ...],
    count: int,
    day: datetime | None,
    again: bool,
    corrects: int | None,
    by: str,
    home: Path | None,
) -> None:
    """Record a service of KIND (a key of year.yaml) in VILLAGE, for PEOPLE (keys of rows) or a count.

    登记一次服务;同一天同样的服务登记两次会被指出,确是另一次的加 --again。
    """
    from actions.year.services import Given, record_service

    with opened(home) as store:
        given = Given(kind, day_or_today(day, store), people, count, corrects)
        done = record_service(
            store, village_code=village, given=given, by=by, now=business_now(store), again=again
        )
    click.echo(f"已登记服务#{settled(done)}。")
