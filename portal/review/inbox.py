"""What somebody has to do, what is due first and what a decision changes most, and where each thing is done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from fractions import Fraction

from starlette.responses import Response

from actions.duties.posting import TITLES
from actions.messages.links import address_of
from portal.web.path_objects import need
from portal.web.rendering import show
from portal.web.request import Asked
from portal.web.routes import Route
from records.people.people import Names
from records.review.assignments import duties_held_by
from records.review.gates import gates_numbered
from records.review.scores import newest_sheet
from records.store import Session
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from rules.review.likeness import TOGETHER

FEW_POINTS = 3
"""So near to a line a review may well decide on which side a village comes to lie."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One open duty of this person, or of somebody for whom they stand in."""

    duty: DutyRow
    what: str
    where: str
    address: str
    late: bool
    for_whom: str
    """The name of the holder when it is somebody else."""
    margin: Fraction | None
    """How far the town's own total lies from the passing line: the nearer, the more a decision changes."""
    stake: Fraction | None
    """The distance to the nearer of the passing and the recommendation line."""

    @property
    def decides(self) -> bool:
        """Whether a reviewer's few points would carry the village over a line."""
        return self.stake is not None and self.stake <= FEW_POINTS


def inbox_of(session: Session, campaign: Campaign, person_id: str, *, now: datetime) -> list[Entry]:
    names = Names(session)
    entries = [
        _entry(
            session,
            campaign,
            duty,
            for_whom="" if duty.person_id == person_id else names[duty.person_id],
            now=now,
        )
        for duty in duties_held_by(session, campaign.id, person_id)
    ]
    return in_order(entries, campaign.zone)


def in_order(entries: Iterable[Entry], zone: tzinfo) -> list[Entry]:
    """By due day; of one day those first whose village is nearest to a line, then what is no review."""

    def order(entry: Entry) -> tuple[date, bool, Fraction, datetime]:
        due, stake = entry.duty.due_at, entry.stake
        return due.astimezone(zone).date(), stake is None, stake or Fraction(0), due

    return sorted(entries, key=order)


def _entry(session: Session, campaign: Campaign, duty: DutyRow, *, for_whom: str, now: datetime) -> Entry:
    total, scheme = _own_total(session, duty), campaign.scheme
    lines = (scheme.pass_line, scheme.recommend_line)
    return Entry(
        duty=duty,
        what=duty.facts.get("gate") or TITLES[duty.kind],
        where=f"{duty.facts.get('town', '')}{duty.facts.get('village', '')}" or campaign.title,
        address=address_of(campaign, duty),
        late=now > duty.due_at,
        for_whom=for_whom,
        margin=None if total is None else total - scheme.pass_line,
        stake=None if total is None else min(abs(total - line) for line in lines),
    )


def _own_total(session: Session, duty: DutyRow) -> Fraction | None:
    """What the town gave itself, where the duty is a gate about a dossier."""
    gate = session.get(GateRow, duty.facts["gate_id"]) if duty.kind == "gate" else None
    if gate is None or gate.upload_id is None:
        return None
    sheet = newest_sheet(session, session.get_one(UploadRow, gate.upload_id), "town")
    return Fraction(sheet.total) if sheet else None


def show_inbox(asked: Asked) -> Response:
    campaign = need(asked.found.campaign)
    with asked.store.reading() as session:
        entries = inbox_of(session, campaign, asked.person.id, now=asked.now)
        facts = {"entries": entries, "like": _like(session, entries, asked), "zone": campaign.zone}
        return show(asked, "review/inbox.html", facts)


def _like(session: Session, entries: Sequence[Entry], asked: Asked) -> int:
    """How many of them may be decided several at once; none where there is only one."""
    numbers = [one.duty.facts["gate_id"] for one in entries if one.duty.kind == "gate"]
    if not asked.may("cases.decide"):
        return 0
    like = [gate for gate in gates_numbered(session, numbers) if gate.name in TOGETHER]
    return len(like) if len(like) > 1 else 0


ROUTES = (Route("GET", "/campaigns/{campaign_id}/inbox", "inbox", show_inbox),)
