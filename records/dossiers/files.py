"""Files as sealed blobs; what has been erased stays as an empty one, so that it can say so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.locks import locked_one
from records.sealing.vault import Vault
from records.tables.dossiers import BlobRow


class Erased(Exception):
    """The file was deleted when its time was over; ``at`` says when."""

    def __init__(self, at: datetime) -> None:
        super().__init__(f"erased at {at.isoformat()}")
        self.at = at


def keep(session: Session, vault: Vault, data: bytes, *, about: str) -> int:
    """Seal ``data`` and return the blob's id."""
    blob = BlobRow(sealed=vault.seal(data, about=about), about=about)
    session.add(blob)
    session.flush()
    return blob.id


def opens(session: Session, vault: Vault, blob_id: int, *, about: str) -> bool:
    """Whether this vault's key is the one that sealed the blob."""
    return vault.fits(session.get_one(BlobRow, blob_id).sealed, about=about)


def fetch(session: Session, vault: Vault, blob_id: int, *, about: str) -> bytes:
    """Raises ``Erased`` for a file whose time was over."""
    blob = session.get_one(BlobRow, blob_id)
    if blob.erased_at is not None:
        raise Erased(blob.erased_at)
    return vault.open(blob.sealed, about=about)


def erase(session: Session, blob_id: int, *, at: datetime) -> bool:
    """Overwrite a file with nothing; False when it was erased before."""
    blob = locked_one(session, BlobRow, blob_id)
    if blob.erased_at is not None:
        return False
    blob.sealed, blob.erased_at = b"", at
    return True


def erased_among(session: Session, blob_ids: Iterable[int]) -> frozenset[int]:
    """Which of these files have been erased."""
    gone = select(BlobRow.id).where(BlobRow.id.in_(list(blob_ids)), BlobRow.erased_at.is_not(None))
    return frozenset(session.scalars(gone))


def erased_at(session: Session, blob_id: int) -> datetime | None:
    return session.get_one(BlobRow, blob_id).erased_at
