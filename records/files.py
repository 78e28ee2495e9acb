"""Files as sealed blobs."""

from __future__ import annotations

from sqlalchemy.orm import Session

from records.tables import BlobRow
from records.vault import Vault


def keep(session: Session, vault: Vault, data: bytes, *, about: str) -> int:
    """Seal ``data`` and return the blob's id."""
    blob = BlobRow(sealed=vault.seal(data, about=about))
    session.add(blob)
    session.flush()
    return blob.id


def opens(session: Session, vault: Vault, blob_id: int, *, about: str) -> bool:
    """Whether this vault's key is the one that sealed the blob."""
    return vault.fits(session.get_one(BlobRow, blob_id).sealed, about=about)


def fetch(session: Session, vault: Vault, blob_id: int, *, about: str) -> bytes:
    return vault.open(session.get_one(BlobRow, blob_id).sealed, about=about)
