"""What a decision rests on, as ``hqe gate`` prints it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from commands.terminal.output import decline

if TYPE_CHECKING:
    from actions.review.case import Case, SeatLine, Sheet
    from records.store import Store


def case_of(store: Store, gate_id: int, *, by: str = "") -> Case:
    """The case as person `by` may see it now; without one, as anybody may."""
    from actions.review.case import case_at
    from rules.refusals import Refused

    with store.reading() as session:
        found = case_at(session, gate_id, by=by)
    if isinstance(found, Refused):
        decline(found)
    return found


def due_of(store: Store, found: Case) -> str:
    from actions.lookup import campaign_of
    from notifications.wording import day_text

    with store.reading() as session:
        return day_text(found.due_at.astimezone(campaign_of(session, found.campaign_id).zone))


def seat_line(seat: SeatLine) -> str:
    answer = f"{seat.answer}{f'({seat.reason})' if seat.reason else ''}" if seat.answer else "未答复"
    return f"{seat.seat}({seat.role_title}){seat.person}：{answer}"


def print_case(store: Store, found: Case) -> None:
    click.secho(f"#{found.gate_id} {found.title} · {found.about} · 第{found.attempt}次", bold=True)
    click.echo(f"截止：{due_of(store, found)}\n内容哈希：{found.content_hash}")
    for seat in found.seats:
        click.echo(f"席位：{seat_line(seat)}")
    if found.upload:
        click.echo(f"材料：{found.upload}")
    for sheet in found.sheets:
        _print_sheet(sheet)
    for line in _differing(found.sheets):
        click.echo(f"分歧：{line}")
    for finding in found.findings:
        click.echo(f"校验：{finding.message}")
    for line in found.lines:
        click.echo(f"名单：{line}")
    for attempt, seat in found.earlier:
        click.echo(f"第{attempt}次：{seat_line(seat)}")
    for answer, title in found.answers:
        click.echo(f"可答：{answer} {title}{'(须写理由)' if answer in found.reason_needed else ''}")


def _print_sheet(sheet: Sheet) -> None:
    vetoes = f"，一票否决：{'、'.join(sheet.vetoes)}" if sheet.vetoes else ""
    click.echo(f"评分({sheet.party})：{sheet.total}分{vetoes}")
    for fact, (value, reason) in sheet.changed.items():
        click.echo(f"  核定 {fact}＝{value}：{reason}")


def _differing(sheets: Sequence[Sheet]) -> Iterator[str]:
    """The lines of annex 1 on which the parties do not agree."""
    for line in dict.fromkeys(line for sheet in sheets for line in sheet.points):
        points = {sheet.party: sheet.points.get(line, "无") for sheet in sheets}
        if len(set(points.values())) > 1:
            yield f"{line} " + " ".join(f"{party}{value}" for party, value in points.items())
