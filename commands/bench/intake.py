"""``hqe bench intake``: what an intake costs."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from commands.terminal.options import json_option
from commands.terminal.output import refuse, write_json


@click.command()
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
