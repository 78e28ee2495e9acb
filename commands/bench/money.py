"""``hqe bench money``: five years of awards with mergers, results from above and recoveries, many times."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from commands.bench.model import NO_HYPOTHESIS, processes_option
from commands.terminal.options import json_option
from commands.terminal.output import refuse, write_json


@click.command()
@click.option(
    "--histories", type=click.IntRange(1), default=10_000, show_default=True, help="Of five years each."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed, the same histories.")
@processes_option
@json_option
def money(histories: int, seed: int, processes: int, json_file: Path | None) -> None:
    """Random years of awards in memory: nobody is paid twice, or above the highest amount, whatever happens.

    随机的五年奖补：并村、升级、上级结果、追回、更正。每一步之后核对“一次性、从高不重复”；如有不符，打印最短的经过。
    """
    from rehearsal.bench.money import measure

    try:
        done, broken = measure(
            histories=histories, seed=seed, processes=processes, say=partial(click.echo, err=True)
        )
    except ImportError:
        refuse(NO_HYPOTHESIS)
    for name, number in sorted(done.items()):
        click.echo(f"{name:24s} {number:8d}")
    write_json(json_file, {"histories": histories, "done": dict(done), "broken": broken})
    if broken:
        refuse(f"a history broke:\n{broken}")
