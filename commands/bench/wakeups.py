"""``hqe bench wakeups``: what a wake-up costs."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.options import json_option
from commands.terminal.output import refuse, write_json

MOST_OF_EMPTY = 1.6
LEAST_BETTER_THAN_STOCK = 8.0


@click.command()
@click.option(
    "--count", type=click.IntRange(5), default=20, show_default=True, help="Wake-ups in each round."
)
@click.option(
    "--stock/--no-stock", default=True, show_default=True, help="Measure Prefect's stock serve as well."
)
@json_option
def wakeups(count: int, stock: bool, json_file: Path | None) -> None:
    """Wall time and CPU of a wake-up, against an empty flow and against Prefect's stock serve."""
    from deployments.bench.wakeups import measure

    costs = {cost.name: cost for cost in measure(count=count, stock=stock, say=click.echo)}
    for cost in costs.values():
        click.echo(
            f"{cost.name:12s} {cost.count:4d} ×   wall {1000 * cost.wall:8.1f} ms   cpu {1000 * cost.cpu:8.1f} ms"
        )
    ratios = {"cpu_to_empty": costs["ours"].cpu / costs["empty flow"].cpu}
    click.echo(f"ours / empty flow: {ratios['cpu_to_empty']:.2f} × the CPU (at most {MOST_OF_EMPTY})")
    if stock:
        ratios["cpu_stock_to_ours"] = costs["stock serve"].cpu / costs["ours"].cpu
        click.echo(
            f"stock serve / ours: {ratios['cpu_stock_to_ours']:.1f} × the CPU (at least {LEAST_BETTER_THAN_STOCK:g})"
        )
    write_json(
        json_file,
        {
            **ratios,
            "costs": {
                cost.name: {"count": cost.count, "wall_s": cost.wall, "cpu_s": cost.cpu}
                for cost in costs.values()
            },
        },
    )
    if (
        ratios["cpu_to_empty"] > MOST_OF_EMPTY
        or ratios.get("cpu_stock_to_ours", 99.0) < LEAST_BETTER_THAN_STOCK
    ):
        refuse("a ratio is out of its bound")
