"""A dossier typed on a page: a draft that is checked as one goes, and handed in as the workbook it makes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from actions.dossiers.uploads import hand_in, refuse_hand
from actions.lookup import campaign_of
from records.dossiers.drafts import DOSSIER, draft_row, end_draft, keep_draft, typed_in
from records.store import Session, Store, repeatable
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from rules.campaign.campaign import Campaign
from rules.dossiers.dossier import Finding
from rules.refusals import Refused
from workbooks.confined.client import examine_apart
from workbooks.template.typed import Typed, workbook_of

ROSTER = "roster"
PARTS = ("claims", "survey", "recommendation")


def typed_of(
    session: Session, store: Store, village: VillageRow, person_id: str
) -> tuple[Typed, datetime | None]:
    """What this person has typed about a village so far, and when they last kept it."""
    row = draft_row(session, village.campaign_id, village.code, person_id, form=DOSSIER)
    return _unpacked(typed_in(store.vault, row)), row.saved_at if row else None


def _packed(typed: Typed) -> dict[str, str]:
    kept: dict[str, object] = {part: dict(getattr(typed, part)) for part in PARTS}
    kept[ROSTER] = [dict(row) for row in typed.roster]
    return {key: json.dumps(value, ensure_ascii=False) for key, value in kept.items()}


def _unpacked(kept: Mapping[str, str]) -> Typed:
    return Typed(**{key: json.loads(text) for key, text in kept.items()}) if kept else Typed()


@repeatable
def keep_form(
    store: Store, *, campaign_id: str, village_code: str, by: str, typed: Typed, now: datetime
) -> Refused | None:
    """Keep what was typed so far, in place of what was kept before; nothing is handed in."""
    with store.writing() as session:
        refused = refuse_hand(session, session.get(VillageRow, (campaign_id, village_code)), by=by)
        if refused:
            return refused
        place = (campaign_id, village_code, by)
        keep_draft(session, store.vault, place, form=DOSSIER, typed=_packed(typed), at=now)
    return None


def check_form(campaign: Campaign, village_code: str, typed: Typed) -> tuple[Finding, ...] | Refused:
    """What the checks would say of it now: the same checks, on the same workbook, as after handing in."""
    data = workbook_of(campaign, village_code, typed)
    if isinstance(data, Refused):
        return data
    town = campaign.village(village_code).town_code
    found = examine_apart(data, campaign=campaign, town_code=town, village_code=village_code)
    return found.findings


def hand_in_form(
    store: Store,
    *,
    campaign_id: str,
    village_code: str,
    by: str,
    typed: Typed,
    now: datetime,
    host_now: datetime,
) -> UploadRow | Refused:
    """Hand in the workbook that the form makes, by the same act as any other.

    The draft is over then, unless the checks will find what must be put right: nobody types it all again.
    """
    with store.reading() as session:
        campaign = campaign_of(session, campaign_id)
    data = workbook_of(campaign, village_code, typed)
    if isinstance(data, Refused):
        return data
    done = hand_in(
        store,
        campaign_id=campaign_id,
        village_code=village_code,
        data=data,
        by=by,
        now=now,
        host_now=host_now,
    )
    if not isinstance(done, Refused) and not _has_errors(check_form(campaign, village_code, typed)):
        _end(store, campaign_id, village_code, by)
    return done


def _has_errors(findings: tuple[Finding, ...] | Refused) -> bool:
    return isinstance(findings, Refused) or any(one.severity == "error" for one in findings)


@repeatable
def _end(store: Store, campaign_id: str, village_code: str, by: str) -> None:
    with store.writing() as session:
        end_draft(session, campaign_id, village_code, by, form=DOSSIER)
