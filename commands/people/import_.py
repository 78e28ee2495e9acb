"""``hqe people import``: people from a CSV, all rows or none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import business_now, opened, settings_of
from commands.terminal.options import by_option, home_option, json_option
from commands.terminal.output import decline, refuse, waits, write_json

if TYPE_CHECKING:
    from actions.people.changes import Change
    from records.store import Store
    from rules.campaign.campaign import Person
    from rules.refusals import Refused


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--dry-run", is_flag=True, help="Show what would change and change nothing.")
@by_option
@home_option
@json_option
def import_file(file: Path, dry_run: bool, by: str, home: Path | None, json_file: Path | None) -> None:
    """Add and change people from a CSV FILE with the columns of a campaign's people.csv; all rows or none.

    Addresses and roles of people who decide or oversee wait for a second person; the first people come at once.
    """
    from actions.people.changes import changes
    from actions.people.staff import import_people
    from rules.refusals import Refused

    with opened(home) as store:
        wanted = _read(store, file)
        with store.reading() as session:
            found: list[Change] | Refused = changes(session, wanted)
        if not dry_run:
            days = settings_of(home).proposal_days
            found = import_people(store, wanted, by=by, now=business_now(store), days=days)
    if isinstance(found, Refused):
        decline(found)
    write_json(json_file, {"dry_run": dry_run, "changes": found})
    for change in found:
        click.echo(str(change))
    for number in sorted({one.proposal for one in found if one.proposal}):
        click.echo(waits(number))
    click.echo(f"{'将有' if dry_run else '已作'}{len(found)}处变更，其余{len(wanted) - len(found)}人不变。")


def _read(store: Store, file: Path) -> Sequence[Person]:
    from actions.people.staff import members
    from actions.people.vacancies import towns_in_use
    from config.mistakes import CampaignMistakes
    from config.people import read_people

    with store.reading() as session:
        towns, there = towns_in_use(session), [one.person for one in members(session)]
    try:
        return read_people(file, towns=towns, there=there)
    except CampaignMistakes as error:
        refuse(str(error))
