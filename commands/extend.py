"""``hqe extend``: more time for one duty, with the price shown before it is granted."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import business_now, duty_number, opened
from commands.terminal.options import DAY, by_option, campaign_option, home_option, json_option
from commands.terminal.output import decline, write_json

if TYPE_CHECKING:
    from actions.duties.extensions import Offer
    from records.store import Store


@click.command()
@click.argument("duty")
@click.option("--until", required=True, type=DAY, help="The new due date; its whole day counts.")
@click.option("--lock", type=DAY, help="The day after which nothing is taken (default: the new due date).")
@click.option("--reason", required=True, help="Stands in the audit log.")
@click.option("--dry-run", is_flag=True, help="Show the price and grant nothing.")
@click.option("--anyway", is_flag=True, help="Grant it although a promise breaks; the record says so.")
@by_option
@campaign_option
@home_option
@json_option
def extend(
    duty: str,
    until: datetime,
    lock: datetime | None,
    reason: str,
    dry_run: bool,
    anyway: bool,
    by: str,
    campaign_id: str | None,
    home: Path | None,
    json_file: Path | None,
) -> None:
    """Give a town or a reviewer more time; first shows what that moves and what it breaks.

    延期:先算出代价(后续环节、剩余工作日、无法兑现的期限),再批准。DUTY is a number of `campaign status
    --duties`, or a kind and a code such as dossier:331181100200.
    """
    from actions.duties.extensions import grant
    from rules.refusals import Refused

    with opened(home) as store:
        offered = _offer(store, duty, campaign_id, until.date(), lock.date() if lock else None)
        write_json(json_file, {"offer": offered})
        _print(store, offered)
        if dry_run:
            return
        refused = grant(store, offered=offered, by=by, reason=reason, anyway=anyway, now=business_now(store))
    if isinstance(refused, Refused):
        decline(refused)
    click.echo("已延期。")


def _offer(store: Store, duty: str, campaign_id: str | None, until: date, lock: date | None) -> Offer:
    from actions.duties.extensions import offer
    from rules.refusals import Refused

    number = duty_number(store, duty, campaign_id)
    with store.reading() as session:
        offered = offer(session, number, until=until, lock=lock, now=business_now(store))
    if isinstance(offered, Refused):
        decline(offered)
    return offered


def _print(store: Store, offered: Offer) -> None:
    from actions.duties.extensions import lines_of
    from actions.lookup import campaign_of
    from records.tables.duties import DutyRow

    with store.reading() as session:
        campaign = campaign_of(session, session.get_one(DutyRow, offered.duty_id).campaign_id)
    for line in lines_of(offered, campaign):
        click.echo(line)
