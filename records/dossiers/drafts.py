"""What somebody has typed into a long form and not yet handed in: sealed, one for each village, person and form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, delete

from records.sealing.vault import Vault
from records.store import Session
from records.tables.dossiers import FormDraftRow

DOSSIER = "dossier"
"""The form that takes a workbook's place; a score sheet's is called after its gate."""


def place_of(row: FormDraftRow) -> str:
    """Where the sealed words of a draft belong."""
    return f"draft:{row.campaign_id}:{row.village_code}:{row.person_id}:{row.form}"


def draft_row(
    session: Session, campaign_id: str, village_code: str, person_id: str, *, form: str
) -> FormDraftRow | None:
    return session.get(FormDraftRow, (campaign_id, village_code, person_id, form))


def typed_in(vault: Vault, row: FormDraftRow | None) -> dict[str, str]:
    """Field -> what was typed; nothing where there is no draft."""
    if row is None:
        return {}
    found: dict[str, str] = json.loads(vault.open(row.sealed, about=place_of(row)))
    return found


def keep_draft(
    session: Session,
    vault: Vault,
    key: tuple[str, str, str],
    *,
    form: str,
    typed: Mapping[str, str],
    at: datetime,
) -> FormDraftRow:
    """``key`` is campaign, village and person; what they kept before is replaced."""
    campaign_id, village_code, person_id = key
    row = draft_row(session, *key, form=form)
    if row is None:
        row = FormDraftRow(campaign_id=campaign_id, village_code=village_code, person_id=person_id, form=form)
        session.add(row)
    row.sealed = vault.seal(json.dumps(dict(typed), ensure_ascii=False).encode(), about=place_of(row))
    row.saved_at = at
    session.flush()
    return row


def end_draft(session: Session, campaign_id: str, village_code: str, person_id: str, *, form: str) -> None:
    """What is handed in need not be typed again."""
    mine = (FormDraftRow.village_code == village_code) & (FormDraftRow.person_id == person_id)
    _end(session, (FormDraftRow.campaign_id == campaign_id) & mine & (FormDraftRow.form == form))


def end_drafts_of(session: Session, campaign_id: str) -> None:
    """With the campaign goes what nobody has handed in."""
    _end(session, FormDraftRow.campaign_id == campaign_id)


def _end(session: Session, which: ColumnElement[bool]) -> None:
    session.execute(delete(FormDraftRow).where(which).execution_options(synchronize_session=False))
