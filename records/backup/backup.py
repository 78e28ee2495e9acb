"""Taking a backup: one point in time of the whole database, written, checked, and only then named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, select
from sqlalchemy.orm import Session

from records import audit, clock
from records.backup import archive, rows
from records.backup.archive import Manifest, Named, Progress, Source, unheard
from records.schema import migrate
from records.sealing.vault import VAULT, Vault
from records.tables.campaign import CampaignRow
from rules.refusals import Refused


def take(
    engine: Engine, *, to: Path, vault: Vault, key: str, at: datetime, progress: Progress = unheard
) -> Manifest | Refused:
    """Back the database up into the new file ``to``; under that name there is a whole backup or nothing.

    ``vault`` signs the manifest, ``key`` is the fingerprint of the key that opens the files, ``at`` the host's time.
    """
    unfinished = to.with_name(to.name + archive.UNFINISHED)
    refused = _refuse_place(to, unfinished)
    if refused:
        return refused
    try:
        with rows.snapshot(engine) as connection:
            if not inspect(connection).has_table(rows.NOT_OURS):
                return Refused(
                    "no_database", "数据库是空的，没有可备份的内容。请检查 HQE_HOME 或 HQE_DATABASE_URL。"
                )
            source = _describe(connection, vault=vault, key=key, at=at)
            manifest = archive.write(unfinished, source, _parts(connection), vault=vault, progress=progress)
        # Read back from the file, so that what the disk really holds is what is checked.
        found = archive.read_manifest(unfinished)
        damaged = found if isinstance(found, Refused) else archive.check(unfinished, found, progress=progress)
        if damaged:
            return damaged
        unfinished.replace(to)
    except OSError as error:
        return Refused(
            "disk", f"备份没有写成：{to.parent} 无法写入（{error.strerror}）。请检查磁盘空间和权限。"
        )
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def _refuse_place(to: Path, unfinished: Path) -> Refused | None:
    if to.exists():
        return Refused("exists", f"{to} 已经存在，备份不覆盖任何文件。请换一个文件名。")
    if unfinished.exists():
        return Refused(
            "unfinished", f"{unfinished} 是没有写完的备份。确认没有别的备份正在进行后删除它，再试一次。"
        )
    return None


def _parts(connection: Connection) -> Iterator[Named]:
    for table in rows.tables_of(connection):
        yield table.name, rows.lines_from(connection, table)


def _describe(connection: Connection, *, vault: Vault, key: str, at: datetime) -> Source:
    with Session(bind=connection, info={VAULT: vault}) as session:
        chain = audit.verify(session)
        return Source(
            version=version("hqe"),
            revision=migrate.revision_of(connection),
            taken_at=at.astimezone(UTC).isoformat(timespec="seconds"),
            database=connection.dialect.name,
            campaigns=tuple(session.scalars(select(CampaignRow.id).order_by(CampaignRow.id))),
            simulated=clock.is_simulated(session),
            audit_length=chain.length,
            audit_head=chain.head,
            audit_whole=chain.broken is None,
            key=key,
        )
