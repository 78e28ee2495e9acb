"""How a campaign's reviewers differ, over the villages about which nothing is reviewed any more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from actions.lookup import SETTLED_STATES, campaign_of
from records.campaign.villages import villages_of
from records.dossiers.uploads import uploads_of
from records.people.people import Names
from records.review.blindness import sealed_from
from records.review.scores import final_score, newest_sheet
from records.store import Session
from records.tables.campaign import VillageRow
from records.tables.review import ScoreRow
from rules.campaign.campaign import Campaign
from rules.review.leniency import Leniency, Opinion, Pair, Wording, leniency, wordings
from rules.review.reconciliation import indicators


@dataclass(frozen=True, slots=True)
class Differences:
    """Each reviewer's leniency, and the list of indicators whose wording should change."""

    villages: int
    leniency: tuple[Leniency, ...]
    wordings: tuple[Wording, ...]
    names: dict[str, str]
    titles: dict[str, str]


def differences_of(session: Session, campaign_id: str, *, reader: str = "") -> Differences:
    """Of settled villages only, and of none that ``reader`` still reviews blind."""
    campaign, sealed = campaign_of(session, campaign_id), sealed_from(session, reader)
    settled = [
        village
        for village in villages_of(session, campaign_id, states=sorted(SETTLED_STATES))
        if f"{campaign_id}/{village.code}" not in sealed
    ]
    opinions = tuple(one for village in settled for one in _opinions(session, village))
    pairs = tuple(one for village in settled for one in _pairs(session, campaign, village))
    known, found = Names(session), leniency(opinions)
    return Differences(
        villages=len(settled),
        leniency=found,
        wordings=wordings(pairs),
        names={one.reviewer: known.get(one.reviewer, one.reviewer) for one in found},
        titles={one.id: one.name for one in indicators(campaign.scheme)},
    )


def _sheets(session: Session, village: VillageRow) -> dict[str, ScoreRow]:
    accepted = uploads_of(session, village, state="accepted")
    if not accepted:
        return {}
    made = {party: newest_sheet(session, accepted[-1], party) for party in ("a", "b")}
    return {party: sheet for party, sheet in made.items() if sheet is not None}


def _opinions(session: Session, village: VillageRow) -> Iterator[Opinion]:
    final = final_score(session, village)
    for sheet in _sheets(session, village).values() if final else ():
        for key, (points, _) in sheet.lines.items():
            if final and key in final.lines:
                yield Opinion(sheet.scored_by, key, Fraction(points), Fraction(final.lines[key][0]))


def _pairs(session: Session, campaign: Campaign, village: VillageRow) -> Iterator[Pair]:
    sheets = _sheets(session, village)
    if len(sheets) < 2:
        return
    for one in indicators(campaign.scheme):
        if all(one.id in sheet.lines for sheet in sheets.values()):
            first, second = (Fraction(sheets[party].lines[one.id][0]) for party in ("a", "b"))
            yield Pair(one.id, first, second, one.maximum)
