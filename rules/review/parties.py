"""Whose score sheets there are, at which gate each is written, and who may see whose."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

PARTIES = {"town": "自评", "a": "初审", "b": "复审", "ruling": "裁定", "final": "核定"}
REVIEWS = {"desk_review": "a", "second_review": "b"}
"""Gate -> whose sheet is written at it."""
SAID_AT: Mapping[str, str] = {**REVIEWS, "reconciliation": "ruling", "recognition": "final"}
"""Gate -> the sheet of which its decisions and reasons tell as much."""
PENDING = ("open", "superseded")
"""States of a second review that is given now, or will be asked anew."""
ALL = tuple(PARTIES)


class Eyes(StrEnum):
    """As whom somebody looks at a gate."""

    OVERSEER = "overseer"
    """Sees to it that the campaign runs, and reviews nothing of this village now."""
    ASKED = "asked"
    """Was asked at this very gate."""
    BLIND = "blind"
    """Reviews this village elsewhere right now, or nobody knows who it is."""


def parties_seen(gate: str, *, open_: bool, second: str, eyes: Eyes) -> tuple[str, ...]:
    """Whose sheets may be seen at ``gate``; two reviewers never see each other before both are done.

    ``second`` is the state of the village's second review, empty when there is none.
    """
    pending = second in PENDING
    if eyes is Eyes.BLIND and (pending or (gate == "second_review" and open_)):
        return ("town",)
    if eyes is Eyes.OVERSEER or gate in ("reconciliation", "recognition"):
        return ALL
    if gate == "second_review":
        return ("town", "b") if open_ or pending else ALL
    return ("town", "a") if pending else ALL
