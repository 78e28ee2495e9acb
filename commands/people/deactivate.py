"""``hqe people deactivate``: somebody stands down."""

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
def deactivate(person_id: str, by: str, home: Path | None) -> None:
    """Stand ID down; open duties go to the deputy, or it is refused and says which are in the way."""
    from actions.people.staff import deactivate as stand_down

    with opened(home) as store:
        refused = stand_down(store, person_id=person_id, by=by, now=business_now(store))
    say_outcome(refused, f"{person_id}已停用。")
