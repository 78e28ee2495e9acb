"""What is counted per stage and town: owed, received, on time, late, returned, accepted, recognised.

A survey counts once per town; everything else counts villages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from records.gates import gates_of
from records.ledger import entries_of
from records.recommendations import ranking_of
from records.stages import stages_in_order
from records.store import Session
from records.tables import DutyRow, GateRow, UploadRow, VillageRow
from records.uploads import newest_uploads
from records.villages import villages_of
from rules.campaign import Campaign
from rules.stages import is_late

ENDED_WELL = frozenset({"done", "late"})
CONCLUDED = frozenset({"recognised", "not_recognised", "vetoed"})
UNDER_VERIFICATION = CONCLUDED | {"submitted", "under_review", "returned"}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of what a stage asks for have come how far. ``late`` holds what is still open past its date."""

    owed: int = 0
    received: int = 0
    on_time: int = 0
    late: int = 0
    lapsed: int = 0
    returned: int = 0
    accepted: int = 0
    recognised: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Counts)))


COLUMNS: Mapping[str, str] = {
    "owed": "应办",
    "received": "已收",
    "on_time": "按时",
    "late": "逾期",
    "lapsed": "失效",
    "returned": "退回",
    "accepted": "通过",
    "recognised": "认定",
}
"""Field of ``Counts`` -> its title. Verification: received 已初审, accepted 初审通过; recommendation:
accepted 已推荐; award: accepted 已奖补."""

Tally = Mapping[tuple[str, str], Counts]
"""(stage, town code) -> counts; what is not listed counts nothing."""


def add_up(counts: Iterable[Counts]) -> Counts:
    return sum(counts, start=Counts())


def tally(session: Session, campaign: Campaign, duties: Sequence[DutyRow], *, now: datetime) -> Tally:
    """All stages and towns of a campaign at ``now``, in a fixed number of queries."""
    found: dict[tuple[str, str], Counts] = defaultdict(Counts)
    for stage, town_code, counts in (
        *_surveys(duties, now),
        *_submissions(session, campaign, duties, now),
        *_verifications(session, campaign, duties, now),
        *_recommendations(session, campaign),
        *_awards(session, campaign),
    ):
        found[stage, town_code] += counts
    return found


Counted = Iterator[tuple[str, str, Counts]]


def _surveys(duties: Sequence[DutyRow], now: datetime) -> Counted:
    for duty in duties:
        if duty.kind == "survey":
            ended = duty.state in ENDED_WELL
            yield (
                "survey",
                duty.town_code,
                Counts(
                    owed=1,
                    received=ended,
                    on_time=duty.state == "done",
                    late=_is_late(duty, now),
                    lapsed=duty.state == "lapsed",
                    accepted=ended,
                ),
            )


def _is_late(duty: DutyRow, now: datetime) -> bool:
    return duty.state == "late" or (duty.state == "open" and is_late(now, duty.due_at))


def _submissions(session: Session, campaign: Campaign, duties: Sequence[DutyRow], now: datetime) -> Counted:
    newest = newest_uploads(session, campaign.id)
    for duty in duties:
        if duty.kind == "dossier":
            yield "submission", duty.town_code, _dossier(duty, newest.get(duty.village_code), now)


def _dossier(duty: DutyRow, newest: UploadRow | None, now: datetime) -> Counts:
    """A dossier that came in time and still waits for its checks is on time: when it came decides."""
    being_checked = duty.state == "open" and newest is not None and newest.state == "received"
    came_in_time = being_checked and newest is not None and not newest.late
    return Counts(
        owed=1,
        received=newest is not None and newest.state != "withdrawn",
        on_time=duty.state == "done" or came_in_time,
        late=_is_late(duty, now) and not came_in_time,
        lapsed=duty.state == "lapsed",
        returned=duty.state == "open" and newest is not None and newest.state == "returned",
        accepted=duty.state in ENDED_WELL,
    )


def _verifications(session: Session, campaign: Campaign, duties: Sequence[DutyRow], now: datetime) -> Counted:
    due_at = {row.name: row.due_at for row in stages_in_order(session, campaign.id)}["verification"]
    gates: dict[tuple[str, str], GateRow] = {
        (gate.name, gate.village_code): gate for gate in gates_of(session, campaign.id)
    }
    given_up = {duty.village_code for duty in duties if duty.kind == "correction" and duty.state == "lapsed"}
    for village in villages_of(session, campaign.id):
        lapsed = village.state == "lapsed" and village.code in given_up
        if lapsed or village.state in UNDER_VERIFICATION:
            desk, last = (gates.get((name, village.code)) for name in ("desk_review", "recognition"))
            counts = _verification(village, desk, last, due_at=due_at, now=now)
            yield "verification", village.town_code, counts


def _verification(
    village: VillageRow, desk: GateRow | None, last: GateRow | None, *, due_at: datetime, now: datetime
) -> Counts:
    """``desk`` and ``last`` are the newest attempts of the desk review and of the recognition."""
    concluded = village.state in CONCLUDED
    settled_at = last.closed_at if concluded and last is not None and last.closed_at is not None else now
    late = village.state != "lapsed" and is_late(settled_at, due_at)
    return Counts(
        owed=1,
        received=desk is not None and (desk.state != "open" or desk.attempt > 1),
        on_time=concluded and not late,
        late=late,
        lapsed=village.state == "lapsed",
        returned=village.state == "returned",
        accepted=desk is not None and desk.answer == "pass",
        recognised=village.state == "recognised",
    )


def _recommendations(session: Session, campaign: Campaign) -> Counted:
    gate = next((one for one in gates_of(session, campaign.id) if one.name == "recommendation"), None)
    approved = gate is not None and gate.answer == "approve"
    for row in ranking_of(session, campaign.id):
        town_code = campaign.village(row.village_code).town_code
        sent = row.recommended and approved
        yield "recommendation", town_code, Counts(owed=1, received=1, accepted=sent, recognised=1)


def _awards(session: Session, campaign: Campaign) -> Counted:
    awarded = {entry.village_code for entry in entries_of(session, campaign.id)}
    for village in villages_of(session, campaign.id, states=["recognised"]):
        paid = village.code in awarded
        yield "award", village.town_code, Counts(owed=1, received=paid, accepted=paid, recognised=1)
