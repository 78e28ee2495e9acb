"""``hqe campaign status``: where the campaign stands, who has the ball, why each run sleeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.options import campaign_option, home_option, json_option
from commands.terminal.output import write_json

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from actions.duties.more_time import Lapsed
    from actions.overview.board import Board, Waiting
    from actions.overview.counts import Counts

MOST_DATES = 8


@click.command()
@click.option(
    "--duties", is_flag=True, help="List every open duty with its number; lapsed ones are always listed."
)
@campaign_option
@home_option
@json_option
def status(duties: bool, campaign_id: str | None, home: Path | None, json_file: Path | None) -> None:
    """Show the campaign by stage and town: counts, lateness, who has the ball, what comes next, and why.

    活动进展:各阶段各乡镇的数量、逾期、由谁办理、下一步日期,以及每个等待事项的原因。
    """
    from actions.duties.more_time import lapsed
    from actions.lookup import campaign_of
    from actions.overview.board import board

    with opened(home) as store:
        wanted = under_way(store, campaign_id)
        with store.reading() as session:
            shown, zone = board(session, wanted, business_now(store)), campaign_of(session, wanted).zone
            gone = lapsed(session, wanted)
    write_json(json_file, {**as_plain(shown), "lapsed": gone})
    show(shown, zone)
    say_lapsed(gone, zone)
    if duties:
        click.echo(f"全部待办：{len(shown.waiting)}项")
        for one in shown.waiting:
            click.echo(line_of(one, zone))


def as_plain(board: Board) -> dict[str, object]:
    """The board as JSON: its fields, and what its properties say."""
    return {
        "campaign": board.campaign_id,
        "title": board.title,
        "at": board.at,
        "stages": board.stages,
        "cells": [{"ball": one.ball, "late_workdays": one.late_workdays, "cell": one} for one in board.cells],
        "waiting": board.waiting,
        "on_bureau": [one.duty_id for one in board.on_bureau],
        "dates": board.dates,
        "sleepers": board.sleepers,
        "targets": {"county": board.county, "towns": board.towns},
    }


def show(board: Board, zone: ZoneInfo) -> None:
    from rich.console import Console

    from notifications.wording import instant_text

    console = Console()
    console.print(f"{board.title} · {instant_text(board.at, zone)}")
    console.print(_stages(board, zone))
    console.print(_targets(board))
    for line in board.stages:
        if line.state == "open" or any(cell.waiting for cell in board.cells if cell.stage == line.name):
            console.print(_towns(board, line.name, line.title))
    _say_bureau(console, board, zone)
    if board.dates:
        console.print("[bold]下一步[/bold]")
        for date in board.dates[:MOST_DATES]:
            console.print(f"  {instant_text(date.at, zone)} {date.what}")
    if board.sleepers:
        console.print("[bold]等待原因[/bold]")
        for sleeper in board.sleepers:
            console.print(f"  {sleeper.label}：{sleeper.sentence}", soft_wrap=True, highlight=False)


def say_lapsed(gone: Sequence[Lapsed], zone: ZoneInfo) -> None:
    """What nobody did in time, with the numbers by which it is given more."""
    from notifications.wording import day_text

    if not gone:
        return
    click.echo(f"已失效：{len(gone)}项(给更多时间：hqe extend 编号，或 hqe extend --lapsed [--town 乡镇])")
    for one in gone:
        click.echo(f"  #{one.duty_id} {one.where}{one.what}：{day_text(one.due_at.astimezone(zone))}截止")


def _stages(board: Board, zone: ZoneInfo) -> Table:
    from actions.overview.counts import COLUMNS
    from notifications.wording import day_text
    from rules.campaign.states import TITLES

    shown = _columns([line.counts for line in board.stages], COLUMNS)
    table = _table("", ["阶段", "状态", "截止"], shown)
    for line in board.stages:
        due = day_text(line.due_at.astimezone(zone))
        table.add_row(line.title, TITLES["stage", line.state], due, *_numbers(line.counts, shown))
    return table


def _targets(board: Board) -> Table:
    from actions.campaign.targets import TITLES

    table = _table("目标与完成", ["乡镇(街道)"], {"target": "目标参与", "goal": "目标建成", **TITLES})
    for one in (board.county, *board.towns):
        numbers = (getattr(one, name) for name in ("target", "goal", *TITLES))
        table.add_row(one.name, *(str(number or "") for number in numbers))
    return table


def _towns(board: Board, stage: str, title: str) -> Table:
    from actions.overview.counts import columns_of

    cells = [one for one in board.cells if one.stage == stage and (one.counts.owed or one.waiting)]
    shown = _columns([cell.counts for cell in cells], columns_of(stage))
    table = _table(title, ["乡镇(街道)"], shown)
    table.add_column("逾期工作日", justify="right")
    table.add_column("由谁办理")
    for cell in cells:
        late = str(cell.late_workdays or "")
        table.add_row(cell.town, *_numbers(cell.counts, shown), late, "、".join(cell.ball))
    return table


def _columns(counts: Sequence[Counts], titles: Mapping[str, str]) -> dict[str, str]:
    """The counts worth a column: those that are not 0 everywhere."""
    return {name: title for name, title in titles.items() if any(getattr(one, name) for one in counts)}


def _table(title: str, first: Sequence[str], counted: Mapping[str, str]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in first:
        table.add_column(name, no_wrap=True)
    for name in counted.values():
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _numbers(counts: Counts, shown: Iterable[str]) -> list[str]:
    return [str(getattr(counts, name) or "") for name in shown]


def _say_bureau(console: Console, board: Board, zone: ZoneInfo) -> None:
    console.print(f"[bold]等待局里办理：{len(board.on_bureau)}项[/bold]")
    for one in board.on_bureau:
        console.print(line_of(one, zone), highlight=False)


def line_of(one: Waiting, zone: ZoneInfo) -> str:
    """A duty's number, what it is, who holds it and until when."""
    from notifications.wording import day_text

    due = day_text(one.due_at.astimezone(zone))
    late = f"，已逾期{one.late_workdays}个工作日" if one.late_workdays else ""
    return f"  #{one.duty_id} {one.where}{one.what}：{one.role_title}{one.person}，{due}截止{late}"
