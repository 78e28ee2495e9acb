"""Who may answer a gate, which answers count, and what they amount to; silence never approves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from rules.campaign.campaign import ROLES, GatePlan, Person, Seat
from rules.campaign.states import TITLES
from rules.duties.holding import Post, refuse_post
from rules.refusals import Refused

ANSWERS: Mapping[str, tuple[str, ...]] = {
    "desk_review": ("pass", "return", "veto"),
    "second_review": ("pass", "return"),
    "reconciliation": ("settle",),
    "recognition": ("recognise", "refuse"),
    "recommendation": ("approve", "return"),
    "award": ("approve", "return"),
}
"""The gates that a campaign asks, in order, and the answers that mean something at each."""

OPTIONAL = ("reconciliation",)
"""Gates that a county may leave out."""

JUDGED_BEFORE: Mapping[str, tuple[str, ...]] = {
    "second_review": ("desk_review",),
    "reconciliation": ("desk_review", "second_review"),
}
"""Gate -> the gates whose deciders it must not be put to: it judges what they judged."""

SCORING = (*JUDGED_BEFORE["reconciliation"], "reconciliation")
"""Gates that make a village's score: whoever decided one decides nothing about the village's money."""

OF_A_VILLAGE = ("desk_review", "second_review", "reconciliation", "recognition")
"""Gates about one village: whoever has a conflict in its town may not sit."""


@dataclass(frozen=True, slots=True)
class Sat:
    """A seat already taken: by which person, shown to others as ``who``, and when (local time)."""

    person_id: str
    who: str
    at: datetime


def eligible(
    plan: GatePlan,
    person: Person,
    *,
    state: str,
    village_town: str,
    filed_by: frozenset[str],
    decided: Mapping[str, Sat],
    seat: str = "",
    first_eyes: frozenset[str] = frozenset(),
) -> Seat | Refused:
    """The seat that ``person`` may take in this attempt, or why none.

    ``seat`` names one, empty means the first free seat of the person's role. ``village_town`` is the
    town of the village in question, empty when the gate is the whole campaign's. ``filed_by`` holds
    the ids of those who filed the content, ``first_eyes`` of those whose judgement is judged anew.
    """
    roles = frozenset(person.roles)
    wanted = tuple(one.role for one in fitting_seats(plan, seat, roles))
    post = Post(wanted, village_town, filed_by=filed_by, first_eyes=first_eyes)
    refused = (
        refuse_wrong_role(plan, seat, roles)
        or refuse_post(person, post)
        or refuse_second_seat(person, decided)
    )
    return refused or free_seat(plan, seat, roles, decided, state)


def free_seat(
    plan: GatePlan, seat: str, roles: frozenset[str], taken: Mapping[str, Sat], state: str
) -> Seat | Refused:
    """The first free seat, unless everyone of ``roles`` came too late or the gate is no longer open."""
    fitting = fitting_seats(plan, seat, roles)
    free = [one for one in fitting if one.name not in taken]
    refused = None if free else refuse_taken_seat(fitting[0], taken[fitting[0].name])
    return refused or refuse_closed(state) or free[0]


def fitting_seats(plan: GatePlan, seat: str, roles: frozenset[str]) -> list[Seat]:
    return [one for one in plan.seats if one.role in roles and seat in ("", one.name)]


def acceptable(
    plan: GatePlan, *, answer: str, reason: str, seen_hash: str, content_hash: str
) -> Refused | None:
    """None when this answer can be recorded: fresh content, a listed answer, a reason where one is due."""
    return (
        refuse_stale_content(seen_hash, content_hash)
        or refuse_unknown_answer(plan, answer)
        or refuse_missing_reason(plan, answer, reason)
    )


def outcome(plan: GatePlan, answers: Mapping[str, str]) -> str | None:
    """The gate's answer once ``answers`` (by seat) reach the quorum, None before.

    Where all must agree and do not, the last listed of the answers given stands (they are listed
    from positive to negative). Elsewhere the most frequent stands, and a tie goes the same way.
    """
    if len(answers) < plan.quorum or not answers:
        return None
    votes = Counter(answers.values())
    most = 0 if plan.agree else max(votes.values())
    return [answer for answer, _ in plan.answers if votes[answer] >= max(1, most)][-1]


def refuse_wrong_role(plan: GatePlan, seat: str, roles: Iterable[str]) -> Refused | None:
    if fitting_seats(plan, seat, frozenset(roles)):
        return None
    wanted = "、".join(dict.fromkeys(ROLES.get(one.role, one.role) for one in plan.seats))
    reason = f"“{plan.title}”由{wanted}办理，只有本人具有该角色的人员可以办理或代理。"
    return Refused("wrong_role", reason)


def refuse_second_seat(person: Person, decided: Mapping[str, Sat]) -> Refused | None:
    mine = next((sat for sat in decided.values() if sat.person_id == person.id), None)
    if mine is None:
        return None
    return Refused("second_seat", f"您已于{clock(mine.at)}作出决定，同一审批点一人只能占一席。")


def refuse_taken_seat(seat: Seat, first: Sat) -> Refused:
    role = ROLES.get(seat.role, seat.role)
    return Refused("taken_seat", f"{role}一席已由{first.who}于{clock(first.at)}作出决定，您的决定没有记录。")


def refuse_closed(state: str) -> Refused | None:
    if state == "open":
        return None
    title = TITLES.get(("gate", state), state)
    return Refused("gate_closed", f"该审批点{title}，不能再作决定。请刷新页面查看最新情况。")


def refuse_stale_content(seen_hash: str, content_hash: str) -> Refused | None:
    if seen_hash == content_hash:
        return None
    return Refused("stale_content", "您看到的不是最新材料，材料已经更新。请刷新并重新阅读后再作决定。")


def refuse_unknown_answer(plan: GatePlan, answer: str) -> Refused | None:
    if answer in dict(plan.answers):
        return None
    listed = "、".join(title for _, title in plan.answers)
    return Refused("unknown_answer", f"请从以下选项中选择一项：{listed}。")


def refuse_missing_reason(plan: GatePlan, answer: str, reason: str) -> Refused | None:
    if answer not in plan.reason_needed or reason.strip():
        return None
    return Refused("missing_reason", f"选择“{dict(plan.answers)[answer]}”必须写明理由。")


def reason_text(listed: str, detail: str) -> str:
    """A reason chosen from the gate's list and what was added to it, as one sentence."""
    return "：".join(part for part in (listed.strip(), detail.strip()) if part)


def clock(at: datetime) -> str:
    return f"{at.month}月{at.day}日{at:%H:%M}"
