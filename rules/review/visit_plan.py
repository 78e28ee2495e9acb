"""The plan of visits: who goes where on which working day, what a plan costs, and what makes a new one necessary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rules.campaign.calendar import ONE_DAY, Calendar, add_workdays
from rules.refusals import Refused
from rules.review.seats import seat_all

FLIP, SAMPLE, OTHER = "flip", "sample", "other"
WHY: Mapping[str, str] = {FLIP: "得分接近分数线或名额边缘", SAMPLE: "随机抽查", OTHER: "其余"}
"""Why a village is visited, the first of them first."""
WEIGHTS: Mapping[str, int] = {FLIP: 6, SAMPLE: 4, OTHER: 1}
CREW = 2
TRIP, MOVED, LATE, UNPLACED = 5, 8, 200, 1000
"""What a car's day costs, a stop that moves, one behind a day to keep, and one that finds no place."""

READY, REVIEWED, BACK, GONE, SEEN = "ready", "reviewed", "back", "gone", "seen"
STANDINGS: Mapping[str, str] = {
    READY: "可以核查",
    REVIEWED: "初审尚未完成",
    BACK: "退回补正中",
    GONE: "不再需要核查",
    SEEN: "已核查",
}
"""How a village stands to its visit."""
WAITING = (READY, REVIEWED)

NEW, MISSED, UNREADY, AWAY, ROOM = "new", "missed", "unready", "away", "room"
REASONS: Mapping[str, str] = {
    NEW: "材料新受理或补正后重新上报，列入计划",
    MISSED: "当日未能成行",
    UNREADY: "初审尚未完成",
    AWAY: "核查人员当日外出、停用或须回避",
    ROOM: "因其他社区(村)调整而顺延或提前",
    BACK: "材料退回补正，暂不核查",
    GONE: "不再需要核查",
}
"""Why a stop is new, has moved or is gone."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A village to be visited, from which day on, and where an earlier plan had it if that can still be."""

    code: str
    town: str
    group: str
    """Towns that one car reaches in one day have the same."""
    why: str
    earliest: date
    before: date | None = None
    crew_before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Visitor:
    id: str
    conflicts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Situation:
    """What a plan has to fit. Days after ``safe`` and after ``limit`` are taken only where nothing else is left."""

    days: tuple[date, ...]
    safe: date
    limit: date
    present: Mapping[date, tuple[Visitor, ...]]
    teams: int
    per_day: int
    candidates: tuple[Candidate, ...]

    def room(self, day: date) -> int:
        """How many cars may go out: a crew for each."""
        return min(self.teams, len(self.present[day]) // CREW)


@dataclass(frozen=True, slots=True)
class Trip:
    """One car's day in one travel group."""

    day: date
    group: str
    villages: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    code: str
    day: date
    team: int
    order: int
    crew: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    stops: tuple[Stop, ...]
    unplaced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A stop that came, moved or went, and why (``REASONS``)."""

    code: str
    before: Stop | None
    after: Stop | None
    why: str


def visiting_days(
    calendar: Calendar, *, opens: date, limit: date, today: date, spare: int
) -> tuple[date, ...] | Refused:
    """The working days from today to ``limit``, and ``spare`` more for what comes later."""
    first = max(opens, today)
    last = add_workdays(calendar, max(limit, first), spare)
    if isinstance(last, Refused):
        return last
    span = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(day for day in span if calendar.is_workday(day) is True)


def price_of(situation: Situation, candidate: Candidate, day: date) -> int:
    """What it costs to visit a village on a day: the more it matters, the more each day of waiting."""
    waits = WEIGHTS[candidate.why] * situation.days.index(day)
    late = LATE * ((day > situation.safe) + (day > situation.limit))
    return waits + late + MOVED * (candidate.before not in (None, day))


def cost_of(situation: Situation, plan: Plan) -> int:
    known = {one.code: one for one in situation.candidates}
    stops = sum(price_of(situation, known[stop.code], stop.day) for stop in plan.stops)
    cars = len({(stop.day, stop.team) for stop in plan.stops})
    return stops + TRIP * cars + sum(UNPLACED * WEIGHTS[known[code].why] for code in plan.unplaced)


# --- the plain way -------------------------------------------------------------------------------


def laid_out(situation: Situation) -> tuple[Trip, ...]:
    """Day by day each car goes where most is to be seen; what an earlier plan had stays where it can."""
    trips, left = list[Trip](), list(situation.candidates)
    for day in situation.days:
        for _ in range(situation.room(day)):
            trip = _best_trip(situation, left, day)
            if trip is None:
                break
            trips.append(trip)
            left = [one for one in left if one not in trip.villages]
    return tuple(trips)


def _best_trip(situation: Situation, left: Sequence[Candidate], day: date) -> Trip | None:
    ready = sorted((one for one in left if _may_go(one, day)), key=lambda one: _turn(one, day))
    trips = (
        Trip(day, group, tuple(one for one in ready if one.group == group)[: situation.per_day])
        for group in dict.fromkeys(one.group for one in ready)
    )
    return max(trips, key=_worth, default=None)


def _may_go(one: Candidate, day: date) -> bool:
    return one.earliest <= day and (one.before is None or one.before <= day)


def _turn(one: Candidate, day: date) -> tuple[bool, int, str, str]:
    return (one.before is None or one.before > day, -WEIGHTS[one.why], one.town, one.code)


def _worth(trip: Trip) -> int:
    return sum(WEIGHTS[one.why] + LATE * (one.before is not None) for one in trip.villages)


# --- who goes ------------------------------------------------------------------------------------


def crewed(situation: Situation, trips: Sequence[Trip]) -> Plan:
    """A crew for each trip, nobody in two and nobody with a conflict in a town of theirs, the work spread evenly."""
    load, stops = Counter[str](), list[Stop]()
    for day in situation.days:
        going = list[Trip]()
        for trip in (one for one in trips if one.day == day):
            going += _that_can_go(situation, going, trip, load)
        seated = _seated(situation, going, load) or ()
        for team, trip in enumerate(going):
            crew = seated[CREW * team : CREW * team + CREW]
            load.update(crew)
            villages = enumerate(sorted(trip.villages, key=lambda one: (one.town, one.code)), 1)
            stops += [Stop(one.code, day, team + 1, order, crew) for order, one in villages]
    placed = {stop.code for stop in stops}
    return Plan(tuple(stops), tuple(one.code for one in situation.candidates if one.code not in placed))


def _that_can_go(situation: Situation, going: list[Trip], trip: Trip, load: Counter[str]) -> list[Trip]:
    """The trip if a crew is left for it, else as much of it as lies in one town."""
    towns = [town for town, _ in Counter(one.town for one in trip.villages).most_common()]
    parts = (tuple(one for one in trip.villages if one.town == town) for town in towns)
    tries = [trip, *(Trip(trip.day, trip.group, part) for part in parts)]
    return next(([one] for one in tries if _seated(situation, [*going, one], load)), [])


def _seated(situation: Situation, trips: Sequence[Trip], load: Counter[str]) -> tuple[str, ...] | None:
    return seat_all([_fit(situation, trip, load) for trip in trips for _ in range(CREW)])


def _fit(situation: Situation, trip: Trip, load: Counter[str]) -> list[str]:
    towns = {one.town for one in trip.villages}
    known = {person for one in trip.villages for person in one.crew_before}
    fit = [one.id for one in situation.present[trip.day] if towns.isdisjoint(one.conflicts)]
    return sorted(fit, key=lambda one: (one not in known, load[one], one))


# --- when a new one is due -----------------------------------------------------------------------


def troubles(
    stops: Mapping[str, Stop],
    standing: Mapping[str, str],
    fit: Mapping[tuple[date, str], frozenset[str]],
    *,
    today: date,
) -> dict[str, str]:
    """Village -> why its place in the plan does not hold. ``fit`` says who may go to a village on a day."""
    found = ((code, _trouble(code, stops.get(code), state, fit, today)) for code, state in standing.items())
    return {code: why for code, why in found if why}


def _trouble(
    code: str, stop: Stop | None, state: str, fit: Mapping[tuple[date, str], frozenset[str]], today: date
) -> str:
    if state not in WAITING:
        return ""
    if stop is None:
        return NEW
    if stop.day <= today and state == REVIEWED:
        return UNREADY
    if stop.day < today:
        return MISSED
    return "" if fit[stop.day, code].issuperset(stop.crew) else AWAY


def changes(
    before: Mapping[str, Stop], after: Mapping[str, Stop], standing: Mapping[str, str], why: Mapping[str, str]
) -> tuple[Change, ...]:
    """What another plan changes, village by village in order of the code; who was seen is no change."""
    return tuple(_changed(before, after, standing, why))


def _changed(
    before: Mapping[str, Stop], after: Mapping[str, Stop], standing: Mapping[str, str], why: Mapping[str, str]
) -> Iterator[Change]:
    for code in sorted({*before, *after}):
        old, new, state = before.get(code), after.get(code), standing.get(code, GONE)
        if state == SEEN or (old and new and (old.day, set(old.crew)) == (new.day, set(new.crew))):
            continue
        yield Change(code, old, new, why.get(code) or (ROOM if state in WAITING else state))


def in_words(change: Change, village: str, names: Mapping[str, str]) -> str:
    """A change as one sentence."""
    old, new = (_where(stop, names) for stop in (change.before, change.after))
    moved = f"由{old}改为{new}" if old and new else f"新安排在{new}" if new else f"原定{old}，取消"
    return f"{village}：{moved}({REASONS[change.why]})。"


def _where(stop: Stop | None, names: Mapping[str, str]) -> str:
    if stop is None:
        return ""
    return f"{stop.day.month}月{stop.day.day}日{'、'.join(names.get(one, one) for one in stop.crew)}"


def next_workday(calendar: Calendar, day: date, *, n: int = 1) -> date:
    """The n-th working day after ``day``; where the calendar ends, the day itself so much later."""
    found = add_workdays(calendar, day, n)
    return day + n * ONE_DAY if isinstance(found, Refused) else found
