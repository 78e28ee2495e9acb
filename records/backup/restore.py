"""Restoring a backup into an empty database, in one transaction: all of it arrives, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from records import audit
from records.backup import archive, rows
from records.backup.archive import Manifest, Progress, unheard
from records.schema import guards, migrate
from records.sealing.vault import VAULT, Vault
from rules.refusals import Refused

Settle = Callable[[Session], object]


class Differs(Exception):
    """What arrived is not what the manifest says; nothing of it stays."""


BELIEVED = frozenset({"unsigned", "key_away"})
"""What does not hinder somebody who knows where the backup comes from."""


def examine(
    path: Path, *, vault: Vault, unsigned: bool = False, progress: Progress = unheard
) -> Manifest | Refused:
    """The manifest of a backup that is whole, signed, and that this version of the program understands.

    ``unsigned``: take it although no key at hand says that it is ours.
    """
    manifest = archive.read_manifest(path)
    if isinstance(manifest, Refused):
        return manifest
    if manifest.source.revision not in migrate.known_revisions():
        return Refused(
            "newer",
            f"备份由更新的程序（{manifest.source.version}，数据结构 {manifest.source.revision}）写成，"
            f"本程序的数据结构为 {migrate.known_revisions()[0]}。请先升级程序，再恢复。",
        )
    unbelieved = archive.refuse_unsigned(path, vault)
    if unbelieved and not (unsigned and unbelieved.code in BELIEVED):
        return unbelieved
    return archive.check(path, manifest, progress=progress) or manifest


def is_empty(engine: Engine) -> bool:
    with engine.connect() as connection:
        return rows.is_empty(connection)


def restore(
    engine: Engine,
    path: Path,
    manifest: Manifest,
    *,
    vault: Vault,
    settle: Settle,
    progress: Progress = unheard,
) -> None:
    """Fill an empty database from an examined backup and migrate it; ``settle`` works in the same transaction.

    Raises ``Differs`` and leaves the database empty when the rows or the audit chain do not agree.
    """
    with migrate.rebuilding(engine) as connection:
        migrate.migrate_to(connection, manifest.source.revision)
        with guards.lifted(connection):
            _fill(connection, path, manifest, progress)
        seal_came = audit.SEAL in {part.table for part in manifest.parts}
        migrate.migrate_to(connection, migrate.NEWEST)
        with Session(bind=connection, expire_on_commit=False, info={VAULT: vault}) as session:
            _compare_chain(session, manifest)
            if not seal_came:
                audit.seal_whole(session, vault)
            settle(session)
            session.flush()


def _fill(connection: Connection, path: Path, manifest: Manifest, progress: Progress) -> None:
    tables = {table.name: table for table in rows.tables_of(connection)}
    if tables.keys() != {part.table for part in manifest.parts}:
        raise Differs(f"tables {sorted(tables.keys() ^ {part.table for part in manifest.parts})}")
    # Migrations plant first rows; the backup has its own.
    for table in reversed(list(tables.values())):
        connection.execute(table.delete())
    for part in manifest.parts:
        with archive.open_part(path, part.table, progress=progress) as lines:
            try:
                rows.lines_into(connection, tables[part.table], iter(lines))
            except (LookupError, TypeError, ValueError, StopIteration, SQLAlchemyError) as error:
                raise Differs(f"table {part.table}: {type(error).__name__}") from error
        if lines.part() != part:
            raise Differs(f"table {part.table}")


def _compare_chain(session: Session, manifest: Manifest) -> None:
    chain = audit.verify(session)
    broken = chain.broken is not None and manifest.source.audit_whole
    if broken or (chain.length, chain.head) != (manifest.source.audit_length, manifest.source.audit_head):
        raise Differs("audit chain")
