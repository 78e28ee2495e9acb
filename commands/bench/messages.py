"""``hqe bench messages``: what a tick costs, and how fast the outbox is."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.options import json_option
from commands.terminal.output import refuse, write_json


@click.command()
@click.option("--duties", type=click.IntRange(200), default=10_000, show_default=True, help="Open duties.")
@click.option("--mails", type=click.IntRange(1), default=2_000, show_default=True, help="Mails to deliver.")
@json_option
def messages(duties: int, mails: int, json_file: Path | None) -> None:
    """A tick over many open duties, idle and with a hundred due; mails a second against a bare smtplib loop.

    定时检查和发件箱的耗时：大量待办时空转一次、一百项到期时一次；以及每秒发出的邮件，与单纯的 smtplib 相比。
    """
    from rehearsal.bench import bounds
    from rehearsal.bench.messages import BOUNDS, measure

    figures = measure(click.echo, duties=duties, mails=mails)
    for name, value in figures.items():
        if name not in BOUNDS:
            click.echo(f"{name}: {value:.2f}")
    for line in bounds.told(figures, BOUNDS):
        click.echo(line)
    write_json(json_file, figures)
    out = bounds.missed(figures, BOUNDS)
    if out:
        refuse("out of bounds: " + "; ".join(out))
