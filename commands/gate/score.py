"""``hqe gate score``: a reviewer's score sheet."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.case import case_of
from commands.terminal.installation import business_now, opened
from commands.terminal.options import ROW_NUMBER, by_option, fact_and_number, home_option
from commands.terminal.output import decline


@click.command()
@click.argument("gate_id", metavar="GATE", type=ROW_NUMBER)
@click.option(
    "--change",
    "changed",
    multiple=True,
    metavar="FACT=NUMBER:REASON",
    help="A fact that differs from the town's, with the reason; give it for each.",
)
@by_option
@home_option
def score(gate_id: int, changed: tuple[str, ...], by: str, home: Path | None) -> None:
    """Record your score sheet at GATE: the town's, with each change and its reason; then decide.

    At a reconciliation: the points that you rule for each line in dispute, with the reason (B1.1=6:why).
    """
    from actions.review import reconciliation
    from rules.refusals import Refused

    numbers, reasons = _changes(changed)
    with opened(home) as store:
        case_of(store, gate_id, by=by)
        total = reconciliation.keep_sheet(
            store, gate_id=gate_id, by=by, numbers=numbers, reasons=reasons, now=business_now(store)
        )
    if isinstance(total, Refused):
        decline(total)
    click.echo(f"评分表已记录：{total}分。")


def _changes(changed: tuple[str, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """``B1.3=2:漏报两例`` as numbers and reasons by fact; a reason left out is refused by the act."""
    numbers: dict[str, str] = {}
    reasons: dict[str, str] = {}
    for text in changed:
        pair, _, reason = text.partition(":")
        fact, number = fact_and_number(pair)
        numbers[fact], reasons[fact] = number, reason.strip()
    return numbers, reasons
