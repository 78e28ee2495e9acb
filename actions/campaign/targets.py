"""The targets of the notice and its annex against what came: the county's, and each town's."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from records.campaign.counts import UploadStand, VillageStand, upload_stands, village_stands
from records.lists.recommendations import sent_rankings
from records.store import Session
from records.tables.lists import RecommendationRow
from rules.campaign.campaign import Campaign, Town

OUTSIDE = frozenset({"invited", "out"})
"""Villages that do not take part, or have not said so yet."""
ACCEPTED = frozenset({"submitted", "under_review", "returned", "recognised", "not_recognised", "vetoed"})
TITLES = {
    "taking_part": "参与",
    "handed_in": "已报送",
    "accepted": "已受理",
    "recognised": "已认定",
    "recommended": "已推荐",
}
"""What is counted of a town's villages, in the order in which it happens."""


@dataclass(frozen=True, slots=True)
class Stands:
    """How a campaign's villages stand: what its counts and its targets are both made of, read once."""

    villages: Sequence[VillageStand]
    uploads: Mapping[str, UploadStand]
    """Village code -> the newest version."""
    sent: Sequence[RecommendationRow]
    """All lines of the rankings that went up."""


def stands_of(session: Session, campaign_id: str) -> Stands:
    return Stands(
        village_stands(session, campaign_id),
        upload_stands(session, campaign_id),
        sent_rankings(session, campaign_id),
    )


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a town, or the whole county, has come; a target of 0 was never set."""

    town_code: str
    """Empty for the county."""
    name: str
    target: int
    """Villages that take part."""
    goal: int
    """Villages that are recognised, at least."""
    taking_part: int
    handed_in: int
    accepted: int
    recognised: int
    recommended: int


def reached(campaign: Campaign, stands: Stands) -> tuple[Reach, tuple[Reach, ...]]:
    """The county, then its towns in the campaign's order."""
    in_hand = frozenset(code for code, one in stands.uploads.items() if one.state != "withdrawn")
    sent = frozenset(one.village_code for one in stands.sent if one.recommended)
    by_town = defaultdict[str, list[VillageStand]](list)
    for one in stands.villages:
        by_town[one.town_code].append(one)
    towns = tuple(_of_town(town, _counted(by_town[town.code], in_hand, sent)) for town in campaign.towns)
    county = Reach(
        "",
        campaign.county,
        campaign.taking_part,
        campaign.recognised_at_least,
        **_counted(stands.villages, in_hand, sent),
    )
    return county, towns


def _of_town(town: Town, counted: dict[str, int]) -> Reach:
    return Reach(town.code, town.name, town.taking_part, town.recognised, **counted)


def _counted(stands: Iterable[VillageStand], in_hand: frozenset[str], sent: frozenset[str]) -> dict[str, int]:
    found = Counter(dict.fromkeys(TITLES, 0))
    for one in stands:
        found["taking_part"] += one.state not in OUTSIDE
        found["handed_in"] += one.code in in_hand
        found["accepted"] += one.state in ACCEPTED
        found["recognised"] += one.state == "recognised"
        found["recommended"] += one.code in sent
    return dict(found)
