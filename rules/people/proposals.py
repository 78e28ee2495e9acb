"""Acts of two: what one person proposes about an account, another confirms or declines, or it runs out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from rules.campaign.campaign import Person
from rules.people.rights import RIGHTS
from rules.refusals import Refused

USUAL_DAYS = 7
"""How long a proposal waits, unless the installation says otherwise."""
AUDITOR = "auditor"
BUSINESS = frozenset(RIGHTS["proposal.decide"]) - {AUDITOR}
OPERATOR = "operator"
"""Whoever holds the machine: the second power where there is no second person yet."""

NOT_THE_SAME = Refused("same_person", "提请人不能自己确认，须由另一人复核。")
NOT_ABOUT_ONESELF = Refused("own_account", "不能复核涉及本人账号的变更，须由另一人复核。")
NOT_ENTITLED = Refused("not_entitled", "只有活动协调员、局分管领导或运行维护人员可以复核。")
NOT_OF_THE_BUSINESS = Refused(
    "auditor_needed", "审计员账号的变更，业务人员不能复核，须由另一位审计员或运行维护人员复核。"
)
NOT_APART = Refused("auditor_apart", "审计员须独立于业务，不能兼任其他角色。请另设人员。")
OVER = Refused("proposal_over", "这项提请已有结果或已过期，请刷新页面。")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who proposed a change, about whom, and until when it may be confirmed."""

    proposed_by: str
    concerns: tuple[str, ...]
    expires_at: datetime
    is_open: bool = True
    of_auditor: bool = False
    """Whether it makes, changes or ends an auditor: none of the business's."""


def refuse_mixed_powers(roles: Collection[str]) -> Refused | None:
    """Who oversees has no part in what is overseen."""
    return NOT_APART if AUDITOR in roles and len(set(roles)) > 1 else None


def may_confirm(person: Person, proposal: Proposal) -> bool:
    """Whether somebody can be the second person: entitled, and neither who proposed it nor whom it concerns."""
    return refuse_second(person, person.id, proposal) is None


def refuse_second(person: Person | None, by: str, proposal: Proposal) -> Refused | None:
    """Why ``by`` cannot be the second; without a ``person`` only whoever holds the machine can."""
    if by == proposal.proposed_by:
        return NOT_THE_SAME
    if by in proposal.concerns:
        return NOT_ABOUT_ONESELF
    if person is None:
        return None if by == OPERATOR else NOT_ENTITLED
    if proposal.of_auditor:
        return None if AUDITOR in person.roles else NOT_OF_THE_BUSINESS
    return None if _entitled(person.roles) else NOT_ENTITLED


def refuse_declining(person: Person | None, by: str, proposal: Proposal) -> Refused | None:
    """Whoever proposed it may take it back while they have an account; others decline as they would confirm."""
    if by != proposal.proposed_by:
        return refuse_second(person, by, proposal)
    return None if person is not None or by == OPERATOR else NOT_ENTITLED


def refuse_over(proposal: Proposal, *, now: datetime) -> Refused | None:
    return None if proposal.is_open and now < proposal.expires_at else OVER


def _entitled(roles: Collection[str]) -> bool:
    return not BUSINESS.isdisjoint(roles)
