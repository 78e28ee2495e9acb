"""Taking a dossier in, by whichever door: what is no workbook is refused at once, all else is checked later."""

from __future__ import annotations

from datetime import datetime, timedelta

from actions.dossiers.uploads import hand_in
from actions.people.login import TOO_OFTEN
from records import clock
from records.people import accounts
from records.store import Store
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from rules.refusals import Refused
from workbooks.file.guard import refuse_unreadable

A_DAY = timedelta(days=1)
MOST_UPLOADS = 200
"""Of one town in a day: more is a mistake or an attack."""


def receive(store: Store, village: VillageRow, *, data: bytes, by: str, now: datetime) -> UploadRow | Refused:
    """Keep one version of a village's dossier, or say why not."""
    refused = refuse_unreadable(data) or _refuse_flood(store, village.town_code)
    if refused:
        return refused
    return hand_in(
        store, campaign_id=village.campaign_id, village_code=village.code, data=data, by=by, now=now
    )


def _refuse_flood(store: Store, town_code: str) -> Refused | None:
    with store.writing() as session:
        tries = accounts.count_try(session, f"uploads:{town_code}", window=A_DAY, host_now=clock.host_now())
    return TOO_OFTEN if tries > MOST_UPLOADS else None
