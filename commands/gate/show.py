"""``hqe gate show``: everything a decision rests on."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.case import case_of, print_case
from commands.terminal.installation import opened
from commands.terminal.options import home_option, json_option
from commands.terminal.output import write_json


@click.command()
@click.argument("gate_id", metavar="GATE", type=int)
@home_option
@json_option
def show(gate_id: int, home: Path | None, json_file: Path | None) -> None:
    """Show all that a decision on GATE (its number) rests on: hash, scores, findings, earlier attempts."""
    with opened(home) as store:
        found = case_of(store, gate_id)
        write_json(json_file, {"gate": found})
        print_case(store, found)
