"""``hqe people list``: who has an account."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import opened
from commands.terminal.options import home_option, json_option
from commands.terminal.output import write_json


@click.command()
@click.option("--all", "everybody", is_flag=True, help="Also those who are not active.")
@home_option
@json_option
def list_people(everybody: bool, home: Path | None, json_file: Path | None) -> None:
    """List people with their roles, town, deputy and conflicts."""
    from actions.people.staff import Member, members

    def line(one: Member) -> str:
        rest = [
            f"代理人{one.person.deputy}" if one.person.deputy else "",
            f"回避{'、'.join(one.person.conflicts)}" if one.person.conflicts else "",
            "" if one.active else "已停用",
        ]
        about = "，".join(part for part in rest if part)
        return f"{one.person.id} {one.person.name} {one.roles} {one.town} {one.person.email} {about}".rstrip()

    with opened(home) as store, store.reading() as session:
        found = [one for one in members(session) if everybody or one.active]
    write_json(json_file, {"people": found})
    for one in found:
        click.echo(line(one))
    click.echo(f"共{len(found)}人。")
