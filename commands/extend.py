"""``hqe extend``: more time for one duty, with the price shown before it is granted."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import business_now, duty_number, opened, under_way
from commands.terminal.options import DAY, by_option, campaign_option, home_option, json_option
from commands.terminal.output import decline, write_json

if TYPE_CHECKING:
    from actions.duties.extensions import Offer
    from records.store import Store


@click.command()
@click.argument("duty", required=False)
@click.option("--lapsed", is_flag=True, help="Instead of DUTY: every duty that lapsed, or those of --town.")
@click.option("--town", default="", help="With --lapsed: only this town, by name or code.")
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
    duty: str | None,
    lapsed: bool,
    town: str,
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

    延期:先列出影响(后续环节、剩余工作日、无法兑现的期限),再批准。DUTY is a number of `campaign status
    --duties`, or a kind and a code such as dossier:331181100200. --lapsed 给已失效的待办更多时间:全部,或一个乡镇的。
    """
    if lapsed == bool(duty):
        raise click.UsageError(
            "Name one DUTY, or --lapsed for all that lapsed. 请写明一项待办,或用 --lapsed。"
        )
    if lapsed:
        _give_all(
            town,
            until.date(),
            reason,
            by,
            anyway=anyway,
            dry_run=dry_run,
            place=(campaign_id, home, json_file),
        )
        return
    assert duty is not None
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


def _give_all(
    town: str,
    until: date,
    reason: str,
    by: str,
    *,
    anyway: bool,
    dry_run: bool,
    place: tuple[str | None, Path | None, Path | None],
) -> None:
    """More time for everything that lapsed, with what it breaks told once."""
    from actions.duties.more_time import give_more_time, lapsed, offer_all, promises_broken
    from rules.refusals import Refused

    campaign_id, home, json_file = place
    with opened(home) as store:
        now, wanted = business_now(store), under_way(store, campaign_id)
        with store.reading() as session:
            found = [one for one in lapsed(session, wanted) if town in ("", one.town, one.town_code)]
            offers = offer_all(session, [one.duty_id for one in found], until=until, now=now)
        if isinstance(offers, Refused):
            decline(offers)
        write_json(json_file, {"offers": offers})
        for one in found:
            click.echo(f"  #{one.duty_id} {one.where}{one.what}：延至{until}")
        for sentence in promises_broken(offers):
            click.echo(f"无法兑现：{sentence}")
        if dry_run:
            return
        done = give_more_time(
            store,
            duty_ids=[one.duty_id for one in found],
            until=until,
            by=by,
            reason=reason,
            anyway=anyway,
            now=now,
        )
    if isinstance(done, Refused):
        decline(done)
    click.echo(f"已延期{done}项。")


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
