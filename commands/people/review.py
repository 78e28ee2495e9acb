"""``hqe people review``: the quarterly look at every account."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import business_now, opened
from commands.terminal.options import home_option, json_option, second_option
from commands.terminal.output import decline, write_json

if TYPE_CHECKING:
    from datetime import datetime

    from rules.people.account_review import Account


@click.command()
@click.option(
    "--keep", multiple=True, metavar="ID", help="Say that this account is needed as it is; give it for each."
)
@second_option
@home_option
@json_option
def review(keep: tuple[str, ...], by: str, home: Path | None, json_file: Path | None) -> None:
    """List every account with roles, last log-in and second factor; --keep notes that somebody looked at it.

    清查账号:每季度逐个确认(--keep)或停用(people deactivate);本人的账号由另一人清查,记入审计日志。
    """
    from actions.people.account_review import accounts_of, keep_accounts
    from rules.refusals import Refused

    with opened(home) as store:
        now = business_now(store)
        done = keep_accounts(store, person_ids=keep, by=by, now=now) if keep else 0
        if isinstance(done, Refused):
            decline(done)
        with store.reading() as session:
            found = accounts_of(session)
    write_json(json_file, {"accounts": found})
    for one in found:
        click.echo(_line(one, now))
    click.echo(f"共{len(found)}个账号；本次确认{done}个。")


def _line(one: Account, now: datetime) -> str:
    from rules.campaign.campaign import ROLES
    from rules.people.account_review import is_due, is_unused

    told = [
        "、".join(ROLES[role] for role in one.roles),
        f"上次登录{one.last_at:%Y-%m-%d}"
        if one.last_at
        else "已邀请，从未登录"
        if one.never_in
        else "从未登录",
        "有动态口令" if one.has_telephone else "无动态口令",
        "" if one.confirmed else "未经第二人确认",
        "长期未用，建议停用" if is_unused(one, now=now) else "",
        "待清查" if is_due(one, now=now) else "",
    ]
    return f"{one.person_id} {'，'.join(part for part in told if part)}"
