"""``hqe restore``: a backup into a clean folder and an empty database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import existing_store, fingerprint_of, settings_of
from commands.terminal.options import json_option
from commands.terminal.output import progress_bar, refuse, write_json

if TYPE_CHECKING:
    from actions.upkeep.restore import Settled
    from config.settings import Settings
    from records.backup.archive import Manifest
    from rules.refusals import Refused

UNBELIEVED = (
    "注意：--unsigned 不核对签名，看不出备份有没有被人改动过。恢复后请核对各人的角色和邮箱，"
    "并用 ./hqe audit verify --head 与寄出的末条核对。"
)
MAY_BE_THERE = frozenset({"backups", "secret.key"})


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True), required=False)
@click.option(
    "--drill",
    is_flag=True,
    help="Restore FILE (default: the newest off-site backup) into a scratch place, verify it, delete it again.",
)
@click.option("--dry-run", is_flag=True, help="Only check the backup and the place; write nothing.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="Another state folder than HQE_HOME or ./var; it must be empty.",
)
@click.option(
    "--unsigned",
    is_flag=True,
    help="Take a backup that no key at hand has signed: an older program's, or one whose key is lost.",
)
@json_option
def restore(
    file: Path | None, drill: bool, dry_run: bool, into: Path | None, unsigned: bool, json_file: Path | None
) -> None:
    """Restore the backup FILE into a clean folder and an empty database; migrates one of an older version.

    恢复:把备份装入空的数据库,核对每一部分和审计日志,再说明下一步。
    """
    from records.backup import restore as restore_rows
    from records.sealing.vault import vault_at_hand
    from rules.refusals import Refused

    settings = settings_of(into)
    if drill:
        if dry_run or unsigned:
            refuse("--drill 不能与 --dry-run、--unsigned 同用。")
        _drill(settings, file, json_file)
        return
    if file is None:
        refuse("请指明备份文件；恢复演练请加 --drill。")
    with progress_bar("核对") as progress:
        vault = vault_at_hand(settings.key_file)
        manifest = restore_rows.examine(file, vault=vault, unsigned=unsigned, progress=progress)
    if isinstance(manifest, Refused):
        refuse(manifest.reason + _where_the_key_goes(settings, file, manifest))
    _refuse_used(settings)
    if unsigned:
        click.echo(UNBELIEVED, err=True)
    settled = None if dry_run else _restore(settings, file, manifest)
    write_json(
        json_file,
        {
            "home": str(settings.home),
            "dry_run": dry_run,
            "rows": manifest.rows,
            "taken_at": manifest.source.taken_at,
            "revision": manifest.source.revision,
            "audit": {"length": manifest.source.audit_length, "head": manifest.source.audit_head},
            "carriers": settled.carriers if settled else None,
            "messages": settled.messages if settled else None,
        },
    )
    for sentence in _told(settings, manifest, settled):
        click.echo(sentence)


def _drill(settings: Settings, file: Path | None, json_file: Path | None) -> None:
    """As in need, but beside the work: nothing of it stays but the note that it went well."""
    from actions.upkeep import drill as drills
    from records import clock
    from records.sealing.vault import vault_at_hand
    from rules.refusals import Refused

    if file is None:
        file = drills.newest_backup(Path(settings.offsite)) if settings.offsite else None
    if file is None:
        refuse("没有可供演练的异地备份：请设置 HQE_OFFSITE 并运行 ./hqe backup --offsite，或指明备份文件。")
    with existing_store(settings) as store:
        done = drills.drill(file, vault=vault_at_hand(settings.key_file), scratch=settings.home)
        if isinstance(done, Refused):
            refuse(done.reason)
        drills.note_drill(store, done, now=clock.now(store))
    write_json(
        json_file,
        {
            "file": str(done.file),
            "taken_at": done.taken_at,
            "rows": done.rows,
            "audit": {"length": done.audit_length, "head": done.audit_head},
        },
    )
    click.echo(
        f"恢复演练成功：{done.file}（备份于 {done.taken_at}）已装入临时处，{done.rows:,}行逐表核对无误，"
    )
    click.echo(f"审计日志{done.audit_length}条完整，末条 {done.audit_head}。临时处已删除，办理不受影响。")


def _where_the_key_goes(settings: Settings, file: Path, refused: Refused) -> str:
    from records.backup import archive

    told = archive.read_manifest(file) if refused.code == "key_away" else None
    return f"\n{_about_key(settings, told.source.keys)}" if isinstance(told, archive.Manifest) else ""


def _refuse_used(settings: Settings) -> None:
    """Only a clean folder and an empty database: nothing that exists is ever overwritten."""
    from records.backup import restore as restore_rows
    from records.store import file_of, is_reachable, open_engine, shown

    file = file_of(settings.database_url)
    names = [f"{file.name}{end}" for end in ("", "-wal", "-shm")] if file else []
    allowed = {*MAY_BE_THERE, settings.key_file.name, *names}
    there = sorted(
        path.name
        for path in settings.home.glob("*")
        if path.name not in allowed and not path.name.startswith(f"{settings.key_file.name}.")
    )
    if there:
        refuse(
            f"文件夹 {settings.home} 不是空的（有 {'、'.join(there[:5])}），备份不覆盖任何数据。"
            "请用 --into 指定一个空文件夹，或先把原文件夹改名保存。"
        )
    if file is not None and not file.exists():
        return
    engine, where = open_engine(settings.database_url), shown(settings.database_url)
    try:
        if not is_reachable(engine):
            refuse(f"数据库 {where} 连接不上。请检查 HQE_DATABASE_URL 和数据库服务。")
        if not restore_rows.is_empty(engine):
            refuse(
                f"数据库 {where} 里已有数据，备份只恢复到空数据库。"
                "请用 --into 指定一个空文件夹，或把 HQE_DATABASE_URL 指向一个新建的空数据库。"
            )
    finally:
        engine.dispose()


def _restore(settings: Settings, file: Path, manifest: Manifest) -> Settled:
    from actions.upkeep.restore import Settled, settle
    from records import clock
    from records.backup import restore as restore_rows
    from records.sealing.vault import vault_at_hand
    from records.store import Session, open_engine

    settled = Settled(0, 0)

    def forget_the_old_machine(session: Session) -> None:
        nonlocal settled
        facts = {"taken_at": manifest.source.taken_at, "by": manifest.source.version}
        settled = settle(session, facts=facts, now=clock.read(session), host_now=clock.host_now())

    settings.home.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database_url)
    try:
        with progress_bar("恢复") as progress:
            restore_rows.restore(
                engine,
                file,
                manifest,
                vault=vault_at_hand(settings.key_file),
                settle=forget_the_old_machine,
                progress=progress,
            )
    except restore_rows.Differs as error:
        refuse(f"恢复没有完成，数据库仍是空的：装入的内容与备份清单不符（{error}）。请换一份备份。")
    finally:
        engine.dispose()
    return settled


def _told(settings: Settings, manifest: Manifest, settled: Settled | None) -> list[str]:
    from records.store import shown

    source = manifest.source
    chain = f"审计日志{source.audit_length}条，末条 {source.audit_head}"
    what = f"备份于 {source.taken_at}（程序 {source.version}），{len(manifest.parts)}张表，{manifest.rows:,}行；{chain}"
    if settled is None:
        return [f"可以恢复：{what}", f"将恢复到 {shown(settings.database_url)}；这次只检查，没有写入。"]
    told = [
        f"已恢复并核对：{what}",
        f"数据库：{shown(settings.database_url)}",
        *(
            []
            if source.audit_whole
            else ["注意：备份时审计日志已不完整，请运行 ./hqe audit verify 查明位置。"]
        ),
        "下一步：",
        f"1. {_about_key(settings, source.keys)}",
        f"2. 运行 ./hqe up（HQE_HOME={settings.home}）：{settled.carriers}个承办运行会自动重建，无需人工处理。",
    ]
    if settled.messages:
        told.append(
            f"3. {settled.messages}封邮件在备份时正在发送，会以原来的 Message-ID 再发一次，"
            "收件人可能看到两封相同的邮件。"
        )
    return told


def _about_key(settings: Settings, keys: tuple[str, ...]) -> str:
    from records.sealing.keys import next_of, retired_as

    there = fingerprint_of(settings.key_file)
    if not keys:
        return "备份时没有密钥，申报材料能否打开取决于您另存的密钥。"
    wanted, *following = keys
    if following:
        return (
            f"备份时正在更换密钥，两把密钥都要用：旧的（指纹 {wanted}）放到 {settings.key_file}，"
            f"新的（指纹 {following[0]}）放到 {next_of(settings.key_file)}，再运行 ./hqe key rotate 接着换完。"
        )
    if there == wanted:
        return f"密钥已在 {settings.key_file}，指纹 {wanted} 相符。"
    aside = retired_as(settings.key_file, wanted)
    if there and aside.exists():
        return (
            f"这份备份在更换密钥之前做成，要用旧密钥（指纹 {wanted}）：请用 {aside} 替换 {settings.key_file}"
            f"（现为 {there}），需要时启动前再更换一次。"
        )
    if there:
        return (
            f"{settings.key_file} 不是这份备份的密钥（指纹应为 {wanted}，现为 {there}），请换成正确的一份。"
        )
    return f"把另存的密钥（指纹 {wanted}）放到 {settings.key_file}。启动之前必须放好，否则申报材料无法打开。"
