"""A campaign as configured: dates, units, indicators, forms, gates, ladders and awards, all frozen.

``config`` reads a campaign folder into these classes; every other room only reads them.
Points and limits are exact fractions; dates are calendar dates of the campaign's time zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from rules.campaign.business import BusinessSource
from rules.campaign.forms import Forms
from rules.campaign.scheme import Scheme

LAST_SECOND = time(23, 59, 59)

STAGES = ("survey", "submission", "verification", "recommendation", "award")

ROLES = {
    "town_clerk": "乡镇(街道)经办人",
    "deputy_head": "乡镇(街道)分管领导",
    "reviewer": "审核人员",
    "coordinator": "活动协调员",
    "bureau_leader": "局分管领导",
    "finance": "财政局经办人",
    "auditor": "审计人员",
}

TOWN_ROLES = frozenset({"town_clerk", "deputy_head"})
"""Roles that act for a town; every other one belongs to the county."""


NO_HONOUR = "无"
"""How a folder says that the titles of its levels are honours themselves."""


@dataclass(frozen=True, slots=True)
class Town:
    """A town or subdistrict; matched by ``code`` or any alias, never by exact name alone."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    taking_part: int = 0
    recognised: int = 0
    travel_group: str = ""
    """Towns that one car reaches in one day have the same; empty for a town by itself."""


@dataclass(frozen=True, slots=True)
class Village:
    """A community or village with its 12-digit division code."""

    code: str
    name: str
    town_code: str
    aliases: tuple[str, ...] = ()
    predecessors: tuple[str, ...] = ()
    """Codes this village had before, or those of the villages merged into it."""

    @property
    def codes(self) -> frozenset[str]:
        return frozenset((self.code, *self.predecessors))


@dataclass(frozen=True, slots=True)
class StagePlan:
    """A dated stage of the notice. ``weekend`` says what a due date on a rest day means:
    keep, earlier or later. ``grace_days`` lie between the due date and the lock date."""

    name: str
    title: str
    opens: date
    due: date
    weekend: str = "keep"
    grace_days: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: ``days`` from the due date (negative before it), to ``role``."""

    key: str
    days: int
    role: str
    template: str
    on_last_workday: bool = False
    """Fire on the last working day on or before that date (15 November 2020 is a Sunday)."""
    escalate: bool = False
    """The duty passes to its holder's deputy as well; silence never approves, but it does not block."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """The reminders of one kind of duty; the last rung repeats every ``repeat_days``."""

    name: str
    rungs: tuple[Rung, ...]
    repeat_days: int = 1
    workdays_only: bool = False
    """Nobody is reminded on a rest day: up to the due date a reminder comes before it, later ones in working days."""
    most_repeats: int = 0
    """So often the last rung repeats, then the duty stands on the coordinator's board alone; 0: until it ends."""
    digest_at: str = ""
    """``09:30``: what is not due by then is told once a day, all in one message; empty: each thing at once."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Who may sit: any active person with ``role``."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class GatePlan:
    """A question that people must answer. ``workdays`` after opening it is due."""

    name: str
    version: int
    title: str
    seats: tuple[Seat, ...]
    quorum: int
    answers: tuple[tuple[str, str], ...]
    """(answer, title in Chinese)."""
    workdays: int
    ladder: str
    reason_needed: tuple[str, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    """(code, title in Chinese): what is usually given as a reason, to choose from."""
    agree: bool = False
    """All seats must give the same answer; otherwise the first listed negative one stands."""


@dataclass(frozen=True, slots=True)
class VisitRules:
    """How visits are planned: by how many cars a day, to how many villages each, and to whom by lot."""

    teams: int
    per_day: int
    sample_percent: int = 5
    """At least so many of a hundred of the villages whose result no visit is likely to turn round."""
    everyone: bool = True
    """Whether the others are visited too, after those."""


@dataclass(frozen=True, slots=True)
class AwardLevel:
    """What a level pays once (notice, section four)."""

    level: str
    title: str
    yuan: int


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment of the ledger in yuan; a recovery is a row with a negative amount."""

    village_code: str
    year: int
    level: str
    yuan: int
    document: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account; only synthetic people live in the repository."""

    id: str
    name: str
    email: str
    roles: tuple[str, ...]
    town_code: str = ""
    conflicts: tuple[str, ...] = ()
    """Town codes on which this person must not decide."""
    deputy: str = ""


@dataclass(frozen=True, slots=True)
class Campaign:
    """One year's round of one county."""

    id: str
    title: str
    county: str
    county_code: str
    year: int
    time_zone: str
    notice: str
    survey_day: date
    taking_part: int
    recognised_at_least: int
    quota_upward: int
    award_policy: str
    """difference, once or wait (domain: P1, P2, P3)."""
    correction_workdays: int
    visit_workdays: int
    stages: tuple[StagePlan, ...]
    towns: tuple[Town, ...]
    villages: tuple[Village, ...]
    scheme: Scheme
    forms: Forms
    gates: tuple[GatePlan, ...]
    ladders: tuple[Ladder, ...]
    duty_ladders: tuple[tuple[str, str], ...]
    """(duty kind, ladder name)."""
    awards: tuple[AwardLevel, ...]
    people: tuple[Person, ...] = field(default=())
    ledger: tuple[Paid, ...] = ()
    """What was paid before this campaign; entered into the ledger when it opens."""
    paid_since: int = 0
    """Payments of years before this one do not count; 0 counts all of them."""
    revision_workdays: int = 2
    """Working days for the coordinator to revise a list that the bureau returned."""
    retention_months: int = 24
    """So long after the campaign closed its rosters are kept; then they are deleted."""
    objection_workdays: int = 2
    """Working days in which somebody may object to an answer that was recorded in their name."""
    business: tuple[BusinessSource, ...] = ()
    """Extracts of the bureau's own data that rosters are held against."""
    most_returns: int = 0
    """How often a village's dossier may be returned; 0 for as often as need be."""
    publicity_workdays: int = 0
    """Working days for which those about to be recognised are made public; 0 for no publicity."""
    visits: VisitRules | None = None
    """None: one person visits each village, and nobody plans."""
    honour: str = "高质量就业社区(村)"
    """What a village of a level is called, behind the level's title; ``无`` where the title says so itself."""
    outage_minutes: int = 60
    """An outage of the portal that took so long before a due date has an equal extension proposed; 0 never."""
    quiet_hours: str = ""
    """``21:00-07:30``: hours in which nothing is sent that can wait, unless its reader wants it otherwise."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def stage(self, name: str) -> StagePlan:
        return next(stage for stage in self.stages if stage.name == name)

    def town(self, code: str) -> Town:
        return next(town for town in self.towns if town.code == code)

    def village(self, code: str) -> Village:
        return next(village for village in self.villages if village.code == code)

    def asks(self, name: str) -> bool:
        """Whether this campaign has a gate of that name."""
        return any(gate.name == name for gate in self.gates)

    def gate(self, name: str) -> GatePlan:
        return next(gate for gate in self.gates if gate.name == name)

    def ladder(self, name: str) -> Ladder:
        return next(ladder for ladder in self.ladders if ladder.name == name)

    def award(self, level: str) -> AwardLevel:
        return next(award for award in self.awards if award.level == level)

    @property
    def called(self) -> str:
        """The honour as it stands behind the title of a level, or nothing."""
        return "" if self.honour == NO_HONOUR else self.honour

    @property
    def first_honour(self) -> str:
        """What a recognised village is called: ``县级高质量就业社区(村)``."""
        return f"{self.awards[0].title}{self.called}"

    @property
    def level_above(self) -> AwardLevel:
        """The level to which villages are recommended: the second, or the only one there is."""
        return self.awards[:2][-1]

    def group_of(self, town_code: str) -> str:
        """The travel group of a town, or its own code."""
        return self.town(town_code).travel_group or town_code

    def end_of(self, day: date) -> datetime:
        """The last second of ``day`` in the campaign's zone: "10月23日前" includes the 23rd."""
        return datetime.combine(day, LAST_SECOND, tzinfo=self.zone)

    def start_of(self, day: date) -> datetime:
        """Nine in the morning of ``day``: when stages open and papers go out."""
        return datetime.combine(day, time(9), tzinfo=self.zone)
