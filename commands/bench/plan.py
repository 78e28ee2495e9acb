"""``hqe bench plan``: how long a plan of visits takes, and what it costs against the plain one."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from commands.terminal.options import json_option
from commands.terminal.output import refuse, write_json


@click.command()
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed, the same counties.")
@json_option
def plan(seed: int, json_file: Path | None) -> None:
    """Plan the visits of 48 and of 480 villages; the ratio is the plan's cost to the plain one's.

    现场核查计划的用时和代价：48个和480个社区(村)，与不用求解器的计划相比。
    """
    from rehearsal.stress.visit_counties import measure

    found = list(measure(seed=seed))
    for one in found:
        click.echo(
            f"{one.villages} villages: {one.seconds} s by {one.solver}, plainly {one.plain_seconds} s; "
            f"cost {one.cost} to {one.plain_cost}, ratio {one.cost / one.plain_cost:.3f}; {one.unplaced} unplaced"
        )
    write_json(json_file, {"plans": [asdict(one) for one in found]})
    if not all(one.holds for one in found):
        refuse("a plan took too long or cost more than the plain one")
