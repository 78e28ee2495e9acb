"""``hqe people confirm``: the second person agrees to a change of accounts."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened
from commands.terminal.options import ROW_NUMBER, home_option, second_option
from commands.terminal.output import say_outcome


@click.command()
@click.argument("number", type=ROW_NUMBER)
@second_option
@home_option
def confirm(number: int, by: str, home: Path | None) -> None:
    """Confirm the proposal NUMBER of somebody else; it is done at once, and the auditors are told.

    复核确认。Where no second coordinator or leader exists yet, whoever runs the machine is the second person.
    """
    from actions.people.proposals import confirm as agree

    with opened(home) as store:
        refused = agree(store, proposal_id=number, by=by, now=business_now(store))
    say_outcome(refused, f"#{number}已确认并生效，已告知本人和审计人员。")
