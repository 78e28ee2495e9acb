"""``hqe audit``: is the log what was written?"""

from __future__ import annotations

from pathlib import Path

import click

from commands.opening import existing_store, home_option, settings_of
from commands.printing import json_option, refuse, write_json


@click.group()
def audit() -> None:
    """Look after the append-only audit log."""


@audit.command()
@home_option
@json_option
def verify(home: Path | None, json_file: Path | None) -> None:
    """Walk the hash chain; finds a changed, removed, reordered or cut-off entry."""
    from records import audit as chain

    with existing_store(settings_of(home)) as store, store.reading() as session:
        found = chain.verify(session)
    write_json(
        json_file,
        {
            "length": found.length,
            "head": found.head,
            "broken": None
            if found.broken is None
            else {"seq": found.broken.seq, "problem": found.broken.problem},
        },
    )
    if found.broken:
        refuse(f"the audit log is broken at entry {found.broken.seq}: {found.broken.problem}")
    click.echo(f"audit log whole: {found.length} entries, head {found.head}")
