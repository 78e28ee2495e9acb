"""``hqe audit head``: length and head of the chain, for a paper."""

from __future__ import annotations

import re
from pathlib import Path

import click

from commands.terminal.installation import existing_store, settings_of
from commands.terminal.options import home_option, json_option
from commands.terminal.output import refuse, write_json


@click.command()
@home_option
@json_option
def head(home: Path | None, json_file: Path | None) -> None:
    """Print length and head of the chain, to be kept on paper outside this machine.

    打印审计日志的条数和末条指纹,写在纸上另存,日后可用 audit verify --head 核对。
    """
    from notifications.wording import moment_text
    from records import audit as chain
    from records import clock

    with existing_store(settings_of(home)) as store, store.reading() as session:
        found, moment = chain.verify(session), clock.host_now().astimezone()
    if found.broken:
        refuse(f"the audit log is broken at entry {found.broken.seq}: {found.broken.problem}")
    write_json(json_file, {"length": found.length, "head": found.head, "at": moment.isoformat()})
    click.echo(f"审计日志 {found.length} 条 · {moment_text(moment)}")
    groups = re.findall(".{8}", found.head)
    click.echo("\n".join(" ".join(groups[at : at + 4]) for at in (0, 4)))
    click.echo(f'核对：./hqe audit verify --head "{found.length}:{" ".join(groups)}"')
