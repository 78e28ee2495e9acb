"""``hqe audit verify``: is the log what was written?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import existing_store, settings_of
from commands.terminal.options import home_option, json_option
from commands.terminal.output import refuse, write_json

if TYPE_CHECKING:
    from records.audit import Verified

TOLD = re.compile(r"([0-9]{1,18})[:：]([0-9a-fA-F]{64})")
WITHOUT_HEAD = (
    "没有外来的末条可比：持有密钥的人若重写了整个日志，或整个数据库被换成旧的一份，单凭本机看不出来。"
    "请用 --head 与寄到各办公室的、写在纸上的或备份里的末条核对。"
)
WITHOUT_KEY = "密钥不在本机：只核对了各条是否相接，没有核对密钥的封存；能改数据库的人可以重写全部。"


@click.command()
@click.option(
    "--head",
    "--paper",
    "head",
    metavar="LENGTH:HEAD|FILE",
    help="What a mail or a paper says, or a backup file: the log must still hold that entry.",
)
@home_option
@json_option
def verify(head: str | None, home: Path | None, json_file: Path | None) -> None:
    """Walk the hash chain and its keyed seal; finds a changed, removed, reordered or cut-off entry.

    核对审计日志:逐条核对并核对密钥的封存;--head 再与寄出的、纸上的或备份里的末条核对。
    """
    from records import audit as chain
    from records.sealing.vault import Keyless

    told = _told(head) if head else None
    with existing_store(settings_of(home)) as store, store.reading() as session:
        found, keyless = chain.verify(session), isinstance(store.vault, Keyless)
        agrees = chain.agrees_with_paper(session, length=told[0], head=told[1]) if told else None
    write_json(json_file, _as_json(found, agrees=agrees, keyless=keyless))
    if found.broken:
        refuse(f"the audit log is broken at entry {found.broken.seq}: {found.broken.problem}")
    if agrees is False:
        refuse(f"the audit log is not the one on paper: entry {head} is not in it")
    if not keyless:
        _refuse_unsealed(found)
    click.echo(f"audit log whole: {found.length} entries, head {found.head}")
    if keyless:
        click.echo(WITHOUT_KEY)
    if told is None:
        click.echo(WITHOUT_HEAD)


def _refuse_unsealed(found: Verified) -> None:
    if found.strange_key:
        refuse(
            f"审计日志由另一把密钥（指纹 {found.strange_key}）封存，本机没有它，无法核对。"
            "请把那把密钥放回原处；密钥已失时，与外来的末条核对(--head)后运行 ./hqe audit seal。"
        )
    if found.unsealed:
        refuse(
            f"审计日志第{found.length - found.unsealed + 1}条起的{found.unsealed}条没有用密钥封存，"
            "能改数据库的人改了也看不出来。与外来的末条核对(--head)后运行 ./hqe audit seal。"
        )


def _as_json(found: Verified, *, agrees: bool | None, keyless: bool) -> dict[str, object]:
    broken = {"seq": found.broken.seq, "problem": found.broken.problem} if found.broken else None
    return {
        "length": found.length,
        "head": found.head,
        "agrees_with_paper": agrees,
        "key_at_hand": not keyless,
        "unsealed": found.unsealed,
        "strange_key": found.strange_key,
        "broken": broken,
    }


def _told(head: str) -> tuple[int, str]:
    """Length and head as a mail or paper shows them, with or without the blanks, or as a backup has them."""
    match = TOLD.fullmatch(re.sub(r"\s", "", head))
    if match is None and Path(head).is_file():
        return _of_backup(Path(head))
    if match is None:
        refuse(f"--head 须为“条数:末条”或备份文件，末条为64位十六进制，空格可留可去；现为：{head}")
    return int(match[1]), match[2].lower()


def _of_backup(file: Path) -> tuple[int, str]:
    from records.backup.archive import read_manifest
    from rules.refusals import Refused

    manifest = read_manifest(file)
    if isinstance(manifest, Refused):
        refuse(manifest.reason)
    return manifest.source.audit_length, manifest.source.audit_head
