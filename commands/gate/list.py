"""``hqe gate list``: what waits for a decision."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.case import due_of, seat_line
from commands.terminal.installation import opened, under_way
from commands.terminal.options import campaign_option, home_option, json_option
from commands.terminal.output import write_json


@click.command()
@click.option("--open", "only_open", is_flag=True, help="Only those that wait for an answer.")
@click.option("--person", "person_id", default="", metavar="ID", help="Only those this person is asked at.")
@campaign_option
@home_option
@json_option
def list_gates(
    only_open: bool, person_id: str, campaign_id: str | None, home: Path | None, json_file: Path | None
) -> None:
    """List gates, the first due first."""
    from actions.review.case import cases

    with opened(home) as store:
        wanted = under_way(store, campaign_id)
        with store.reading() as session:
            found = cases(session, wanted, only_open=only_open, person_id=person_id)
        write_json(json_file, {"campaign": wanted, "gates": found})
        for one in found:
            seats = "；".join(seat_line(seat) for seat in one.seats)
            click.echo(f"#{one.gate_id} {one.title} · {one.about} · {due_of(store, one)}截止 · {seats}")
        click.echo(f"共{len(found)}个审批点。")
