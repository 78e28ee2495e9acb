"""Where a history takes place: a campaign in memory, its time, its people, and what was told so far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TypeVar

from records.copies.in_memory import InMemoryStore
from rehearsal.model.choices import Choices
from rehearsal.model.dossiers import Dossiers
from rehearsal.model.rows import Duty, Gate, Person, Rows, Village, look
from rules.campaign.campaign import Campaign

T = TypeVar("T")
STRANGER = "stranger-1"
"""Somebody without an account."""


class Idle(Enum):
    """An act that there is no occasion for."""

    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail with a one-time code, as it came."""

    person_id: str
    gate_id: int
    code: str


@dataclass
class World:
    """``rows`` is what was there after the last act, ``story`` what was done so far, in words."""

    campaign: Campaign
    store: InMemoryStore
    now: datetime
    dossiers: Dossiers
    rows: Rows
    letters: list[Letter] = field(default_factory=list)
    story: list[str] = field(default_factory=list)
    acknowledged: set[int] = field(default_factory=set)
    """Decisions of which somebody was told that they are recorded."""
    filled: int = 0

    def tell(self, sentence: str) -> None:
        self.story.append(sentence)

    def look(self) -> None:
        self.rows = look(self.store)

    @property
    def today(self) -> datetime:
        return self.now.astimezone(self.campaign.zone)

    # --- whom and what a choice falls on -----------------------------------------------------------

    def anybody(self, pick: Choices) -> str:
        return pick.one([*(one.id for one in self.rows.people), STRANGER])

    def somebody(self, pick: Choices, *roles: str, town: str = "") -> str:
        """Mostly one of these roles, of this town where one is named; now and then anybody."""
        strangers = pick.rarely(15)
        fit = [one.id for one in self.rows.people if _fits(one, roles, town)]
        return self.anybody(pick) if strangers or not fit else pick.one(fit)

    def among(self, pick: Choices, fit: Sequence[T], others: Sequence[T]) -> Sequence[T]:
        """Mostly what fits, now and then what may not; mostly nothing where nothing fits."""
        rare = pick.rarely(8)
        return others if rare else fit

    def village(self, pick: Choices) -> Village:
        return pick.one(self.rows.villages)

    def open_gates(self, *names: str) -> list[Gate]:
        return [one for one in self.rows.gates if one.state == "open" and (not names or one.name in names)]

    def duties(self, *kinds: str, states: Iterable[str] = ("open",)) -> list[Duty]:
        return [one for one in self.rows.duties if one.state in states and (not kinds or one.kind in kinds)]

    def title(self, subject: str) -> str:
        """A subject in few letters: the village or town without the campaign."""
        return subject.removeprefix(f"{self.campaign.id}/")


def _fits(person: Person, roles: tuple[str, ...], town: str) -> bool:
    if not person.active or (town and person.town_code != town):
        return False
    return any(person.may(role) for role in roles)
