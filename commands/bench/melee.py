"""``hqe bench melee``: every act at once, from several processes."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.options import json_option
from commands.terminal.output import refuse, write_json


@click.command()
@click.option("--seconds", type=click.FloatRange(0.1), default=10.0, show_default=True, help="How long.")
@click.option("--processes", type=click.IntRange(1), default=4, show_default=True, help="How many at once.")
@click.option(
    "--villages", type=click.IntRange(1), default=2, show_default=True, help="On how many villages."
)
@click.option("--seed", type=int, default=7, show_default=True, help="Same seed, same draws of each process.")
@click.option(
    "--database",
    metavar="URL",
    default="",
    help="A PostgreSQL server for a database of the bench's own, dropped at the end (default: SQLite).",
)
@json_option
def melee(
    seconds: float, processes: int, villages: int, seed: int, database: str, json_file: Path | None
) -> None:
    """All acts at once on a few villages; 0 exceptions, and what must hold holds. Exit code 1 otherwise.

    几个进程同时在少数社区(村)上办理一切事项:不得出错,不得破坏任何一条不变的规则。
    """
    from rehearsal.stress.melee import Melee, as_json, fight, lines_of

    outcome = fight(
        Melee(seconds=seconds, processes=processes, villages=villages, seed=seed, server=database)
    )
    for line in lines_of(outcome):
        click.echo(line)
    write_json(json_file, as_json(outcome))
    if not outcome.is_well:
        refuse("the melee broke something")
