"""Options that several commands take, and how their values are read."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

import click

from rules.entries import read_day, read_row_number
from rules.refusals import Refused


class Day(click.DateTime):
    """A day as a page takes it; the midnight with which it begins."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        day = value.date() if isinstance(value, datetime) else read_day(str(value))
        if isinstance(day, Refused):
            self.fail(day.reason, param, ctx)
        return datetime.combine(day, time())


class RowNumber(click.ParamType[int]):
    """The number of a row, as a list shows it."""

    name = "integer"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        number = read_row_number(str(value))
        return number or self.fail(
            f"“{str(value)[:40]}”: a number as the lists show it, such as 12", param, ctx
        )


DAY = Day(["%Y-%m-%d"])
ROW_NUMBER = RowNumber()

home_option = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="State folder (default: HQE_HOME or ./var).",
)
json_option = click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the result as JSON to FILE.",
)
by_option = click.option("--by", required=True, metavar="ID", help="Who acts: a person's id.")
second_option = click.option(
    "--by",
    default="operator",
    show_default=True,
    metavar="ID",
    help="The second person: a coordinator, a leader, or whoever runs the machine.",
)
seen_by_option = click.option(
    "--by", default="", metavar="ID", help="Show what this person may see (default: what anybody may)."
)
campaign_option = click.option("--campaign", "campaign_id", help="Campaign (default: the one under way).")
dry_run_option = click.option("--dry-run", is_flag=True, help="Judge and count, write nothing.")
folder_option = click.option(
    "--campaign",
    "campaign_id",
    default="longquan-2020",
    show_default=True,
    help="Campaign folder: its path, or the id of one that ships.",
)


def fact_and_number(text: str) -> tuple[str, str]:
    """``B1.3=2`` as a pair."""
    fact, equals, number = text.partition("=")
    if not (fact and equals and number):
        raise click.UsageError(f"“{text}”: write FACT=NUMBER, e.g. B1.3=2")
    return fact.strip(), number.strip()
