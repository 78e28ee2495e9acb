"""``hqe bench``: figures as ratios against a named baseline measured in the same run."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from commands.terminal.options import json_option
from commands.terminal.output import refuse, write_json

MOST_OF_EMPTY = 1.6
LEAST_BETTER_THAN_STOCK = 8.0


@click.group()
def bench() -> None:
    """Measure; every figure is a ratio to a baseline of the same run."""


@bench.command()
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


@bench.command(name="rehearsal")
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


@bench.command(name="intake")
@click.option(
    "--mutants",
    type=click.IntRange(0),
    default=20_000,
    show_default=True,
    help="Broken workbooks to hand in.",
)
@json_option
def intake_costs(mutants: int, json_file: Path | None) -> None:
    """Cost of an intake against one bare openpyxl load, by length, on two cores; and broken workbooks.

    收件的耗时：与openpyxl单纯读取同一文件相比、随行数的变化、双核与单核相比；以及大量损坏的工作簿。
    """
    from config.campaign_folder import campaign_folder, read_campaign
    from rehearsal.bench import bounds
    from rehearsal.bench.fuzz import fuzz
    from rehearsal.bench.intake import BOUNDS, measure

    campaign = read_campaign(campaign_folder("longquan-2020"))
    figures = asdict(measure(campaign, click.echo))
    for line in bounds.told(figures, BOUNDS):
        click.echo(line)
    with click.progressbar(range(mutants), label="broken workbooks", file=sys.stderr) as seeds:
        tally = fuzz(campaign, seeds)
    answered = dict(tally.answered.most_common())
    click.echo(f"{mutants} broken workbooks: {tally.accepted} accepted, {len(tally.wrong)} wrong")
    write_json(
        json_file,
        {
            **figures,
            "answered": answered,
            "accepted": tally.accepted,
            "wrong": tally.wrong,
            "unseen": tally.unseen,
        },
    )
    out = bounds.missed(figures, BOUNDS) + tally.wrong[:20]
    if out:
        refuse("out of bounds: " + "; ".join(out))


@bench.command(name="portal")
@click.option(
    "--postgresql",
    envvar="HQE_TEST_POSTGRESQL",
    default="postgresql+psycopg://postgres@127.0.0.1:5432/postgres",
    show_default=True,
    help="A server for a database of the bench's own, dropped at the end.",
)
@click.option("--seed", type=int, default=7, show_default=True, help="Same seed, same work.")
@click.option("--villages", type=click.IntRange(1), hidden=True)
@click.option("--times", type=click.IntRange(1), default=100, hidden=True)
@click.option("--users", type=click.IntRange(2), default=50, hidden=True)
@click.option("--looks", type=click.IntRange(3), default=36, hidden=True)
@click.option("--dossiers", type=click.IntRange(3), default=200, hidden=True)
@json_option
def portal_costs(
    postgresql: str,
    seed: int,
    villages: int | None,
    times: int,
    users: int,
    looks: int,
    dossiers: int,
    json_file: Path | None,
) -> None:
    """Pages for 50 users, also with 4,800 villages on PostgreSQL; the deadline hour; the cost of an upload.

    50人同时使用时各页面的响应时间，及全市4800个社区(村)时的变化；截止前集中上报；经门户收件与直接收件相比的耗时。
    """
    from rehearsal.bench import bounds, portal
    from rehearsal.bench.deadline_hour import Rush
    from rehearsal.bench.pages import Use

    sizes = portal.Sizes(
        villages, times, Use(users=users, looks=looks, seed=seed), Rush(dossiers=dossiers, seed=seed)
    )
    measured = portal.measure(sizes, postgresql=postgresql, say=click.echo)
    got = portal.figures(measured)
    for name, ratio in portal.causes(measured).items():
        click.echo(f"  {name}: {ratio:.2f} times")
    for line in bounds.told(got, portal.BOUNDS):
        click.echo(line)
    write_json(json_file, portal.as_json(measured))
    out = bounds.missed(got, portal.BOUNDS)
    if out:
        refuse("out of bounds: " + "; ".join(out))
