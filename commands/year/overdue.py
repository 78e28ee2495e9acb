"""``hqe year overdue``: who should have been asked."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened
from commands.terminal.options import by_option, home_option, json_option
from commands.terminal.output import echo_people, settled, write_json


@click.command()
@click.argument("village", required=False, default="")
@by_option
@home_option
@json_option
def overdue(village: str, by: str, home: Path | None, json_file: Path | None) -> None:
    """How many people are overdue, by town and group; with VILLAGE, who.

    逾期未核实的人数(按乡镇、人群);写社区(村)编码则列出人员。
    """
    from actions.year import state

    with opened(home) as store:
        now = business_now(store)
        if village:
            people = settled(state.overdue_people(store, village_code=village, by=by, now=now))
            write_json(json_file, {"people": people})
            echo_people(people)
            click.echo(f"逾期未核实{len(people)}人。")
            return
        counts = settled(state.overdue_counts(store, by=by, now=now))
    write_json(json_file, {"overdue": counts})
    for one in counts:
        click.echo(f"{one.town} {one.group} {one.people}人")
    click.echo("没有逾期未核实的人员。" if not counts else "一人属于几个人群的，各计一次。")
