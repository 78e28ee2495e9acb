"""``hqe gate reopen``: a decided gate asked once more."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.case import case_of
from commands.terminal.installation import business_now, opened
from commands.terminal.options import ROW_NUMBER, by_option, home_option
from commands.terminal.output import decline


@click.command()
@click.argument("gate_id", metavar="GATE", type=ROW_NUMBER)
@click.option("--reason", default="", help="Stands in the audit log; whoever decided is told.")
@click.option("--dry-run", is_flag=True, help="Show what moves and change nothing.")
@by_option
@home_option
def reopen(gate_id: int, reason: str, dry_run: bool, by: str, home: Path | None) -> None:
    """Ask a decided GATE once more, as a new attempt; what was decided stays on record."""
    from actions.review.reopening import preview, reopen_gate
    from records.tables.review import GateRow
    from rules.refusals import Refused

    with opened(home) as store:
        case_of(store, gate_id)
        with store.reading() as session:
            planned = preview(session, session.get_one(GateRow, gate_id))
        if isinstance(planned, Refused):
            decline(planned)
        for line in planned.lines:
            click.echo(line)
        if dry_run:
            return
        anew = reopen_gate(store, gate_id=gate_id, by=by, reason=reason, now=business_now(store))
    if isinstance(anew, Refused):
        decline(anew)
    click.echo(f"已重新提请审批：#{anew.id} 第{anew.attempt}次。")
