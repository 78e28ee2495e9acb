"""A restore drill: the newest off-site backup restored into a scratch place, verified, reported, and deleted again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from records import audit
from records.backup import restore as rows
from records.sealing.vault import Vault
from records.store import Session, Store, open_engine, repeatable
from rules.refusals import Refused

SUFFIX = ".hqe-backup"
ACT = "restore_drill"


@dataclass(frozen=True, slots=True)
class Drilled:
    """What came out of a backup: everything that its manifest promises, or it would not be here."""

    file: Path
    taken_at: str
    rows: int
    audit_length: int
    audit_head: str


def newest_backup(folder: Path) -> Path | None:
    """The backup written last; None where there is none, or the folder is not there."""
    found = [path for path in folder.glob(f"*{SUFFIX}") if path.is_file()]
    return max(found, key=lambda path: (path.stat().st_mtime, path.name), default=None)


def drill(file: Path, *, vault: Vault, scratch: Path) -> Drilled | Refused:
    """Restore into a database of its own below ``scratch``, which is gone afterwards, whatever happens."""
    manifest = rows.examine(file, vault=vault)
    if isinstance(manifest, Refused):
        return manifest
    with TemporaryDirectory(dir=scratch, prefix="drill-") as place:
        engine = open_engine(f"sqlite:///{Path(place) / 'hqe.db'}")
        try:
            rows.restore(engine, file, manifest, vault=vault, settle=_is_whole)
        except rows.Differs as error:
            return Refused(
                "drill_differs",
                f"演练没有通过：装入的内容与备份清单不符（{error}）。请换一份备份，并查明原因。",
            )
        finally:
            engine.dispose()
    source = manifest.source
    return Drilled(file, source.taken_at, manifest.rows, source.audit_length, source.audit_head)


def _is_whole(session: Session) -> None:
    broken = audit.verify(session).broken
    if broken is not None:
        raise rows.Differs(f"audit log, entry {broken.seq}")


@repeatable
def note_drill(store: Store, done: Drilled, *, now: datetime) -> None:
    facts = {"file": done.file.name, "taken_at": done.taken_at, "length": done.audit_length}
    with store.writing() as session:
        audit.note(session, at=now, actor="operator", act=ACT, subject="database", facts=facts)


def last_drill(session: Session) -> datetime | None:
    """When a drill went well last."""
    return audit.last_noted(session, ACT)
