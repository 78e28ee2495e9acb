"""``hqe town paper``: a town's paper copies are there."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.options import by_option, campaign_option, home_option
from commands.terminal.output import say_outcome


@click.command()
@click.argument("town_code", metavar="TOWN")
@by_option
@campaign_option
@home_option
def paper(town_code: str, by: str, campaign_id: str | None, home: Path | None) -> None:
    """Record that the bureau has received the paper copies of TOWN (its code)."""
    from actions.dossiers.paper import record_paper

    with opened(home) as store:
        refused = record_paper(
            store,
            campaign_id=under_way(store, campaign_id),
            town_code=town_code,
            by=by,
            now=business_now(store),
        )
    say_outcome(refused, "纸质材料已签收。")
