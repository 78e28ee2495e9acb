"""``hqe year change``: changes of a roster, one or a list."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import business_now, day_or_today, opened, year_in
from commands.terminal.options import DAY, by_option, dry_run_option, home_option
from commands.terminal.output import refuse, settled

if TYPE_CHECKING:
    from actions.year.changes import Noted
    from records.store import Store
    from rules.year.entries import Entry


@click.command()
@click.argument("village")
@click.option(
    "--file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A list (CSV, xlsx)."
)
@click.option("--kind", default="", help="came, left, employment, group, contact, corrected, or in Chinese.")
@click.option("--person", default="", metavar="KEY", help="The row, as `hqe year state` shows it.")
@click.option("--day", type=DAY, help="From when it holds (default: today).")
@click.option("--value", "values", multiple=True, metavar="COLUMN=TEXT", help="What holds, by key or title.")
@click.option("--corrects", type=int, help="The number of the change that this one stands for.")
@by_option
@dry_run_option
@home_option
def change(
    village: str,
    file: Path | None,
    kind: str,
    person: str,
    day: datetime | None,
    values: tuple[str, ...],
    corrects: int | None,
    by: str,
    dry_run: bool,
    home: Path | None,
) -> None:
    """Note changes in the roster of VILLAGE: one by options, or a list whose head line has 行键, 变动, 日期,
    更正编号 and titles of the roster. Nothing is written over; all of a list is noted or nothing.

    登记人员变动:新增、离开、就业变动、重点群体变动、联系方式变动、更正。
    """
    from actions.year.change_list import entries_in
    from actions.year.changes import note_changes

    with opened(home) as store:
        if file is not None:
            entries = settled(entries_in(file.read_bytes(), name=file.name, columns=year_in(store).columns()))
        else:
            entries = [_entry(store, kind, person=person, day=day, values=values, corrects=corrects)]
        done = note_changes(
            store,
            village_code=village,
            entries=entries,
            source="sheet" if file else "command",
            by=by,
            now=business_now(store),
            dry_run=dry_run,
        )
    _tell(settled(done), dry_run=dry_run)


def _entry(
    store: Store,
    kind: str,
    *,
    person: str,
    day: datetime | None,
    values: tuple[str, ...],
    corrects: int | None,
) -> Entry:
    from actions.year.change_list import kind_named
    from rules.year.entries import KINDS, Entry

    named = kind_named(kind)
    if named is None:
        refuse(f"--kind 须为：{'、'.join(KINDS.values())}；或用 --file 给出变动表。")
    columns = {one.title: key for key, one in year_in(store).columns().items()}
    said = [one.partition("=") for one in values]
    if not all(equals for _, equals, _ in said):
        refuse("--value 须写作 列=内容，如 就业状态=已就业。")
    read = {columns.get(column, column): text for column, _, text in said}
    return Entry(named, day_or_today(day, store), person, read, corrects)


def _tell(noted: Noted, *, dry_run: bool) -> None:
    from rules.year.entries import KINDS

    if noted.unfit:
        listed = "\n".join(f"第{one.number}条：{one.why.reason}" for one in noted.unfit)
        refuse(f"有{len(noted.unfit)}条不能登记，全部未登记：\n{listed}")
    counted = "、".join(f"{title}{noted.kinds[kind]}" for kind, title in KINDS.items() if kind in noted.kinds)
    click.echo(f"{'可登记' if dry_run else '已登记'}{noted.changes}条变动：{counted}。")
