"""``hqe gate decide``: deciding with one's own code."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.case import case_of, print_case
from commands.terminal.installation import DOOR, business_now, opened
from commands.terminal.options import ROW_NUMBER, by_option, home_option
from commands.terminal.output import decline


@click.command()
@click.argument("gate_id", metavar="GATE", type=ROW_NUMBER)
@by_option
@click.option("--answer", required=True, help="One of the answers that `gate show` lists.")
@click.option("--reason", default="", help="Needed where `gate show` says so.")
@click.option("--code", prompt="授权码 one-time code", hide_input=True, help="Asked for when not given.")
@home_option
def decide(gate_id: int, by: str, answer: str, reason: str, code: str, home: Path | None) -> None:
    """Decide GATE with your own one-time code, on exactly the content that is shown."""
    from actions.review.codes import decide_by_code
    from records import clock
    from rules.refusals import Refused

    with opened(home) as store:
        found = case_of(store, gate_id, by=by)
        print_case(store, found)
        done = decide_by_code(
            store,
            gate_id=gate_id,
            code=code,
            answer=answer,
            reason=reason,
            door=DOOR,
            now=business_now(store),
            host_now=clock.host_now(),
            by=by,
            seen_hash=found.content_hash,
        )
    if isinstance(done, Refused):
        decline(done)
    click.echo(f"已记录：{done.seat}“{dict(found.answers)[answer]}”。")
