"""How far a village has come: the county's recognition, results from above, what was withdrawn or is awaited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rules.campaign.campaign import AwardLevel, Campaign

RESULTS: Mapping[str, str] = {"recognised": "认定", "refused": "未认定", "withdrawn": "取消称号"}
"""What a level above says about a village, and what may be said later about any level."""
MONEY: Mapping[str, str] = {"recovery": "追回", "correction": "更正"}
"""What moves money without a result; a withdrawn title recovers all that its level gave."""
KINDS: Mapping[str, str] = {**RESULTS, **MONEY}
LEDGER_KINDS: Mapping[str, str] = {
    "recognised": "payment",
    "refused": "payment",
    "withdrawn": "recovery",
    "recovery": "recovery",
    "correction": "correction",
}
"""What kind of ledger row follows from it; a refusal by the level above lets the county's own be paid."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A result from above, a withdrawn title, a recovery or a correction; ``yuan`` changes what was paid."""

    id: int
    level: str
    kind: str
    yuan: int = 0


def newest(causes: Iterable[Cause]) -> dict[str, Cause]:
    """Level -> the result that counts: a later one replaces what was said before."""
    return {cause.level: cause for cause in sorted(causes, key=by_age) if cause.kind in RESULTS}


def by_age(cause: Cause) -> int:
    return cause.id


def reached(campaign: Campaign, causes: Iterable[Cause]) -> tuple[AwardLevel, ...]:
    """Levels that a village holds which the county recognised; whoever loses one loses what was above it."""
    said = newest(causes)
    held: list[AwardLevel] = []
    for number, award in enumerate(campaign.awards):
        result = said.get(award.level)
        if result is not None and result.kind == "withdrawn":
            break
        if number == 0 or (result is not None and result.kind == "recognised"):
            held.append(award)
    return tuple(held)


def awaited(campaign: Campaign, causes: Iterable[Cause], *, put_forward: bool) -> AwardLevel | None:
    """The level whose result is still to come; None for who is not put forward, was refused, or is at the top.

    ``put_forward`` says whether the county recommended the village, or has not decided about it yet.
    """
    causes = tuple(causes)
    held, said = reached(campaign, causes), newest(causes)
    if not held or not put_forward:
        return None
    above = campaign.awards[campaign.awards.index(held[-1]) + 1 :]
    return next((award for award in above[:1] if award.level not in said), None)
