"""``hqe gate show``: everything a decision rests on."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.case import case_of, print_case
from commands.terminal.installation import opened
from commands.terminal.options import ROW_NUMBER, home_option, json_option, seen_by_option
from commands.terminal.output import write_json


@click.command()
@click.argument("gate_id", metavar="GATE", type=ROW_NUMBER)
@seen_by_option
@home_option
@json_option
def show(gate_id: int, by: str, home: Path | None, json_file: Path | None) -> None:
    """Show all that a decision on GATE (its number) rests on: hash, scores, findings, earlier attempts.

    What one reviewer may not know of the other before both are done is left out, unless `--by` may see it.
    """
    with opened(home) as store:
        found = case_of(store, gate_id, by=by)
        write_json(json_file, {"gate": found})
        print_case(store, found)
