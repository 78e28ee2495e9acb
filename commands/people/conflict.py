"""``hqe people conflict``: who must not act on which town."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened
from commands.terminal.options import by_option, home_option
from commands.terminal.output import say_outcome


@click.command()
@click.argument("person_id", metavar="ID")
@click.argument("town")
@click.option("--lift", is_flag=True, help="The conflict is over.")
@by_option
@home_option
def conflict(person_id: str, town: str, lift: bool, by: str, home: Path | None) -> None:
    """Record that ID must not act on TOWN (its code); what they hold there goes to their deputy."""
    from actions.people.staff import set_conflict

    with opened(home) as store:
        refused = set_conflict(
            store, person_id=person_id, town_code=town, stands=not lift, by=by, now=business_now(store)
        )
    say_outcome(refused, f"{person_id}对{town}的回避已{'解除' if lift else '登记'}。")
