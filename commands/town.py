"""``hqe town`` and ``hqe village``: what towns and reviewers report, without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.options import by_option, campaign_option, fact_and_number, home_option
from commands.terminal.output import decline, say_outcome

if TYPE_CHECKING:
    from records.store import Store


@click.group()
def town() -> None:
    """Confirm a town's survey, receive its paper copies.

    乡镇(街道):确认调查摸底,签收纸质材料。
    """


@town.command()
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


@town.command()
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


@click.group()
def village() -> None:
    """Record what was seen in a village.

    社区(村):登记现场核查结果。
    """


@village.command()
@click.argument("village_code", metavar="VILLAGE")
@click.option("--notes", required=True, help="What was seen.")
@click.option(
    "--found", multiple=True, metavar="FACT=NUMBER", help="A fact that differs from the dossier, e.g. B1.3=2."
)
@by_option
@campaign_option
@home_option
def visit(
    village_code: str, notes: str, found: tuple[str, ...], by: str, campaign_id: str | None, home: Path | None
) -> None:
    """Record the site visit to VILLAGE (its 12-digit code)."""
    from actions.review.visits import record_visit

    facts = dict(fact_and_number(text) for text in found)
    with opened(home) as store:
        wanted = under_way(store, campaign_id)
        _require(store, wanted, village_code)
        refused = record_visit(
            store,
            campaign_id=wanted,
            village_code=village_code,
            by=by,
            notes=notes,
            adjustments=facts,
            now=business_now(store),
        )
    say_outcome(refused, "现场核查已登记。")


def _require(store: Store, campaign_id: str, village_code: str) -> None:
    from records.tables.campaign import VillageRow
    from rules.refusals import Refused

    with store.reading() as session:
        if session.get(VillageRow, (campaign_id, village_code)) is None:
            decline(Refused("no_such_village", f"没有代码为{village_code}的社区(村)，请核对12位区划代码。"))
