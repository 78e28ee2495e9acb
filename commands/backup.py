"""``hqe backup``: the business database as one file, without the key."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import existing_store, fingerprint_of, settings_of
from commands.terminal.options import home_option, json_option
from commands.terminal.output import progress_bar, refuse, write_json

if TYPE_CHECKING:
    from config.settings import Settings
    from records.backup.archive import Manifest
    from records.store import Store

SUFFIX = ".hqe-backup"


@click.command()
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    help="File to write, or folder to write into (default: the folder backups of the state folder).",
)
@home_option
@json_option
def backup(to: Path | None, home: Path | None, json_file: Path | None) -> None:
    """Write one file from which everything can be restored, while work goes on; checked after writing.

    备份:业务数据库的一份完整副本,不含密钥;运行中也可以做。
    """
    settings = settings_of(home)
    file, manifest = back_up(settings, to)
    write_json(
        json_file,
        {
            "file": str(file),
            "size": file.stat().st_size,
            "rows": manifest.rows,
            "revision": manifest.source.revision,
            "taken_at": manifest.source.taken_at,
            "audit": {
                "length": manifest.source.audit_length,
                "head": manifest.source.audit_head,
                "whole": manifest.source.audit_whole,
            },
            "key": manifest.source.key,
        },
    )
    click.echo(f"已备份并核对：{file}（{len(manifest.parts)}张表，{manifest.rows:,}行）")
    click.echo(f"审计日志：{manifest.source.audit_length}条，末条 {manifest.source.audit_head}")
    click.echo(_about_key(settings, manifest))
    if not manifest.source.audit_whole:
        refuse("备份里的审计日志不完整（备份时数据库即如此）。请运行 ./hqe audit verify 查明位置。")


def back_up(settings: Settings, to: Path | None) -> tuple[Path, Manifest]:
    """Write the backup and note it in the audit log, or end with a sentence."""
    from records import audit, clock
    from records.backup import backup as backup_file
    from rules.refusals import Refused

    at = clock.host_now()
    with existing_store(settings) as store:
        file = _file(settings, to, at=at)
        with progress_bar("备份") as progress:
            done = backup_file.take(
                store.engine, to=file, key=_keys(settings, store), at=at, progress=progress
            )
        if isinstance(done, Refused):
            refuse(done.reason)
        facts = {"file": file.name, "length": done.source.audit_length, "head": done.source.audit_head}
        with store.writing() as session:
            audit.note(
                session,
                at=clock.read(session),
                actor="operator",
                act="backup",
                subject="database",
                facts=facts,
            )
    return file, done


def _keys(settings: Settings, store: Store) -> str:
    """By which keys the backup will be opened."""
    from actions.upkeep.key_change import standing

    under_way = standing(store)
    return f"{under_way.old_key}+{under_way.new_key}" if under_way else fingerprint_of(settings.key_file)


def _file(settings: Settings, to: Path | None, *, at: datetime) -> Path:
    """Where the backup goes; a folder gets a name with the host's time."""
    folder = to if to is not None else settings.home / "backups"
    if to is not None and not to.is_dir() and not str(to).endswith("/"):
        return to.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        refuse(f"文件夹 {folder} 无法建立（{error.strerror}）。请检查路径和权限，或用 --to 换一处。")
    return folder.absolute() / f"hqe-{at.astimezone():%Y%m%d-%H%M%S}{SUFFIX}"


def _about_key(settings: Settings, manifest: Manifest) -> str:
    if not manifest.source.key:
        return f"注意：{settings.key_file} 处没有密钥。没有密钥，备份中的申报材料无法打开。"
    return (
        f"密钥不在备份里：{settings.key_file}（指纹 {manifest.source.key}）。"
        "请把密钥另存一处，不要与备份放在一起；没有密钥，备份中的申报材料无法打开。"
    )
