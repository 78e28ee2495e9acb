"""``hqe people activate``: somebody is taken back."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened
from commands.terminal.options import by_option, home_option
from commands.terminal.output import say_outcome


@click.command()
@click.argument("person_id", metavar="ID")
@by_option
@home_option
def activate(person_id: str, by: str, home: Path | None) -> None:
    """Take ID back."""
    from actions.people.staff import activate as take_back

    with opened(home) as store:
        refused = take_back(store, person_id=person_id, by=by, now=business_now(store))
    say_outcome(refused, f"{person_id}已启用。")
