"""``hqe people deputy``: who stands in for whom."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened
from commands.terminal.options import by_option, home_option
from commands.terminal.output import say_outcome


@click.command()
@click.argument("person_id", metavar="ID")
@click.argument("deputy", metavar="DEPUTY", default="")
@by_option
@home_option
def deputy(person_id: str, deputy: str, by: str, home: Path | None) -> None:
    """Name DEPUTY as the one who stands in for ID; without DEPUTY nobody does."""
    from actions.people.staff import set_deputy

    with opened(home) as store:
        refused = set_deputy(store, person_id=person_id, deputy=deputy, by=by, now=business_now(store))
    say_outcome(refused, f"已将{person_id}的代理人设为{deputy or '无'}。")
