"""``hqe people proposals``: what waits for a second person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import business_now, opened
from commands.terminal.options import home_option, json_option
from commands.terminal.output import write_json

if TYPE_CHECKING:
    from records.tables.people import ProposalRow


@click.command()
@home_option
@json_option
def proposals(home: Path | None, json_file: Path | None) -> None:
    """List the changes of accounts that wait for a second person, with who proposed them and until when.

    待复核的账号变更。
    """
    from records.people.proposals import waiting

    def plain(row: ProposalRow) -> dict[str, object]:
        return {
            "number": row.id,
            "what": row.what,
            "proposed_by": row.proposed_by,
            "proposed_at": row.proposed_at,
            "expires_at": row.expires_at,
        }

    with opened(home) as store, store.reading() as session:
        found = [plain(row) for row in waiting(session, now=business_now(store))]
    write_json(json_file, {"proposals": found})
    for one in found:
        click.echo(
            f"#{one['number']} {one['proposed_by']}提请，{one['expires_at']:%Y-%m-%d}前有效：{one['what']}"
        )
    click.echo(f"共{len(found)}项。")
