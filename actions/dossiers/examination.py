"""What a dossier's bytes say: read, checked and counted in a process apart, without writing anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from actions.dossiers.prefilled_template import earlier_numbers
from actions.dossiers.uploads import read_upload
from actions.lookup import campaign_of
from records.store import Session, Store
from records.tables.campaign import VillageRow
from rules.campaign.campaign import Campaign
from rules.dossiers.dossier import Understood
from workbooks.confined.client import examine_apart, pictures_apart


def examine_upload(store: Store, *, upload_id: int) -> Understood:
    """Everything the checks make of an upload; the pictures of one that can be accepted."""
    upload, data = read_upload(store, upload_id)
    with store.reading() as session:
        campaign = campaign_of(session, upload.campaign_id)
        village = _village(session, upload.campaign_id, upload.village_code)
    understood = examine(
        data,
        campaign=campaign,
        town_code=village.town_code,
        village_code=village.code,
        earlier=partial(earlier_numbers, store, campaign, village.code),
    )
    if not understood.acceptable:
        return understood
    return replace(understood, pictures=pictures_apart(data, campaign=campaign))


def _village(session: Session, campaign_id: str, code: str) -> VillageRow:
    return session.get_one(VillageRow, (campaign_id, code))


def nobody(_places: Sequence[str]) -> Mapping[str, str]:
    """For those who know no earlier rosters."""
    return {}


def examine(
    data: bytes,
    *,
    campaign: Campaign,
    town_code: str,
    village_code: str,
    earlier: Callable[[Sequence[str]], Mapping[str, str]] = nobody,
) -> Understood:
    """The same for bytes that nobody has handed in: a clerk's trial run.

    ``earlier`` gives the ID numbers that masked cells of a prefilled roster stand for.
    """
    ask = partial(examine_apart, data, campaign=campaign, town_code=town_code, village_code=village_code)
    understood = ask()
    return ask(earlier=earlier(understood.asks)) if understood.asks else understood
