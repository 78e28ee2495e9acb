"""``hqe gate code``: a fresh one-time code, by mail."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened
from commands.terminal.options import ROW_NUMBER, home_option
from commands.terminal.output import say_outcome


@click.command()
@click.argument("gate_id", metavar="GATE", type=ROW_NUMBER)
@click.option("--person", "person_id", required=True, metavar="ID", help="Who asks for a code.")
@home_option
def code(gate_id: int, person_id: str, home: Path | None) -> None:
    """Mail a fresh one-time code for GATE to a person; it is never printed."""
    from actions.review.codes import request_code
    from records import clock

    with opened(home) as store:
        refused = request_code(
            store, gate_id=gate_id, person_id=person_id, now=business_now(store), host_now=clock.host_now()
        )
    say_outcome(refused, "新的授权码将发到本人邮箱，24小时内有效。")
