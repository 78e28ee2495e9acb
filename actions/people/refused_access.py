"""Whoever asks for what is not theirs: noted with the object, within measure."""

from __future__ import annotations

from datetime import datetime, timedelta

from records import audit
from records.people import accounts
from records.store import Store, repeatable

HOUR = timedelta(hours=1)
MOST_NOTED = 30
"""In an hour, for one person: the log shows the walk and cannot be filled by it."""
LONGEST = 200


@repeatable
def note_refused(
    store: Store, *, person_id: str, right: str, path: str, address: str, now: datetime, host_now: datetime
) -> None:
    """Note that somebody asked for an object that is there and that they have no right to."""
    with store.writing() as session:
        key = f"refused:{person_id}"
        if accounts.count_try(session, key, window=HOUR, host_now=host_now) > MOST_NOTED:
            return
        facts = {"right": right, "path": path[:LONGEST], "address": address}
        audit.note(
            session, at=now, actor=person_id, act="access_refused", subject=f"person:{person_id}", facts=facts
        )
