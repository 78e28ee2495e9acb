"""``hqe people decline``: the second person says no, or who proposed a change takes it back."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened
from commands.terminal.options import ROW_NUMBER, home_option, second_option
from commands.terminal.output import say_outcome


@click.command()
@click.argument("number", type=ROW_NUMBER)
@click.option(
    "--reason", required=True, help="Is told to who proposed it, whom it concerns, and the auditors."
)
@second_option
@home_option
def decline(number: int, reason: str, by: str, home: Path | None) -> None:
    """Decline the proposal NUMBER; everything stays as it is.

    退回提请。
    """
    from actions.people.proposals import decline as refuse

    with opened(home) as store:
        refused = refuse(store, proposal_id=number, by=by, reason=reason, now=business_now(store))
    say_outcome(refused, f"#{number}已退回，一切照旧。")
