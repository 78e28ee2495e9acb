"""``hqe people invite``: a one-time invitation link."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import opened, settings_of
from commands.terminal.options import by_option, home_option
from commands.terminal.output import decline


@click.command()
@click.argument("person_id", metavar="ID")
@by_option
@home_option
def invite(person_id: str, by: str, home: Path | None) -> None:
    """Print a one-time invitation link for ID; earlier links of theirs die with it."""
    from actions.people.invitations import mint_invitation
    from actions.people.staff import refuse_not_coordinator
    from records import clock
    from rules.refusals import Refused

    with opened(home) as store, store.writing() as session:
        made = refuse_not_coordinator(session, by) or mint_invitation(
            session, person_id=person_id, by=by, now=clock.read(session), host_now=clock.host_now()
        )
    if isinstance(made, Refused):
        decline(made)
    click.echo(f"给{made.name}的邀请链接(只显示这一次，{made.valid}内有效，请当面或由本人邮箱转交)：")
    click.echo(made.link(settings_of(home).portal_url))
