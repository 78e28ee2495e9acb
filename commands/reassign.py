"""``hqe reassign``: one duty to another person."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, duty_number, opened
from commands.terminal.options import by_option, campaign_option, home_option
from commands.terminal.output import say_outcome


@click.command()
@click.argument("duty")
@click.option("--to", required=True, metavar="ID", help="Who takes it.")
@click.option("--reason", required=True, help="Stands in the audit log.")
@by_option
@campaign_option
@home_option
def reassign(duty: str, to: str, reason: str, by: str, campaign_id: str | None, home: Path | None) -> None:
    """Give DUTY to another person, who is told at once (at a gate with a code of their own).

    改派:把一项待办交给另一人办理。DUTY as in `extend`.
    """
    from actions.duties.handover import hand_over

    with opened(home) as store:
        number = duty_number(store, duty, campaign_id)
        refused = hand_over(store, duty_id=number, to=to, by=by, reason=reason, now=business_now(store))
    say_outcome(refused, f"已改派给{to}。")
