"""``hqe backup``: the business database as one file, without the key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.backup import back_up
from commands.terminal.installation import settings_of
from commands.terminal.options import home_option, json_option
from commands.terminal.output import refuse, write_json

if TYPE_CHECKING:
    from config.settings import Settings
    from records.backup.archive import Manifest


@click.command()
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    help="File to write, or folder to write into (default: the folder backups of the state folder).",
)
@click.option("--offsite", is_flag=True, help="Write into the off-site folder (HQE_OFFSITE).")
@home_option
@json_option
def backup(to: Path | None, offsite: bool, home: Path | None, json_file: Path | None) -> None:
    """Write one file from which all can be restored, without the key, while work goes on; then check it.

    备份:业务数据库的一份完整副本,不含密钥;运行中也可以做。
    """
    settings = settings_of(home)
    if offsite:
        to = _offsite(settings, to)
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


def _offsite(settings: Settings, to: Path | None) -> Path:
    """The folder of another place; one that is not mounted is never made, or the backup would stay here."""
    if to is not None:
        refuse("--to 和 --offsite 只能用一个。")
    if not settings.offsite:
        refuse("还没有设置异地文件夹：请把 HQE_OFFSITE 设为另一处挂载到本机的文件夹。")
    folder = Path(settings.offsite)
    if not folder.is_dir():
        refuse(f"异地文件夹 {folder} 不在，可能没有挂载；没有备份。请挂载后重试。")
    return folder


def _about_key(settings: Settings, manifest: Manifest) -> str:
    if not manifest.source.key:
        return f"注意：{settings.key_file} 处没有密钥。没有密钥，备份中的申报材料无法打开。"
    return (
        f"密钥不在备份里：{settings.key_file}（指纹 {manifest.source.key}）。"
        "请把密钥另存一处，不要与备份放在一起；没有密钥，备份中的申报材料无法打开。"
    )
