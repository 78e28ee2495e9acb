"""Papers that the campaign produces: lists kept as sealed workbooks with their hash."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from records.dossiers import files
from records.store import Session, Store
from records.tables.lists import DocumentRow
from rules.campaign.campaign import Campaign
from workbooks.papers.printed_list import write_list


def keep_list(
    session: Session,
    store: Store,
    campaign: Campaign,
    *,
    key: str,
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str | int]],
    now: datetime,
    gate_id: int | None = None,
) -> None:
    """Write a printable list and keep it under ``key``; it bears the mark of a reconstructed scheme.

    ``gate_id`` is the gate whose list leaves the house with it.
    """
    data = write_list(title, columns, rows, campaign.scheme.mark)
    session.add(
        DocumentRow(
            key=key,
            campaign_id=campaign.id,
            title=title,
            blob_id=files.keep(session, store.vault, data, about=f"document:{key}"),
            sha256=hashlib.sha256(data).hexdigest(),
            made_at=now,
            gate_id=gate_id,
        )
    )


def read_document(store: Store, key: str) -> bytes:
    """A paper's bytes as they were kept."""
    with store.reading() as session:
        row = session.get_one(DocumentRow, key)
        return files.fetch(session, store.vault, row.blob_id, about=f"document:{key}")
