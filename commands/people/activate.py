"""``hqe people activate``: somebody is taken back."""

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
def activate(person_id: str, by: str, home: Path | None) -> None:
    """Take ID back; whoever decides or oversees comes back when a second person has confirmed it."""
    from actions.people.staff import activate as take_back
    from rules.refusals import Refused

    with opened(home) as store:
        days = settings_of(home).proposal_days
        done = take_back(store, person_id=person_id, by=by, now=business_now(store), days=days)
    if isinstance(done, Refused):
        decline(done)
    click.echo(f"{person_id}已启用。" if done is None else waits(done))
