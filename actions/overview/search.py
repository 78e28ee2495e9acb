"""Finding a town, a village, somebody or a case by part of a name, a code or a number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from actions.lookup import campaign_of
from records.campaign.villages import villages_of
from records.duties.duties import open_duties_of
from records.people.people import everybody
from records.review.gates import gates_of_villages
from records.store import Session
from records.tables.campaign import VillageRow
from records.tables.duties import DutyRow
from records.tables.people import PersonRow
from records.tables.review import GateRow
from rules.campaign.campaign import Town

MOST = 30
"""Of each kind; whoever finds more writes more of the name."""
LONGEST = 18
"""Digits of a number that a row can have."""


@dataclass(frozen=True, slots=True)
class FoundHere:
    """What fits, in the campaign's order; cases and duties are those of the villages shown."""

    towns: Sequence[Town]
    villages: Sequence[VillageRow]
    people: Sequence[PersonRow]
    cases: Sequence[GateRow]
    duties: Sequence[DutyRow]

    @property
    def is_empty(self) -> bool:
        return not (self.towns or self.villages or self.people or self.cases or self.duties)


def search(session: Session, campaign_id: str, words: str, *, people_too: bool) -> FoundHere:
    """``words`` is part of a name or alias, a code, a person's id, or ``#`` and a duty's number."""
    campaign, wanted = campaign_of(session, campaign_id), words.strip().casefold()
    if not wanted:
        return FoundHere((), (), (), (), ())
    aliases = {one.code: one.aliases for one in campaign.villages}
    villages = [
        row
        for row in villages_of(session, campaign_id)
        if _fits(wanted, (row.name, row.code, *aliases.get(row.code, ())))
    ]
    shown = villages[:MOST]
    codes = [row.code for row in shown]
    return FoundHere(
        towns=[one for one in campaign.towns if _fits(wanted, (one.name, one.code, *one.aliases))][:MOST],
        villages=shown,
        people=[one for one in everybody(session) if people_too and _fits(wanted, (one.name, one.id))][:MOST],
        cases=gates_of_villages(session, campaign_id, codes, limit=MOST),
        duties=open_duties_of(session, campaign_id, codes, number=_number(wanted), limit=MOST),
    )


def _number(wanted: str) -> int | None:
    """A duty's number, as ``#12``."""
    digits = wanted.removeprefix("#")
    is_one = wanted.startswith("#") and digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST
    return int(digits) if is_one else None


def _fits(wanted: str, names: Iterable[str]) -> bool:
    return any(wanted in name.casefold() for name in names)
