"""``hqe key status``: which key is in use, and what still needs the one before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.backup import SUFFIX
from commands.terminal.installation import settings_of, store_under_key
from commands.terminal.options import home_option, json_option
from commands.terminal.output import refuse, write_json

if TYPE_CHECKING:
    from actions.upkeep.key_change import Standing
    from config.settings import Settings


@click.command()
@home_option
@json_option
def status(home: Path | None, json_file: Path | None) -> None:
    """Say which key is in use, whether a change stopped halfway, and what still needs an older key.

    密钥现状:现用密钥、有没有做到一半的更换、哪些数据和备份还要用旧密钥。
    """
    from actions.upkeep import key_change
    from records.sealing import keys
    from records.upkeep import reseal

    settings = settings_of(home)
    if not settings.key_file.exists():
        refuse(f"没有密钥文件 {settings.key_file}。请把密钥的备份放回原处。")
    with store_under_key(settings) as store:
        under_way = key_change.standing(store)
        fingerprints = store.vault.fingerprints()
        with store.reading() as session:
            sealed = {one: reseal.count(session, one) for one in fingerprints}
            nameless = reseal.count(session) - sum(sealed.values())
    needed = _backups_by_key(settings)
    aside = {one.name.rpartition("-")[2]: one for one in keys.retired(settings.key_file)}
    current = store.vault.fingerprint()
    write_json(
        json_file,
        {
            "key": current,
            "rows": sealed,
            "rows_without_name": nameless,
            "under_way": under_way,
            "retired": {one: {"file": str(aside[one]), "backups": needed.get(one, [])} for one in aside},
        },
    )
    click.echo(f"现用密钥：{settings.key_file}，指纹 {current}，加密了{sealed[current]:,}处。")
    if nameless:
        click.echo(f"另有{nameless:,}处由不标密钥的旧版程序加密；更换一次密钥后即标明。")
    for one, file in aside.items():
        click.echo(_about_retired(file, one, rows=sealed.get(one, 0), backups=needed.get(one, [])))
    if under_way:
        refuse(_about_unfinished(under_way))


def _about_retired(file: Path, fingerprint: str, *, rows: int, backups: list[str]) -> str:
    if rows:
        why = f"库中还有{rows:,}处由它加密，不可销毁；请再更换一次密钥。"
    elif backups:
        why = f"备份 {'、'.join(backups)} 要用它打开；销毁这些备份之后才可销毁。"
    else:
        why = "库中已没有由它加密的内容。确认别处也没有更换之前的备份后，可以销毁。"
    return f"旧密钥：{file}，指纹 {fingerprint}：{why}"


def _about_unfinished(standing: Standing) -> str:
    return (
        f"更换密钥没有做完（{standing.old_key} → {standing.new_key}，还有{standing.left:,}处）："
        "请运行 ./hqe key rotate 接着做。"
    )


def _backups_by_key(settings: Settings) -> dict[str, list[str]]:
    """The backups of the usual folder by the fingerprint of the key that opens them."""
    from records.backup import archive
    from rules.refusals import Refused

    needed: dict[str, list[str]] = {}
    for file in sorted((settings.home / "backups").glob(f"*{SUFFIX}")):
        manifest = archive.read_manifest(file)
        if not isinstance(manifest, Refused):
            for one in manifest.source.keys:
                needed.setdefault(one, []).append(file.name)
    return needed
