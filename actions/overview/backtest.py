"""Another indicator table on a campaign's past dossiers: the facts the bureau went by, scored anew."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from actions.lookup import campaign_of, find_campaign
from records.campaign.villages import villages_of
from records.dossiers.uploads import uploads_of
from records.review.scores import newest_sheet
from records.review.visits import visits_to
from records.store import Session, Store
from records.tables.campaign import CampaignRow, VillageRow
from rules.campaign.campaign import Campaign
from rules.campaign.scheme import Scheme
from rules.lists.backtest import Case, Change, backtest, unknown_facts
from rules.refusals import Refused

UNFINISHED = Refused("unfinished", "活动还没有结束，评分可能还在独立进行。请在活动结束后再用新的指标表重算。")


@dataclass(frozen=True, slots=True)
class Backtested:
    """Every village of a finished campaign under both tables."""

    campaign: Campaign
    changes: tuple[Change, ...]
    unknown: tuple[str, ...]
    """Facts that the new table asks and nobody said."""


def backtest_campaign(store: Store, *, campaign_id: str, scheme: Scheme) -> Backtested | Refused:
    """Who of a finished campaign would change under ``scheme``."""
    with store.reading() as session:
        campaign = finished(session, campaign_id)
        if isinstance(campaign, Refused):
            return campaign
        found = [case_of(session, village) for village in villages_of(session, campaign_id)]
    cases = [case for case in found if case is not None]
    changes = backtest(campaign.scheme, scheme, cases, quota=campaign.quota_upward)
    return Backtested(campaign, changes, unknown_facts(scheme, cases))


def finished(session: Session, campaign_id: str) -> Campaign | Refused:
    """A campaign that is closed, whose reviews nobody can disturb any more."""
    if find_campaign(session, campaign_id) is None:
        return Refused("no_such_campaign", f"没有编号为{campaign_id}的活动，请核对编号。")
    row = session.get_one(CampaignRow, campaign_id)
    return campaign_of(session, campaign_id) if row.closed_at is not None else UNFINISHED


def case_of(session: Session, village: VillageRow) -> Case | None:
    """What the dossier said, with what each reviewer and each visit changed; the later one stands."""
    accepted = uploads_of(session, village, state="accepted")
    if not accepted:
        return None
    upload = accepted[-1]
    sheets = {party: newest_sheet(session, upload, party) for party in ("a", "b")}
    layers = [
        upload.facts,
        *([sheets["a"].adjustments] if sheets["a"] else []),
        *(visit.adjustments for visit in visits_to(session, village.campaign_id, village.code)),
        *([sheets["b"].adjustments] if sheets["b"] else []),
    ]
    return Case(village.code, {key: Fraction(value) for layer in layers for key, value in layer.items()})
