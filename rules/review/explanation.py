"""How a village came to what it got, link by link, each as it is stored and as it is reckoned anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

STEPS: Mapping[str, str] = {
    "rules": "规则",
    "upload": "材料",
    "fact": "数据",
    "score": "评分",
    "visit": "现场核查",
    "gate": "审批",
    "decision": "决定",
    "rank": "名次",
    "payment": "奖补",
}
"""The steps from a cell to the money, in order."""


@dataclass(frozen=True, slots=True)
class Link:
    """One stored thing. ``anew`` is the digest of what it should be, reckoned from the links before it or kept
    by the audit log; empty where neither says."""

    step: str
    what: str
    said: str
    role: str
    at: datetime | None
    stored: str
    anew: str = ""

    @property
    def departs(self) -> bool:
        return bool(self.anew) and self.anew != self.stored


@dataclass(frozen=True, slots=True)
class ExplainedFact:
    """A number behind a line: where it stands in the dossier as issued."""

    title: str
    value: str
    cell: str


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """One line of annex 1: rule in words, the numbers behind it, points by party."""

    id: str
    name: str
    rule: str
    facts: tuple[ExplainedFact, ...]
    points: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A village's way. ``notes`` say what could not be looked at, and why."""

    campaign_id: str
    village_code: str
    place: str
    links: tuple[Link, ...]
    lines: tuple[ExplainedLine, ...]
    notes: tuple[str, ...]

    @property
    def digest(self) -> str:
        return digest_of([[one.step, one.what, one.stored] for one in self.links])

    @property
    def anew(self) -> str:
        return digest_of([[one.step, one.what, one.anew or one.stored] for one in self.links])

    @property
    def departures(self) -> tuple[Link, ...]:
        return tuple(one for one in self.links if one.departs)


def digest_of(value: object) -> str:
    """Of anything that JSON can say, whatever the order of its keys."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
