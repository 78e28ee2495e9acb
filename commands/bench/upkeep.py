"""``hqe bench upkeep``: what a county's living rosters cost."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from commands.terminal.options import json_option
from commands.terminal.output import refuse, write_json

COUNTY = 150_000
CHANGES_S, STATE_S, OVERDUE_S = 30.0, 0.05, 0.1
"""At most, for a whole county on SQLite: a month's changes, a past day of a village, the list of the overdue."""
FEWER = 5
MOST_GROWTH = 1.5
"""A change in a county may cost so many times what one costs among a fifth of its people."""


@click.command()
@click.option("--people", type=click.IntRange(5_000, 800_000), default=COUNTY, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed, the same people.")
@json_option
def upkeep(people: int, seed: int, json_file: Path | None) -> None:
    """Keep a county's rosters for a month: note 5 % changes, ask for a past day, and who is overdue.

    全县动态台账:一个月5%的变动、某村某日的名单、逾期清单各要多久。
    """
    from rehearsal.year.upkeep import measure

    smaller = measure(people_many=people // FEWER, seed=seed, say=click.echo)
    whole = measure(people_many=people, seed=seed, say=click.echo)
    growth = whole.change_s / smaller.change_s
    click.echo(
        f"a change: {1000 * whole.change_s:.2f} ms, {growth:.2f} times that among a fifth of the people"
    )
    click.echo(f"a past day of a village: {1000 * whole.state_s:.1f} ms")
    click.echo(f"the overdue ({whole.overdue}): {1000 * whole.overdue_s:.1f} ms")
    write_json(json_file, {"whole": asdict(whole), "smaller": asdict(smaller), "growth": growth})
    share = max(1.0, people / COUNTY)
    bounds = {
        "a month's changes": whole.changes_s <= CHANGES_S * share,
        "a past day": whole.state_s <= STATE_S * share,
        "the overdue": whole.overdue_s <= OVERDUE_S * share,
        "growth": growth <= MOST_GROWTH,
    }
    broken = [name for name, holds in bounds.items() if not holds]
    if broken:
        refuse(f"out of bounds: {', '.join(broken)}")
