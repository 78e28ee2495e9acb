"""Who objects to a publicity in a rehearsal, and what comes of it: one is right, one is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from records.review.publicity import objections_to, publicities, running
from records.store import Session
from records.tables.publicity import PublicityRow
from rules.campaign.campaign import Campaign
from rules.review.objections import REFUSED, UPHELD

OBJECTOR = "王某某，电话见登记"
EVIDENCE = "公示的走访记录与实际不符，附照片两张。"
WORDS = {
    UPHELD: "经核实，走访记录确有一次不实，认定重新提请。",
    REFUSED: "经核实，走访记录属实，异议不成立。",
}


PLACES = {(0, 0): REFUSED, (1, 1): UPHELD}
"""(place of the town, place of the village in it) -> what an objection to it comes to."""


def truth_of(campaign: Campaign, village_code: str) -> str:
    """What an objection to a village would come to; empty for one to which nobody objects."""
    towns = [one.code for one in campaign.towns]
    town_code = campaign.village(village_code).town_code
    own = [one.code for one in campaign.villages if one.town_code == town_code]
    return PLACES.get((towns.index(town_code), own.index(village_code)), "")


def objected_to(session: Session, campaign: Campaign) -> Iterator[PublicityRow]:
    """What is public now and is about to be objected to: each village once."""
    all_of_them = publicities(session, campaign.id)
    for row in running(session, campaign.id):
        mine = [one.gate_id for one in all_of_them if one.village_code == row.village_code]
        if truth_of(campaign, row.village_code) and not objections_to(session, mine):
            yield row


def figures(session: Session, campaign_id: str) -> dict[str, dict[str, object]]:
    """The publicity's part of the report."""
    rows = publicities(session, campaign_id)
    answers = [one.answer for one in objections_to(session, [row.gate_id for row in rows])]

    def moment(of: datetime | None) -> str | None:
        return of.isoformat() if of else None

    return {
        "objections": {answer: answers.count(answer) for answer in (UPHELD, REFUSED)},
        "publicity": {
            "opened": moment(min((row.opened_at for row in rows), default=None)),
            "closed": moment(max((row.ended_at for row in rows if row.ended_at), default=None)),
            "villages": len({row.village_code for row in rows}),
        },
    }
