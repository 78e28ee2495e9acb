"""``hqe people back``: an absence ended early, or the next one called off."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened
from commands.terminal.options import by_option, home_option
from commands.terminal.output import decline, say_outcome


@click.command()
@click.argument("person_id", metavar="ID")
@by_option
@home_option
def back(person_id: str, by: str, home: Path | None) -> None:
    """End ID's absence, or call off the next one; what has passed on stays where it is."""
    from actions.duties.absences import absence_to_end, end_absence
    from rules.refusals import Refused

    with opened(home) as store:
        now = business_now(store)
        with store.reading() as session:
            row = absence_to_end(session, person_id, now=now)
        if row is None:
            decline(Refused("not_away", f"{person_id}没有尚未结束的外出登记。"))
        refused = end_absence(store, absence_id=row.id, by=by, now=now)
    say_outcome(refused, f"已结束{person_id}在{row.first_day}至{row.last_day}的外出。")
