"""The rows that the model looks at, read plainly and all at once: what is there before and after an act."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeVar

from records.copies.in_memory import InMemoryStore, Line
from rules.campaign.campaign import Person as Rule

APPEND_ONLY = (
    "decision", "return_item", "score_sheet", "visit", "visit_signature", "extension", "handover", "objection",
    "reopening", "stage_change", "ledger", "document", "ranking_line", "payment_line", "exclusion", "blob",
)  # fmt: skip
"""Tables whose rows stay for ever as they were written."""


class Village(NamedTuple):
    code: str
    town_code: str
    state: str
    supplementary: int


class Person(NamedTuple):
    id: str
    roles: str
    town_code: str
    conflicts: str
    deputy: str
    active: int

    def may(self, role: str) -> bool:
        return f'"{role}"' in self.roles

    def as_rule(self) -> Rule:
        return Rule(
            self.id, "", "", tuple(json.loads(self.roles)), self.town_code, tuple(json.loads(self.conflicts))
        )

    def avoids(self, town_code: str) -> bool:
        return bool(town_code) and (town_code == self.town_code or f'"{town_code}"' in self.conflicts)


class Gate(NamedTuple):
    id: int
    name: str
    subject: str
    attempt: int
    town_code: str
    village_code: str
    content_hash: str
    upload_id: int | None
    state: str
    answer: str | None
    opened_at: str


class Decision(NamedTuple):
    id: int
    gate_id: int
    attempt: int
    seat: str
    person_id: str
    answer: str
    seen_hash: str
    recorded_by: str | None


class Duty(NamedTuple):
    id: int
    key: str
    kind: str
    carrier_kind: str
    carrier_subject: str
    town_code: str
    village_code: str
    role: str
    person_id: str
    due_at: str
    lock_at: str | None
    state: str
    gate_id: int | None


class Upload(NamedTuple):
    id: int
    village_code: str
    version: int
    sha256: str
    filed_by: str
    received_at: str
    late: int
    state: str


class Score(NamedTuple):
    id: int
    village_code: str
    upload_id: int
    party: str
    lines: str
    vetoes: str
    total: str


class Stage(NamedTuple):
    name: str
    state: str
    lock_at: str


class Message(NamedTuple):
    id: int
    key: str
    template: str
    person_id: str
    state: str
    answer: str


class Paid(NamedTuple):
    campaign_id: str | None
    village_code: str
    year: int
    level: str
    payable_yuan: int


class Link(NamedTuple):
    """Of the audit chain."""

    seq: int
    at: str
    actor: str
    act: str
    subject: str
    facts: str
    previous: str
    hash: str


class Bell(NamedTuple):
    id: int
    kind: str
    subject: str
    answered: int


class Carrier(NamedTuple):
    kind: str
    subject: str
    state: str


class Absence(NamedTuple):
    id: int
    person_id: str
    ended_at: str | None


class Proposal(NamedTuple):
    id: int
    kind: str
    concerns: str
    proposed_by: str
    state: str
    decided_by: str | None


class Request(NamedTuple):
    id: int
    duty_id: int
    answer: str | None


Row = TypeVar("Row", bound=tuple[object, ...])
COLUMNS: dict[type[object], str] = {Duty: "json_extract(facts, '$.gate_id')"}
"""What stands in no column of its own, and comes last."""


@lru_cache
def _columns(kind: type[Row]) -> str:
    fields = list(kind.__annotations__)
    return ", ".join([*fields[:-1], COLUMNS[kind]] if kind in COLUMNS else fields)


@dataclass
class Rows:
    """One moment of the database."""

    villages: list[Village]
    people: list[Person]
    gates: list[Gate]
    decisions: list[Decision]
    duties: list[Duty]
    uploads: list[Upload]
    scores: list[Score]
    stages: list[Stage]
    messages: list[Message]
    paid: list[Paid]
    bells: list[Bell]
    carriers: list[Carrier]
    absences: list[Absence]
    requests: list[Request]
    proposals: list[Proposal]
    closed_at: str | None
    links: list[Link]
    chain: tuple[int, str]
    """Length and head as they are kept apart."""
    documents: frozenset[str]
    """The keys of papers that went out."""
    kept: dict[str, list[Line]] = field(repr=False)
    """Tables that only grow, whole."""

    @cached_property
    def gate(self) -> dict[int, Gate]:
        return {one.id: one for one in self.gates}

    @cached_property
    def person(self) -> dict[str, Person]:
        return {one.id: one for one in self.people}

    @cached_property
    def latest(self) -> dict[tuple[str, str], Gate]:
        """(name, subject) -> the newest attempt."""
        return {(one.name, one.subject): one for one in sorted(self.gates, key=lambda one: one.attempt)}

    @cached_property
    def accepted(self) -> dict[str, Upload]:
        """Village code -> the dossier that counts."""
        return {one.village_code: one for one in self.uploads if one.state == "accepted"}

    @cached_property
    def said(self) -> frozenset[str]:
        """The keys of all messages."""
        return frozenset(one.key for one in self.messages)

    def newest_sheet(self, village_code: str, party: str, *, upload_id: int | None = None) -> Score | None:
        mine = (
            one for one in reversed(self.scores) if (one.village_code, one.party) == (village_code, party)
        )
        return next((one for one in mine if upload_id in (None, one.upload_id)), None)

    def rung(self) -> list[tuple[str, str]]:
        """(kind, subject) of every run that is to wake, the longest waiting first."""
        return list(dict.fromkeys((one.kind, one.subject) for one in self.bells if not one.answered))

    def open_duties(self) -> list[Duty]:
        return [one for one in self.duties if one.state == "open"]


def look(store: InMemoryStore) -> Rows:
    """What is there now."""

    def read(kind: type[Row], table: str) -> list[Row]:
        make = kind._make  # type: ignore[attr-defined]
        return list(map(make, store.lines(table, _columns(kind))))

    return Rows(
        villages=read(Village, "village"),
        people=read(Person, "person"),
        gates=read(Gate, "gate"),
        decisions=read(Decision, "decision"),
        duties=read(Duty, "duty"),
        uploads=read(Upload, "upload"),
        scores=read(Score, "score_sheet"),
        stages=read(Stage, "stage"),
        messages=read(Message, "outbox"),
        paid=read(Paid, "ledger"),
        bells=read(Bell, "bell"),
        carriers=read(Carrier, "carrier"),
        absences=read(Absence, "absence"),
        requests=read(Request, "extension_request"),
        proposals=read(Proposal, "proposal"),
        closed_at=store.lines("campaign", "closed_at")[0][0],
        links=read(Link, "audit"),
        chain=store.lines("audit_head", "length, hash")[0],
        documents=frozenset(key for (key,) in store.lines("document", "key")),
        kept={table: store.lines(table, "*") for table in APPEND_ONLY},
    )
