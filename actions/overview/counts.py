"""What is counted per stage and town: owed, received, on time, late, returned, accepted, recognised.

A survey counts once per town; everything else counts villages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from records.campaign.counts import (
    DutyStand,
    GateStand,
    UploadStand,
    VillageStand,
    duty_stands,
    gate_stands,
    upload_stands,
    village_stands,
)
from records.campaign.stages import stages_in_order
from records.lists.ledger import entries_of
from records.lists.recommendations import ranking_of, sent_rankings
from records.store import Session
from rules.campaign.campaign import Campaign
from rules.campaign.deadlines import is_late

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
        return Counts(
            self.owed + other.owed,
            self.received + other.received,
            self.on_time + other.on_time,
            self.late + other.late,
            self.lapsed + other.lapsed,
            self.returned + other.returned,
            self.accepted + other.accepted,
            self.recognised + other.recognised,
        )


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


def tally(session: Session, campaign: Campaign, *, now: datetime) -> Tally:
    """All stages and towns of a campaign at ``now``, in a fixed number of queries."""
    found: dict[tuple[str, str], Counts] = defaultdict(Counts)
    duties = duty_stands(session, campaign.id, kinds=("survey", "dossier", "correction"))
    villages = village_stands(session, campaign.id)
    for stage, town_code, counts in (
        *_surveys(duties, now),
        *_submissions(session, campaign, duties, now),
        *_verifications(session, campaign, duties, villages, now=now),
        *_recommendations(session, campaign, villages),
        *_awards(session, campaign, villages),
    ):
        found[stage, town_code] += counts
    return found


Counted = Iterator[tuple[str, str, Counts]]


def _surveys(duties: Sequence[DutyStand], now: datetime) -> Counted:
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


def _is_late(duty: DutyStand, now: datetime) -> bool:
    return duty.state == "late" or (duty.state == "open" and is_late(now, duty.due_at))


def _submissions(session: Session, campaign: Campaign, duties: Sequence[DutyStand], now: datetime) -> Counted:
    newest = upload_stands(session, campaign.id)
    for duty in duties:
        if duty.kind == "dossier":
            yield "submission", duty.town_code, _dossier(duty, newest.get(duty.village_code), now)


def _dossier(duty: DutyStand, newest: UploadStand | None, now: datetime) -> Counts:
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


def _verifications(
    session: Session,
    campaign: Campaign,
    duties: Sequence[DutyStand],
    villages: Sequence[VillageStand],
    *,
    now: datetime,
) -> Counted:
    due_at = {row.name: row.due_at for row in stages_in_order(session, campaign.id)}["verification"]
    gates = gate_stands(session, campaign.id, names=("desk_review", "recognition"))
    given_up = {duty.village_code for duty in duties if duty.kind == "correction" and duty.state == "lapsed"}
    for village in villages:
        lapsed = village.state == "lapsed" and village.code in given_up
        if lapsed or village.state in UNDER_VERIFICATION:
            desk, last = (gates.get((name, village.code)) for name in ("desk_review", "recognition"))
            counts = _verification(village, desk, last, due_at=due_at, now=now)
            yield "verification", village.town_code, counts


def _verification(
    village: VillageStand,
    desk: GateStand | None,
    last: GateStand | None,
    *,
    due_at: datetime,
    now: datetime,
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


def _recommendations(session: Session, campaign: Campaign, villages: Sequence[VillageStand]) -> Counted:
    sent = sent_rankings(session, campaign.id)
    gone = {row.village_code for row in sent if row.recommended}
    shown = dict.fromkeys(row.village_code for row in [*sent, *ranking_of(session, campaign.id)])
    gate = gate_stands(session, campaign.id, names=("recommendation",)).get(("recommendation", ""))
    if gate is not None and gate.state == "closed" and gate.answer == "approve":
        gone |= {row.village_code for row in ranking_of(session, campaign.id) if row.recommended}
    town_of = {village.code: village.town_code for village in villages}
    for code in shown:
        counts = Counts(owed=1, received=1, accepted=code in gone, recognised=1)
        yield "recommendation", town_of[code], counts


def _awards(session: Session, campaign: Campaign, villages: Sequence[VillageStand]) -> Counted:
    awarded = {entry.village_code for entry in entries_of(session, campaign.id)}
    for village in villages:
        if village.state == "recognised":
            paid = village.code in awarded
            yield "award", village.town_code, Counts(owed=1, received=paid, accepted=paid, recognised=1)


MEASURES = {
    "survey": ("确认/应办", "accepted"),
    "submission": ("通过/应报", "accepted"),
    "verification": ("认定/受理", "recognised"),
    "recommendation": ("推荐/排名", "accepted"),
    "award": ("发放/应发", "accepted"),
}
"""Stage -> what its column counts out of what is owed, and the field of ``Counts``."""
