"""``hqe people away``: who is not there for some days, who stands in, and what passes to them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import business_now, opened
from commands.terminal.options import DAY, by_option, home_option, json_option
from commands.terminal.output import decline, write_json

if TYPE_CHECKING:
    from actions.duties.absences import Passing
    from records.store import Store
    from rules.duties.absences import Absence


@click.command()
@click.argument("person_id", metavar="ID")
@click.option("--from", "first", required=True, type=DAY, help="The first day.")
@click.option("--until", "last", required=True, type=DAY, help="The last day; it counts.")
@click.option("--deputy", default="", metavar="ID", help="Who stands in (default: the usual deputy).")
@click.option("--reason", default="", help="Stands with the absence, for coordinators and auditors.")
@click.option("--dry-run", is_flag=True, help="Show what would pass to whom and record nothing.")
@by_option
@home_option
@json_option
def away(
    person_id: str,
    first: datetime,
    last: datetime,
    deputy: str,
    reason: str,
    dry_run: bool,
    by: str,
    home: Path | None,
    json_file: Path | None,
) -> None:
    """Record that ID is away and who stands in; open duties pass when it begins, new ones go there at once.

    外出代理:先列出手中的待办将转给谁,再登记。What has passed on stays there afterwards; `reassign` gives it back.
    """
    from actions.duties.absences import record_absence
    from rules.duties.absences import Absence
    from rules.refusals import Refused

    wanted = Absence(person_id, deputy, first.date(), last.date())
    with opened(home) as store:
        passing = _foreseen(store, wanted, by)
        write_json(json_file, {"dry_run": dry_run, "passing": passing})
        for one in passing:
            click.echo(f"#{one.duty_id} {one.what} → {one.to or '无人可接，仍由本人承办'}")
        if dry_run:
            click.echo("以上为试算，没有登记。")
            return
        done = record_absence(store, wanted, by=by, reason=reason, now=business_now(store))
    if isinstance(done, Refused):
        decline(done)
    click.echo(f"已登记{person_id}于{done.first_day}至{done.last_day}外出，由{done.deputy}代理。")


def _foreseen(store: Store, wanted: Absence, by: str) -> list[Passing]:
    from actions.duties.absences import foresee
    from rules.refusals import Refused

    with store.reading() as session:
        passing = foresee(session, wanted, by=by, now=business_now(store))
    if isinstance(passing, Refused):
        decline(passing)
    return passing
