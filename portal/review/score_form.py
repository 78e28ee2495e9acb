"""Fields of a form that are about one fact, indicator or village each: how they begin, and what was typed."""

from __future__ import annotations

from collections.abc import Mapping

from actions.review.score_lines import plain
from portal.web.request import Asked

FACT, WHY, OFF = "fact:", "why:", "off:"
"""How the fields of a score sheet and of a revised list begin; the fact's key or the village's code follows."""


def typed(asked: Asked, start: str) -> dict[str, str]:
    """Fact -> what was typed for it, where anything was."""
    fields = {key.removeprefix(start): asked.field(key) for key in asked.form if key.startswith(start)}
    return {key: value for key, value in fields.items() if value}


def sheet_fields(asked: Asked) -> dict[str, str]:
    """Everything typed into a score sheet, by field."""
    return {
        name: asked.field(name) for name in asked.form if name.startswith((FACT, WHY)) and asked.field(name)
    }


def changed(asked: Asked, claimed: Mapping[str, str]) -> dict[str, str]:
    """Fact -> the number typed, where it is another than the town's, or confirms the town's with a reason.

    A confirmation counts: what another reviewer doubted stands again. A reason without a number confirms the
    town's.
    """
    reasons = typed(asked, WHY)
    confirmed = {key: plain(claimed[key]) for key in reasons if key in claimed}
    said = {**confirmed, **typed(asked, FACT)}
    return {
        key: value for key, value in said.items() if value != plain(claimed.get(key, "0")) or key in reasons
    }
