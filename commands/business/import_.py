"""``hqe business import``: an extract of the bureau's own data."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.options import by_option, campaign_option, home_option
from commands.terminal.output import decline


@click.command("import")
@click.argument("source")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@by_option
@campaign_option
@home_option
def import_extract(source: str, file: Path, by: str, campaign_id: str | None, home: Path | None) -> None:
    """Import FILE (CSV or xlsx) as SOURCE, a key of `business` in campaign.yaml; it replaces the one before.

    Only the ID numbers are kept, sealed, and deleted with the rosters when their time is over.
    """
    from actions.overview import business_data
    from rules.refusals import Refused

    with opened(home) as store:
        done = business_data.import_extract(
            store,
            campaign_id=under_way(store, campaign_id),
            source=source,
            name=file.name,
            data=file.read_bytes(),
            by=by,
            now=business_now(store),
        )
    if isinstance(done, Refused):
        decline(done)
    click.echo(f"已导入{done.rows}人，{done.unread}行的身份证号读不出。")
