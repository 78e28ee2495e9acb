"""``hqe people revoke-token``: a token ended at once."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened
from commands.terminal.options import ROW_NUMBER, by_option, home_option
from commands.terminal.output import say_outcome


@click.command()
@click.argument("number", type=ROW_NUMBER)
@by_option
@home_option
def revoke(number: int, by: str, home: Path | None) -> None:
    """End the token NUMBER at once."""
    from actions.people.tokens import revoke_token
    from records import clock

    with opened(home) as store:
        refused = revoke_token(
            store, token_id=number, by=by, now=business_now(store), host_now=clock.host_now()
        )
    say_outcome(refused, f"令牌#{number}已撤销。")
