"""``hqe workbook submit``: hand in a dossier as a town clerk."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.options import by_option, campaign_option, home_option, json_option
from commands.terminal.output import decline, write_json


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.argument("village")
@by_option
@campaign_option
@home_option
@json_option
def submit(
    file: Path, village: str, by: str, campaign_id: str | None, home: Path | None, json_file: Path | None
) -> None:
    """Hand in the dossier of VILLAGE (its 12-digit code), as a town clerk; the receipt is time and hash.

    上报申报材料:立即收件并计时,校验结果以邮件通知。
    """
    from actions.dossiers.uploads import hand_in
    from actions.lookup import campaign_of
    from notifications.wording import moment_text
    from records import clock
    from rules.refusals import Refused

    with opened(home) as store:
        wanted = under_way(store, campaign_id)
        upload = hand_in(
            store,
            campaign_id=wanted,
            village_code=village,
            data=file.read_bytes(),
            by=by,
            now=business_now(store),
            host_now=clock.host_now(),
        )
        with store.reading() as session:
            zone = campaign_of(session, wanted).zone
    if isinstance(upload, Refused):
        decline(upload)
    receipt = {"version": upload.version, "received": upload.received_at, "late": upload.late}
    write_json(json_file, {"village": village, "sha256": upload.sha256, **receipt})
    late = "(逾期)" if upload.late else ""
    click.echo(f"已收件：第{upload.version}版，{moment_text(upload.received_at, zone)}{late}")
    click.echo(f"SHA-256 {upload.sha256}\n校验结果将发到上报人邮箱。")
