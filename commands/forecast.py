"""``hqe forecast``: every message of the next days if nobody does anything."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.options import campaign_option, home_option, json_option, seen_by_option
from commands.terminal.output import write_json


@click.command()
@click.option("--days", type=click.IntRange(1, 120), default=7, show_default=True, help="How far ahead.")
@click.option("--keys", is_flag=True, help="Below each the key by which `hqe steer` knows it.")
@seen_by_option
@campaign_option
@home_option
@json_option
def forecast(
    days: int, keys: bool, by: str, campaign_id: str | None, home: Path | None, json_file: Path | None
) -> None:
    """List every message the system will send if nobody does anything: when, to whom, about what.

    消息预告:无人办理时,今后几天系统将向谁发出什么消息。
    """
    from actions.lookup import campaign_of
    from actions.overview import forecast as foreseen
    from notifications.wording import instant_text

    with opened(home) as store:
        wanted, now = under_way(store, campaign_id), business_now(store)
        with store.reading() as session:
            zone = campaign_of(session, wanted).zone
        until = now + timedelta(days=days)
        found = foreseen.forecast(store, campaign_id=wanted, now=now, until=until, reader=by)
    write_json(json_file, {"campaign": wanted, "days": days, "messages": found})
    for one in found:
        who = f"{one.role_title}{one.person}({one.person_id})"
        click.echo(f"{instant_text(one.at, zone)} → {who}：{one.title}[{one.template}] {one.about}")
        if keys:
            click.echo(f"  {one.key}")
    click.echo(f"今后{days}天共{len(found)}条消息(无人办理时)。")
