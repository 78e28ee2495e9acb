"""``hqe people``: who has an account, who stands in for whom, who must not act on which town."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.people_absences import away, back
from commands.people_tokens import revoke, token, tokens
from commands.terminal.installation import business_now, opened, settings_of
from commands.terminal.options import by_option, home_option, json_option
from commands.terminal.output import decline, refuse, say_outcome, write_json

if TYPE_CHECKING:
    from actions.people.staff import Change
    from records.store import Store
    from rules.campaign.campaign import Person
    from rules.refusals import Refused


@click.group()
def people() -> None:
    """Look after people: alive during a campaign, and every change is audited.

    人员:查看、导入、邀请、代理、外出、停用、启用、回避。
    """


@people.command("list")
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


@people.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--dry-run", is_flag=True, help="Show what would change and change nothing.")
@by_option
@home_option
@json_option
def import_file(file: Path, dry_run: bool, by: str, home: Path | None, json_file: Path | None) -> None:
    """Add and change people from a CSV FILE with the columns of a campaign's people.csv; all rows or none."""
    from actions.people.staff import changes, import_people
    from rules.refusals import Refused

    with opened(home) as store:
        wanted = _read(store, file)
        with store.reading() as session:
            found: list[Change] | Refused = changes(session, wanted)
        if not dry_run:
            found = import_people(store, wanted, by=by, now=business_now(store))
    if isinstance(found, Refused):
        decline(found)
    write_json(json_file, {"dry_run": dry_run, "changes": found})
    for change in found:
        click.echo(str(change))
    click.echo(f"{'将有' if dry_run else '已作'}{len(found)}处变更，其余{len(wanted) - len(found)}人不变。")


def _read(store: Store, file: Path) -> Sequence[Person]:
    from actions.people.staff import members, towns_in_use
    from config.mistakes import CampaignMistakes
    from config.people import read_people

    with store.reading() as session:
        towns, there = towns_in_use(session), [one.person for one in members(session)]
    try:
        return read_people(file, towns=towns, there=there)
    except CampaignMistakes as error:
        refuse("\n".join(str(mistake) for mistake in error.mistakes))


@people.command()
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
    click.echo(f"给{made.name}的邀请链接(只显示这一次，七天内有效，请当面或由本人邮箱转交)：")
    click.echo(made.link(settings_of(home).public_url))


@people.command()
@click.argument("person_id", metavar="ID")
@click.argument("deputy", metavar="DEPUTY", default="")
@by_option
@home_option
def deputy(person_id: str, deputy: str, by: str, home: Path | None) -> None:
    """Name DEPUTY as the one who stands in for ID; without DEPUTY nobody does."""
    from actions.people.staff import set_deputy

    with opened(home) as store:
        refused = set_deputy(store, person_id=person_id, deputy=deputy, by=by, now=business_now(store))
    say_outcome(refused, f"已将{person_id}的代理人设为{deputy or '无'}。")


@people.command()
@click.argument("person_id", metavar="ID")
@by_option
@home_option
def deactivate(person_id: str, by: str, home: Path | None) -> None:
    """Stand ID down; open duties go to the deputy, or it is refused and says which are in the way."""
    from actions.people.staff import deactivate as stand_down

    with opened(home) as store:
        refused = stand_down(store, person_id=person_id, by=by, now=business_now(store))
    say_outcome(refused, f"{person_id}已停用。")


@people.command()
@click.argument("person_id", metavar="ID")
@by_option
@home_option
def activate(person_id: str, by: str, home: Path | None) -> None:
    """Take ID back."""
    from actions.people.staff import activate as take_back

    with opened(home) as store:
        refused = take_back(store, person_id=person_id, by=by, now=business_now(store))
    say_outcome(refused, f"{person_id}已启用。")


@people.command()
@click.argument("person_id", metavar="ID")
@click.argument("town")
@click.option("--lift", is_flag=True, help="The conflict is over.")
@by_option
@home_option
def conflict(person_id: str, town: str, lift: bool, by: str, home: Path | None) -> None:
    """Record that ID must not act on TOWN (its code); what they hold there goes to their deputy."""
    from actions.people.staff import set_conflict

    with opened(home) as store:
        refused = set_conflict(
            store, person_id=person_id, town_code=town, stands=not lift, by=by, now=business_now(store)
        )
    say_outcome(refused, f"{person_id}对{town}的回避已{'解除' if lift else '登记'}。")


people.add_command(away)
people.add_command(back)
people.add_command(token)
people.add_command(tokens)
people.add_command(revoke)
