"""``hqe bench model``: random acts by random people, and what must hold after each."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import click

from commands.terminal.options import json_option
from commands.terminal.output import refuse, write_json

processes_option = click.option(
    "--processes",
    type=click.IntRange(1),
    default=os.cpu_count() or 1,
    show_default="one for each processor",
    help="Histories are the same, however many.",
)
NO_HYPOTHESIS = "Hypothesis is not installed: run this from the environment of tests, which ./hqe test makes"


@click.command()
@click.option(
    "--histories",
    type=click.IntRange(1),
    default=20_000,
    show_default=True,
    help="Histories of 30 acts each.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed, the same histories.")
@processes_option
@json_option
def model(histories: int, seed: int, processes: int, json_file: Path | None) -> None:
    """Random acts by random people on a campaign in memory; prints the shortest story in which something broke.

    随机人员的随机操作：每一步之后核对应始终成立的各条规则；如有不符，打印最短的经过。
    """
    from rehearsal.bench.model import measure

    try:
        played = measure(
            histories=histories, seed=seed, processes=processes, say=partial(click.echo, err=True)
        )
    except ImportError:
        refuse(NO_HYPOTHESIS)
    for line in played.lines():
        click.echo(line)
    write_json(
        json_file,
        {
            "histories": played.tally.histories,
            "done": dict(played.tally.done),
            "refused": dict(played.tally.refused),
            "codes": dict(played.tally.codes),
            "stuck": played.tally.stuck,
            "seconds": played.seconds,
            "broken": played.broken,
        },
    )
    if played.broken:
        refuse(f"a history broke:\n{played.broken}")
