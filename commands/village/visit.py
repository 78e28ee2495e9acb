"""``hqe village visit``: what was seen in a village."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.options import by_option, campaign_option, fact_and_number, home_option
from commands.terminal.output import decline, say_outcome

if TYPE_CHECKING:
    from records.store import Store


@click.command()
@click.argument("village_code", metavar="VILLAGE")
@click.option("--notes", required=True, help="What was seen.")
@click.option(
    "--found", multiple=True, metavar="FACT=NUMBER", help="A fact that differs from the dossier, e.g. B1.3=2."
)
@click.option("--anew", is_flag=True, help="You have read what your colleague wrote, and write it anew.")
@by_option
@campaign_option
@home_option
def visit(
    village_code: str,
    notes: str,
    found: tuple[str, ...],
    anew: bool,
    by: str,
    campaign_id: str | None,
    home: Path | None,
) -> None:
    """Record the site visit to VILLAGE (its 12-digit code), and what was found there."""
    from actions.review.visits import record_visit
    from records.review.visits import visits_to

    facts = dict(fact_and_number(text) for text in found)
    with opened(home) as store:
        wanted = under_way(store, campaign_id)
        _refuse_unknown(store, wanted, village_code)
        with store.reading() as session:
            written = visits_to(session, wanted, village_code) if anew else []
        refused = record_visit(
            store,
            campaign_id=wanted,
            village_code=village_code,
            by=by,
            notes=notes,
            adjustments=facts,
            now=business_now(store),
            read=written[-1].id if written else 0,
        )
    say_outcome(refused, "现场核查已登记。")


def _refuse_unknown(store: Store, campaign_id: str, village_code: str) -> None:
    from records.tables.campaign import VillageRow
    from rules.refusals import Refused

    with store.reading() as session:
        if session.get(VillageRow, (campaign_id, village_code)) is None:
            decline(Refused("no_such_village", f"没有代码为{village_code}的社区(村)，请核对12位区划代码。"))
