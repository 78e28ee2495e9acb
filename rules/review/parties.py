"""Whose score sheets there are, at which gate each is written, and who may see whose."""

from __future__ import annotations

PARTIES = {"town": "自评", "a": "初审", "b": "复审", "final": "核定"}
REVIEWS = {"desk_review": "a", "second_review": "b"}
"""Gate -> whose sheet is written at it."""


def parties_seen(gate: str, *, open_: bool, second: str, oversees: bool) -> tuple[str, ...]:
    """Whose sheets somebody at ``gate`` may see; two reviewers never see each other before both are done.

    ``second`` is the state of the village's second review, empty when there is none.
    """
    if oversees or gate == "recognition":
        return ("town", "a", "b", "final")
    if gate == "second_review":
        return ("town", "b") if open_ else ("town", "a", "b", "final")
    return ("town", "a") if second in ("open", "superseded") else ("town", "a", "b", "final")
