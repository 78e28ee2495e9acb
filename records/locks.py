"""Locking rows: read again as they are locked, and in one order for all acts."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy.orm import Session

from records.tables.campaign import CalendarRow
from records.tables.columns import Base

ORDER = (
    "heartbeat",
    "outbox",
    "portal_session",
    "throttle",
    "invitation",
    "credential",
    "api_token",
    "campaign",
    "stage",
    "person",
    "proposal",
    "absence",
    "extension_request",
    "village",
    "gate",
    "approval_code",
    "duty",
    "upload",
    "blob",
    "carrier",
    "calendar",
    "roster_person",
    "living_roster",
    "living_person",
    "audit_head",
    "audit_seal",
)
"""Tables in the order in which an act locks their rows; of one table in the order of their keys.

Whoever waits for a row of a later table holds nothing that somebody needs who is still at an earlier one, so
two acts never wait for each other. The head of the audit chain comes last: it is locked when all else is done.
"""

WITHOUT_KEYS = {"key_share": True}
"""No act changes a key: so rows that refer to the locked one may be written meanwhile."""

Row = TypeVar("Row", bound=Base)


def locked(session: Session, table: type[Row], key: Any) -> Row | None:  # noqa: ANN401 - a key of any table
    """The row for this act alone until it ends, read now, whatever the session knew of it; None if there is none."""
    return session.get(table, key, with_for_update=WITHOUT_KEYS, populate_existing=True)


def locked_one(session: Session, table: type[Row], key: Any) -> Row:  # noqa: ANN401 - a key of any table
    """The same for a row that must be there."""
    return session.get_one(table, key, with_for_update=WITHOUT_KEYS, populate_existing=True)


def take_turns(session: Session, campaign_id: str) -> None:
    """From here on one act of a campaign after another: for what holds one village against all others."""
    locked_one(session, CalendarRow, campaign_id)
