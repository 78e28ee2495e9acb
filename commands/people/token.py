"""``hqe people token``: a token for a program that acts as a person."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened
from commands.terminal.options import by_option, home_option
from commands.terminal.output import decline

USUAL_DAYS = 90


@click.command()
@click.argument("person_id", metavar="ID")
@click.option("--name", required=True, help="Which program uses it.")
@click.option("--days", type=int, default=USUAL_DAYS, show_default=True, help="For how long.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    help="What it opens; give it for each (default: all that ID's roles may).",
)
@by_option
@home_option
def token(person_id: str, name: str, days: int, scopes: tuple[str, ...], by: str, home: Path | None) -> None:
    """Print a token with which a program acts as ID through /api/v1; it is shown once."""
    from actions.people.tokens import make_token
    from records import clock
    from records.tables.people import PersonRow
    from rules.people.rights import scopes_for
    from rules.refusals import Refused

    with opened(home) as store:
        with store.reading() as session:
            person = session.get(PersonRow, person_id)
        made = make_token(
            store,
            person_id=person_id,
            name=name,
            scopes=scopes or scopes_for(person.roles if person else ()),
            days=days,
            by=by,
            now=business_now(store),
            host_now=clock.host_now(),
        )
    if isinstance(made, Refused):
        decline(made)
    click.echo(f"给{made.person}的令牌(编号{made.id}，只显示这一次，请妥善转交)：")
    click.echo(made.token)
