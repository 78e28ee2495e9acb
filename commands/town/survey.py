"""``hqe town survey``: which villages of a town take part."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.options import by_option, campaign_option, home_option
from commands.terminal.output import say_outcome

if TYPE_CHECKING:
    from records.store import Store


@click.command()
@click.argument("town_code", metavar="TOWN")
@click.option("--village", "villages", multiple=True, metavar="CODE", help="Takes part; give it for each.")
@click.option("--all", "everyone", is_flag=True, help="All villages of the town take part.")
@by_option
@campaign_option
@home_option
def survey(
    town_code: str,
    villages: tuple[str, ...],
    everyone: bool,
    by: str,
    campaign_id: str | None,
    home: Path | None,
) -> None:
    """Confirm the survey of TOWN (its code): which of its villages take part; all others stay out."""
    from actions.campaign.survey import confirm_survey

    if everyone == bool(villages):
        raise click.UsageError("say either --all or --village CODE for each that takes part")
    with opened(home) as store:
        wanted = under_way(store, campaign_id)
        refused = confirm_survey(
            store,
            campaign_id=wanted,
            town_code=town_code,
            villages=_codes(store, wanted, town_code) if everyone else villages,
            by=by,
            now=business_now(store),
        )
    say_outcome(refused, "调查摸底已确认。")


def _codes(store: Store, campaign_id: str, town_code: str) -> list[str]:
    from records.campaign.villages import villages_of

    with store.reading() as session:
        return [village.code for village in villages_of(session, campaign_id, town_code=town_code)]
