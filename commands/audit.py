"""``hqe audit``: is the log what was written?"""

from __future__ import annotations

import os
from pathlib import Path

import click

from commands.printing import json_option, refuse, write_json


@click.group()
def audit() -> None:
    """Look after the append-only audit log."""


@audit.command()
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="State folder (default: HQE_HOME or ./var).",
)
@json_option
def verify(home: Path | None, json_file: Path | None) -> None:
    """Walk the hash chain; finds a changed, removed, reordered or cut-off entry."""
    from config.settings import read_settings
    from records import audit as chain
    from records.store import Store
    from records.vault import Vault

    environment = dict(os.environ) | ({"HQE_HOME": str(home)} if home else {})
    settings = read_settings(environment)
    store = Store(settings.database_url, vault=Vault(bytes(32)), home=settings.home)
    with store.reading() as session:
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
