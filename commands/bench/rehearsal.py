"""``hqe bench rehearsal``: what a rehearsal costs."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.options import json_option
from commands.terminal.output import refuse, write_json


@click.command()
@click.option("--villages", type=click.IntRange(1), help="Only so many villages (default: all).")
@click.option("--seed", type=int, default=7, show_default=True, help="Same seed, same work.")
@click.option(
    "--stock/--no-stock", default=True, show_default=True, help="Compare with Prefect's stock serve as well."
)
@click.option(
    "--times",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Also a county so many times larger.",
)
@json_option
def rehearsal_costs(villages: int | None, seed: int, stock: bool, times: int, json_file: Path | None) -> None:
    """Wall time, wake-ups, CPU and memory of a rehearsal, against its floor and Prefect's stock serve.

    演练的耗时、唤醒次数、处理器与内存:与同样工作的下限相比,与 Prefect 自带的 serve 相比。
    """
    from commands.terminal.rehearsal_costs import weigh

    weighed = weigh(villages=villages, seed=seed, stock=stock, times=times, say=click.echo)
    write_json(json_file, weighed.told)
    if weighed.missed:
        refuse("out of bounds: " + "; ".join(weighed.missed))
