"""``hqe people tokens``: which tokens there are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import opened
from commands.terminal.options import home_option, json_option
from commands.terminal.output import write_json

if TYPE_CHECKING:
    from datetime import datetime

    from records.tables.people import TokenRow


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
