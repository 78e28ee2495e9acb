"""``hqe upgrade``: a newer program takes over a database: backed up first, then migrated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.backup import back_up
from commands.terminal.installation import existing_store, settings_of
from commands.terminal.options import home_option, json_option
from commands.terminal.output import refuse, write_json

if TYPE_CHECKING:
    from config.settings import Settings
    from records.store import Store

ON_ITS_WAY = {
    "empty": "数据库是空的，无需升级；./hqe up 会建好它。",
    "ahead": "数据库的结构比程序新，旧程序不能使用它。请换用新版程序。",
    "foreign": "数据库里是别的程序的表。请检查 HQE_DATABASE_URL。",
}


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be done and what stands in the way.")
@home_option
@json_option
def upgrade(dry_run: bool, home: Path | None, json_file: Path | None) -> None:
    """Back the database up, then bring it to this version; refuses where a campaign in flight would suffer.

    升级:先备份,再升级数据库结构;正在运行或会损害进行中的活动时拒绝。
    """
    from deployments.local.preflight import Unfit, alone

    settings = settings_of(home)
    try:
        with existing_store(settings) as store, alone(settings.home):
            steps = _steps(settings, store)
            backup = None if dry_run or not steps else _migrate(settings, store, steps)
    except Unfit as error:
        refuse(str(error))
    write_json(
        json_file,
        {"steps": steps, "dry_run": dry_run, "backup": str(backup) if backup else None},
    )
    if not steps:
        click.echo("数据库已是本程序的版本，无需升级。")
    elif backup is None:
        click.echo(f"可以升级：{' → '.join(steps)}。这次只检查，没有改动；升级时会先备份。")
    else:
        click.echo(f"已升级：{' → '.join(steps)}。升级前的备份：{backup}")
        click.echo("下一步：运行 ./hqe up。")


def _steps(settings: Settings, store: Store) -> list[str]:
    """The revisions from the database's to this program's, both included; empty when they are the same."""
    from actions.upkeep.upgrade import obstacles
    from records import audit, clock
    from records.runs import carriers
    from records.schema import migrate
    from records.schema.version import schema_standing

    standing = schema_standing(settings.database_url)
    if standing in ON_ITS_WAY:
        refuse(ON_ITS_WAY[standing])
    with store.reading() as session:
        at_work = carriers.holders(session, host_now=clock.host_now())
        chain, in_the_way = audit.verify(session), obstacles(session)
        steps = migrate.steps_from(migrate.revision_of(session.connection()))
    if at_work:
        refuse(
            f"还有承办进程在工作（{'、'.join(at_work)}）。请停止所有机器上的 ./hqe up 和承办进程，再试一次。"
        )
    if chain.broken:
        refuse(
            f"审计日志在第{chain.broken.seq}条处不完整，升级会掩盖痕迹。请先用 ./hqe audit verify 查明原因。"
        )
    if in_the_way:
        refuse("\n".join(in_the_way))
    return steps


def _migrate(settings: Settings, store: Store, steps: list[str]) -> Path:
    from importlib.metadata import version

    from records import audit, clock
    from records.schema import migrate

    backup, _ = back_up(settings, None)
    with store.reading() as session:
        had_a_seal = audit.has_place_for_seal(session)
    try:
        migrate.migrate(store.engine)
    except Exception as error:
        refuse(f"升级没有完成，数据库仍是原样（{error}）。升级前的备份：{backup}。请继续使用原来的程序。")
    with store.writing() as session:
        if not had_a_seal:
            # What an older version wrote: verified before (_steps), from here on held by the key.
            audit.seal_whole(session, store.vault)
        facts = {"before": steps[0], "after": steps[-1], "version": version("hqe"), "backup": backup.name}
        audit.note(
            session, at=clock.read(session), actor="operator", act="upgrade", subject="database", facts=facts
        )
    return backup
