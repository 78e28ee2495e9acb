"""Taking a backup: for ``hqe backup``, and before an upgrade or a change of the key."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from commands.terminal.installation import existing_store, fingerprint_of
from commands.terminal.output import progress_bar, refuse

if TYPE_CHECKING:
    from config.settings import Settings
    from records.backup.archive import Manifest
    from records.store import Store

SUFFIX = ".hqe-backup"


def back_up(settings: Settings, to: Path | None) -> tuple[Path, Manifest]:
    """Write the backup and note it in the audit log, or end with a sentence."""
    from records import audit, clock
    from records.backup import backup as backup_file
    from records.schema import migrate
    from records.sealing.vault import VAULT, Keyless
    from rules.refusals import Refused

    at = clock.host_now()
    with existing_store(settings) as store:
        file = _file(settings, to, at=at)
        with progress_bar("备份") as progress:
            done = backup_file.take(
                store.engine,
                to=file,
                vault=store.vault,
                key=_keys(settings, store),
                at=at,
                progress=progress,
            )
        if isinstance(done, Refused):
            refuse(done.reason)
        facts = {"file": file.name, "length": done.source.audit_length, "head": done.source.audit_head}
        with store.writing() as session:
            if not migrate.is_current(store.engine):
                # An older version has nowhere to keep the seal.
                session.info[VAULT] = Keyless()
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
