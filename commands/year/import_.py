"""``hqe year import``: a village's living roster begins."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened
from commands.terminal.options import by_option, dry_run_option, home_option, json_option
from commands.terminal.output import settled, write_json


@click.command("import")
@click.argument("village")
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@by_option
@dry_run_option
@home_option
@json_option
def begin(
    village: str, file: Path | None, by: str, dry_run: bool, home: Path | None, json_file: Path | None
) -> None:
    """Begin the roster of VILLAGE (its 12-digit code) with FILE, or with its newest accepted dossier.

    建立一个社区(村)的动态台账:用名册文件(CSV 或 xlsx,列名同花名册),不写文件则用最近校验通过的申报材料。
    """
    from actions.year import rosters

    with opened(home) as store:
        now = business_now(store)
        if file is None:
            done = rosters.begin_from_dossier(store, village_code=village, by=by, now=now, dry_run=dry_run)
        else:
            done = rosters.begin_from_table(
                store,
                village_code=village,
                name=file.name,
                data=file.read_bytes(),
                by=by,
                now=now,
                dry_run=dry_run,
            )
    begun = settled(done)
    write_json(json_file, {"people": begun.people, "unread": begun.unread, "dry_run": dry_run})
    for number, why in begun.unread:
        click.echo(f"第{number}行未读入：{why}")
    click.echo(
        f"{'可建立' if dry_run else '已建立'}动态台账：{begun.people}人，未读入{len(begun.unread)}行。"
    )
