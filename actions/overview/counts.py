"""What is counted per stage and town: what is owed, parted into four, and the steps that it has reached.

What is owed is under way, done in time, late or lapsed, and never two of them. A survey counts once per town;
everything else counts villages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from actions.campaign.targets import Stands
from records.campaign.counts import (
    DutyStand,
    GateStand,
    UploadStand,
    VillageStand,
    duty_stands,
    gate_stands,
)
from records.campaign.stages import stages_in_order
from records.lists.ledger import entries_of
from records.lists.recommendations import ranking_of
from records.store import Session
from rules.campaign.campaign import Campaign
from rules.campaign.deadlines import is_late

ENDED_WELL = frozenset({"done", "late"})
CONCLUDED = frozenset({"recognised", "not_recognised", "vetoed"})
UNDER_VERIFICATION = CONCLUDED | {"submitted", "under_review", "returned"}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of what a stage asks for have come how far. ``late`` was done late, or is open past its date."""

    owed: int = 0
    received: int = 0
    on_time: int = 0
    late: int = 0
    lapsed: int = 0
    returned: int = 0
    accepted: int = 0
    recognised: int = 0

    @property
    def pending(self) -> int:
        """What is under way before its date: with ``on_time``, ``late`` and ``lapsed`` all that is owed."""
        return self.owed - self.on_time - self.late - self.lapsed

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


PARTS: Mapping[str, str] = {"pending": "在办", "on_time": "按时", "late": "逾期", "lapsed": "失效"}
"""Field of ``Counts`` -> its title: they add up to what is owed."""
COLUMNS: Mapping[str, str] = {
    "owed": "应办",
    **PARTS,
    "received": "已收",
    "returned": "退回",
    "accepted": "通过",
    "recognised": "认定",
}
"""Field of ``Counts`` -> its title where several stages stand in one table."""
STEPS: Mapping[str, Mapping[str, str]] = {
    "survey": {"accepted": "已确认"},
    "submission": {"received": "已报送", "returned": "退回修改中", "accepted": "校验通过"},
    "verification": {
        "received": "已初审",
        "returned": "退回修改中",
        "accepted": "初审通过",
        "recognised": "已认定",
    },
    "recommendation": {"accepted": "已推荐"},
    "award": {"accepted": "已列入发放"},
}
"""Stage -> field of ``Counts`` -> what has been reached of all that is owed there."""

Tally = Mapping[tuple[str, str], Counts]
"""(stage, town code) -> counts; what is not listed counts nothing."""


def columns_of(stage: str) -> Mapping[str, str]:
    """The columns of one stage: what is owed, its parts, and the steps reached."""
    return {"owed": COLUMNS["owed"], **PARTS, **STEPS[stage]}


def add_up(counts: Iterable[Counts]) -> Counts:
    return sum(counts, start=Counts())


def tally(session: Session, campaign: Campaign, stands: Stands, *, now: datetime) -> Tally:
    """All stages and towns of a campaign at ``now``, in a fixed number of queries."""
    found: dict[tuple[str, str], Counts] = defaultdict(Counts)
    duties = duty_stands(session, campaign.id, kinds=("survey", "dossier", "correction"))
    due_at = {row.name: row.due_at for row in stages_in_order(session, campaign.id)}
    for stage, town_code, counts in (
        *_surveys(duties, now),
        *_submissions(stands, duties, now),
        *_verifications(session, campaign.id, duties, stands, due_at=due_at["verification"], now=now),
        *_recommendations(session, campaign.id, stands, is_due=is_late(now, due_at["recommendation"])),
        *_awards(session, campaign.id, stands, is_due=is_late(now, due_at["award"])),
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


def _submissions(stands: Stands, duties: Sequence[DutyStand], now: datetime) -> Counted:
    for duty in duties:
        if duty.kind == "dossier":
            yield "submission", duty.town_code, _dossier(duty, stands.uploads.get(duty.village_code), now)


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
    campaign_id: str,
    duties: Sequence[DutyStand],
    stands: Stands,
    *,
    due_at: datetime,
    now: datetime,
) -> Counted:
    gates = gate_stands(session, campaign_id, names=("desk_review", "recognition"))
    given_up = {duty.village_code for duty in duties if duty.kind == "correction" and duty.state == "lapsed"}
    for village in stands.villages:
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


def _recommendations(session: Session, campaign_id: str, stands: Stands, *, is_due: bool) -> Counted:
    """Whoever was ranked is owed an answer: on a list that went up, or left out when it was decided."""
    ranked = ranking_of(session, campaign_id)
    gone = {row.village_code for row in stands.sent if row.recommended}
    answered = {row.village_code for row in stands.sent}
    gate = gate_stands(session, campaign_id, names=("recommendation",)).get(("recommendation", ""))
    if gate is not None and gate.state == "closed" and gate.answer == "approve":
        gone |= {row.village_code for row in ranked if row.recommended}
        answered |= {row.village_code for row in ranked}
    town_of = {village.code: village.town_code for village in stands.villages}
    for code in dict.fromkeys(row.village_code for row in [*stands.sent, *ranked]):
        done = code in answered
        counts = Counts(
            owed=1, received=1, on_time=done, late=is_due and not done, accepted=code in gone, recognised=1
        )
        yield "recommendation", town_of[code], counts


def _awards(session: Session, campaign_id: str, stands: Stands, *, is_due: bool) -> Counted:
    """A village is owed its award from its recognition on; who was entered is not late afterwards."""
    awarded = {entry.village_code for entry in entries_of(session, campaign_id)}
    for village in stands.villages:
        if village.state == "recognised":
            paid = village.code in awarded
            counts = Counts(
                owed=1, received=paid, on_time=paid, late=is_due and not paid, accepted=paid, recognised=1
            )
            yield "award", village.town_code, counts


MEASURES = {
    "survey": ("确认/应办", "accepted"),
    "submission": ("通过/应报", "accepted"),
    "verification": ("认定/受理", "recognised"),
    "recommendation": ("推荐/排名", "accepted"),
    "award": ("发放/应发", "accepted"),
}
"""Stage -> what its column counts out of what is owed, and the field of ``Counts``."""
