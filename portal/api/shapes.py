"""What goes in and out of the JSON interface; the OpenAPI document is made from these classes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from actions.overview.counts import Counts

STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class TokenState:
    """Whose token was sent, what it opens, until when; ``campaign_id`` is the campaign under way, or empty."""

    person_id: str
    name: str
    roles: list[str]
    town_code: str
    token_name: str
    scopes: list[str]
    expires_at: datetime
    campaign_id: str


@dataclass(frozen=True, slots=True)
class StageState:
    """One stage with all towns together."""

    name: str
    title: str
    state: str
    opens_at: datetime
    due_at: datetime
    lock_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    counts: Counts


@dataclass(frozen=True, slots=True)
class TownState:
    """One town in one stage; ``waits_on`` names the roles that have the ball, the first due first."""

    stage: str
    town_code: str
    town: str
    counts: Counts
    waits_on: list[str]
    late_workdays: int


@dataclass(frozen=True, slots=True)
class OpenDuty:
    """One open duty, by role and place; no person is named."""

    duty_id: int
    stage: str
    kind: str
    what: str
    town_code: str
    where: str
    role: str
    since: datetime
    due_at: datetime
    lock_at: datetime | None
    late_workdays: int | None


@dataclass(frozen=True, slots=True)
class BoardState:
    """A campaign at one moment."""

    campaign_id: str
    title: str
    at: datetime
    stages: list[StageState]
    towns: list[TownState]
    duties: list[OpenDuty]


@dataclass(frozen=True, slots=True)
class Receipt:
    """One version of a dossier as it was received; ``late`` is what the due date said at that moment."""

    upload_id: int
    campaign_id: str
    village_code: str
    version: int
    state: Literal["received", "accepted", "returned", "superseded"]
    sha256: str
    size: int
    received_at: datetime
    late: bool
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found; ``ref`` is the cell, ``code`` stands in the list of checks."""

    code: str
    severity: Literal["error", "warning", "corrected", "trial"]
    sheet: str
    ref: str
    message: str


@dataclass(frozen=True, slots=True)
class UploadState:
    """A receipt with what the checks found; empty while ``state`` is ``received``."""

    upload: Receipt
    findings: list[Finding]


@dataclass(frozen=True, slots=True)
class UploadList:
    """Every version of a village's dossier, the newest first."""

    uploads: list[Receipt]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that a gate takes."""

    answer: str
    title: str
    reason_needed: bool


@dataclass(frozen=True, slots=True)
class SeatState:
    """One seat of a gate; ``answer`` and ``decided_at`` are empty until it is taken."""

    seat: str
    role: str
    person: str
    answer: str
    reason: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class GateState:
    """A gate in short; ``content_hash`` and ``attempt`` are handed back with a decision."""

    gate_id: int
    campaign_id: str
    name: str
    title: str
    about: str
    attempt: int
    state: str
    content_hash: str
    opened_at: datetime
    due_at: datetime
    choices: list[Choice]
    seats: list[SeatState]


@dataclass(frozen=True, slots=True)
class GateList:
    """The open gates at which the token's person still owes an answer, the first due first."""

    gates: list[GateState]


@dataclass(frozen=True, slots=True)
class SheetState:
    """What one party made of the indicators; numbers as people write them."""

    party: str
    total: str
    points: dict[str, str]
    vetoes: list[str]


@dataclass(frozen=True, slots=True)
class GateCase:
    """Everything a decision rests on; only the score sheets that this person may see now."""

    gate: GateState
    upload: str
    sheets: list[SheetState]
    findings: list[str]
    lines: list[str]


@dataclass(frozen=True, slots=True, config=STRICT)
class NewDecision:
    """An answer to exactly what was shown; ``code`` is the one-time approval code mailed to the person."""

    attempt: Annotated[int, Field(ge=1, le=2**31 - 1)]
    seen_hash: Annotated[str, Field(min_length=1, max_length=128)]
    answer: Annotated[str, Field(min_length=1, max_length=40)]
    code: Annotated[str, Field(min_length=1, max_length=40)]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it was recorded, and what the gate has become."""

    gate_id: int
    attempt: int
    seat: str
    answer: str
    decided_at: datetime
    gate_state: str


@dataclass(frozen=True, slots=True)
class CodeOnItsWay:
    """A fresh approval code will be mailed to the token's person; it is never in an answer."""

    gate_id: int
    attempt: int
