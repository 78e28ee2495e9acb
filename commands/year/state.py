"""``hqe year state``: who was in a village's roster on a day."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from commands.terminal.installation import day_or_today, opened
from commands.terminal.options import DAY, by_option, home_option, json_option
from commands.terminal.output import echo_people, settled, write_json


@click.command()
@click.argument("village")
@click.option("--day", type=DAY, help="At the end of which day (default: today).")
@click.option("--person", default="", metavar="KEY", help="Show all changes of this row instead.")
@by_option
@home_option
@json_option
def state(
    village: str, day: datetime | None, person: str, by: str, home: Path | None, json_file: Path | None
) -> None:
    """Who was in VILLAGE's roster on any day, masked; or all that was noted of one row.

    某一天的在册人员(身份证号遮盖);或某一行的全部变动及编号。
    """
    from actions.year.state import history_of, state_on

    with opened(home) as store:
        if person:
            past = settled(history_of(store, village_code=village, person=person, by=by))
            write_json(json_file, {"changes": past})
            for one in past:
                said = "，".join(f"{title}={text}" for title, text in one.said.items())
                also = f" 更正#{one.corrects}" if one.corrects else ""
                click.echo(
                    f"#{one.id} {one.day} {one.kind}{also} {said}{' 已被更正' if one.overtaken else ''}"
                )
            return
        asked = day_or_today(day, store)
        people = settled(state_on(store, village_code=village, day=asked, by=by))
    write_json(json_file, {"day": asked, "people": people})
    echo_people(people)
    click.echo(f"{asked}在册{len(people)}人。")
