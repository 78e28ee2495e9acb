"""``hqe people token``: tokens for programs that act as a person: made, listed, revoked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import business_now, opened
from commands.terminal.options import by_option, home_option, json_option
from commands.terminal.output import decline, write_json

if TYPE_CHECKING:
    from datetime import datetime

    from records.tables.people import TokenRow

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


@click.command()
@click.argument("person_id", metavar="[ID]", default="")
@home_option
@json_option
def tokens(person_id: str, home: Path | None, json_file: Path | None) -> None:
    """List tokens, of everybody or of ID: what for, until when, last used."""
    from records import clock
    from records.people.tokens import every_token, tokens_of

    with opened(home) as store, store.reading() as session:
        found = tokens_of(session, person_id) if person_id else every_token(session)
    write_json(json_file, {"tokens": [_plain(one) for one in found]})
    for one in found:
        click.echo(_line(one, clock.host_now()))
    click.echo(f"共{len(found)}个令牌。")


def _line(row: TokenRow, host_now: datetime) -> str:
    from actions.people.tokens import is_alive

    state = "有效" if is_alive(row, host_now=host_now) else "已撤销" if row.revoked_at else "已过期"
    used = f"最近使用{row.used_at:%Y-%m-%d %H:%M} UTC" if row.used_at else "尚未使用"
    return f"#{row.id} {row.person_id} {row.name} {state}，至{row.expires_at:%Y-%m-%d}，{used}，{'、'.join(row.scopes)}"


def _plain(row: TokenRow) -> dict[str, object]:
    names = ("id", "person_id", "name", "scopes", "made_by", "made_at", "expires_at", "revoked_at", "used_at")
    return {name: getattr(row, name) for name in names}


@click.command("revoke-token")
@click.argument("number", type=int)
@by_option
@home_option
def revoke(number: int, by: str, home: Path | None) -> None:
    """End the token NUMBER at once."""
    from actions.people.tokens import revoke_token
    from records import clock

    with opened(home) as store:
        refused = revoke_token(
            store, token_id=number, by=by, now=business_now(store), host_now=clock.host_now()
        )
    if refused:
        decline(refused)
    click.echo(f"令牌#{number}已撤销。")
