"""``hqe gate``: what waits for a decision, and deciding with one's own code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import DOOR, business_now, opened, under_way
from commands.terminal.options import by_option, campaign_option, fact_and_number, home_option, json_option
from commands.terminal.output import decline, write_json

if TYPE_CHECKING:
    from actions.review.case import Docket, SeatLine, Sheet
    from records.store import Store


@click.group()
def gate() -> None:
    """See what waits for a decision; decide with your own one-time code.

    审批点:查看待办审批,凭本人授权码作出决定。
    """


@gate.command("list")
@click.option("--open", "only_open", is_flag=True, help="Only those that wait for an answer.")
@click.option("--person", "person_id", default="", metavar="ID", help="Only those this person is asked at.")
@campaign_option
@home_option
@json_option
def list_gates(
    only_open: bool, person_id: str, campaign_id: str | None, home: Path | None, json_file: Path | None
) -> None:
    """List gates, the first due first."""
    from actions.review.case import dockets

    with opened(home) as store:
        wanted = under_way(store, campaign_id)
        with store.reading() as session:
            found = dockets(session, wanted, only_open=only_open, person_id=person_id)
        write_json(json_file, {"campaign": wanted, "gates": found})
        for one in found:
            seats = "；".join(_seat(seat) for seat in one.seats)
            click.echo(f"#{one.gate_id} {one.title} · {one.about} · {_due(store, one)}截止 · {seats}")
        click.echo(f"共{len(found)}个审批点。")


@gate.command()
@click.argument("gate_id", metavar="GATE", type=int)
@home_option
@json_option
def show(gate_id: int, home: Path | None, json_file: Path | None) -> None:
    """Show everything a decision on GATE (its number) rests on."""
    with opened(home) as store:
        found = _docket(store, gate_id)
        write_json(json_file, {"gate": found})
        _print(store, found)


@gate.command()
@click.argument("gate_id", metavar="GATE", type=int)
@by_option
@click.option("--answer", required=True, help="One of the answers that `gate show` lists.")
@click.option("--reason", default="", help="Needed where `gate show` says so.")
@click.option("--code", prompt="授权码 one-time code", hide_input=True, help="Asked for when not given.")
@home_option
def decide(gate_id: int, by: str, answer: str, reason: str, code: str, home: Path | None) -> None:
    """Decide GATE with your own one-time code, on exactly the content that is shown."""
    from actions.review.codes import decide_by_code
    from records import clock
    from rules.refusals import Refused

    with opened(home) as store:
        found = _docket(store, gate_id)
        _print(store, found)
        done = decide_by_code(
            store,
            gate_id=gate_id,
            code=code,
            answer=answer,
            reason=reason,
            door=DOOR,
            now=business_now(store),
            host_now=clock.host_now(),
            by=by,
            seen_hash=found.content_hash,
        )
    if isinstance(done, Refused):
        decline(done)
    click.echo(f"已记录：{done.seat}“{dict(found.answers)[answer]}”。")


@gate.command()
@click.argument("gate_id", metavar="GATE", type=int)
@click.option("--person", "person_id", required=True, metavar="ID", help="Who asks for a code.")
@home_option
def code(gate_id: int, person_id: str, home: Path | None) -> None:
    """Mail a fresh one-time code for GATE to a person; it is never printed."""
    from actions.review.codes import request_code

    with opened(home) as store:
        refused = request_code(store, gate_id=gate_id, person_id=person_id, now=business_now(store))
    if refused:
        decline(refused)
    click.echo("新的授权码将发到本人邮箱，24小时内有效。")


@gate.command()
@click.argument("gate_id", metavar="GATE", type=int)
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
    """Record your score sheet at GATE: the town's, with each change and its reason; then decide."""
    from actions.review import score_sheets
    from rules.refusals import Refused

    numbers, reasons = _changes(changed)
    with opened(home) as store:
        _docket(store, gate_id)
        total = score_sheets.score(
            store, gate_id=gate_id, by=by, adjustments=numbers, reasons=reasons, now=business_now(store)
        )
    if isinstance(total, Refused):
        decline(total)
    click.echo(f"评分表已记录：{total}分。")


@gate.command()
@click.argument("gate_id", metavar="GATE", type=int)
@click.option("--reason", default="", help="Stands in the audit log; whoever decided is told.")
@click.option("--dry-run", is_flag=True, help="Show what moves and change nothing.")
@by_option
@home_option
def reopen(gate_id: int, reason: str, dry_run: bool, by: str, home: Path | None) -> None:
    """Ask a decided GATE once more; what was decided stays on record."""
    from actions.review.reopening import preview, reopen_gate
    from records.tables.review import GateRow
    from rules.refusals import Refused

    with opened(home) as store:
        _docket(store, gate_id)
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


def _changes(changed: tuple[str, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """``B1.3=2:漏报两例`` as numbers and reasons by fact; a reason left out is refused by the act."""
    numbers: dict[str, str] = {}
    reasons: dict[str, str] = {}
    for text in changed:
        pair, _, reason = text.partition(":")
        fact, number = fact_and_number(pair)
        numbers[fact], reasons[fact] = number, reason.strip()
    return numbers, reasons


def _docket(store: Store, gate_id: int) -> Docket:
    from actions.review.case import docket
    from rules.refusals import Refused

    with store.reading() as session:
        found = docket(session, gate_id)
    if isinstance(found, Refused):
        decline(found)
    return found


def _due(store: Store, found: Docket) -> str:
    from actions.lookup import campaign_of
    from notifications.wording import day_text

    with store.reading() as session:
        return day_text(found.due_at.astimezone(campaign_of(session, found.campaign_id).zone))


def _seat(seat: SeatLine) -> str:
    answer = f"{seat.answer}{f'({seat.reason})' if seat.reason else ''}" if seat.answer else "未答复"
    return f"{seat.seat}({seat.role_title}){seat.person}：{answer}"


def _print(store: Store, found: Docket) -> None:
    click.secho(f"#{found.gate_id} {found.title} · {found.about} · 第{found.attempt}次", bold=True)
    click.echo(f"截止：{_due(store, found)}\n内容哈希：{found.content_hash}")
    for seat in found.seats:
        click.echo(f"席位：{_seat(seat)}")
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
        click.echo(f"第{attempt}次：{_seat(seat)}")
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
