"""``hqe bench chaos``: a campaign while everything breaks."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from commands.terminal.options import json_option
from commands.terminal.output import refuse, write_json


@click.command()
@click.option("--rounds", type=click.IntRange(1), default=5, show_default=True, help="How many campaigns.")
@click.option("--villages", type=click.IntRange(1), default=3, show_default=True, help="Villages of each.")
@click.option("--seed", type=int, default=7, show_default=True, help="Same seed, same things break.")
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where each round leaves its house with logs and mails (default: nowhere).",
)
@json_option
def chaos(rounds: int, villages: int, seed: int, home: Path | None, json_file: Path | None) -> None:
    """Campaigns through the portal while processes, database, disk and clock break; the outcome stays the same.

    演练中随机杀进程、断数据库、填满磁盘、拨快时钟:每轮结果须与不受干扰时完全相同,邮件不得重复。SQLite and a
    PostgreSQL server of the bench's own take turns; only root can mount the small disk that is filled.
    """
    import tempfile

    from rehearsal.stress.chaos import Chaos, run

    with tempfile.TemporaryDirectory(prefix="hqe-chaos-") as nowhere:
        asked = Chaos((home or Path(nowhere)).resolve(), rounds=rounds, villages=villages, seed=seed)
        right, done = run(asked, say=click.echo)
    write_json(json_file, {"outcome_sha256": right, "rounds": [asdict(one) for one in done]})
    wrong = sum(bool(one.wrong) for one in done)
    click.echo(f"{rounds} rounds, {rounds - wrong} with the outcome and the mails that they should have")
    if wrong:
        refuse(f"{wrong} rounds went wrong")
