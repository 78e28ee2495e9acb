"""``hqe bench portal``: what the portal's pages cost."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.options import json_option
from commands.terminal.output import refuse, write_json


@click.command()
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
