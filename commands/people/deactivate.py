"""``hqe people deactivate``: somebody stands down."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened, settings_of
from commands.terminal.options import by_option, home_option
from commands.terminal.output import decline, waits


@click.command()
@click.argument("person_id", metavar="ID")
@by_option
@home_option
def deactivate(person_id: str, by: str, home: Path | None) -> None:
    """Stand ID down; open duties go to the deputy, or it is refused and says which are in the way; an auditor goes
    when another auditor or the operator has confirmed it."""
    from actions.people.staff import deactivate as stand_down
    from rules.refusals import Refused

    with opened(home) as store:
        days = settings_of(home).proposal_days
        done = stand_down(store, person_id=person_id, by=by, now=business_now(store), days=days)
    if isinstance(done, Refused):
        decline(done)
    click.echo(f"{person_id}已停用。" if done is None else waits(done))
