"""An extension with its price shown: what it moves and breaks is computed before anybody grants it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from actions.duties import duties
from actions.duties.holders import day_of
from actions.duties.posting import TITLES
from actions.lookup import calendar_of, campaign_of
from notifications.wording import day_text
from records.store import Session, Store
from records.tables.duties import DutyRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from rules.duties.extensions import Price, is_extendable, price
from rules.refusals import Refused


@dataclass(frozen=True, slots=True)
class Offer:
    """One duty's new dates and what they cost; nothing is written yet."""

    duty_id: int
    about: str
    state: str
    due_before: datetime
    due_at: datetime
    lock_at: datetime | None
    price: Price
    along: str = ""
    """What cannot be kept otherwise and moves to the same date, in words."""


WHY_NOT: Mapping[str, str] = {
    "calendar": "有事项在等它，请尽快录入",
    "accounts": "账号须每季度清查，请按期办理或转交另一位活动协调员",
}


def refuse_moving(session: Session, duty: DutyRow) -> Refused | None:
    """Why no other date can be set for this duty at all."""
    if is_extendable(_what(session, duty)):
        return None
    why = WHY_NOT.get(duty.kind, "没有后续步骤等它，请按期办理")
    return Refused("not_extendable", f"{TITLES[duty.kind]}不能延期：{why}。")


def offer(
    session: Session, duty_id: int, *, until: date, lock: date | None = None, now: datetime
) -> Offer | Refused:
    """What moving a duty's date to the end of ``until`` costs.

    Without ``lock`` a duty that had a lock date is locked with its new due date. The price is that of the
    last day on which something may still come in.
    """
    duty = session.get(DutyRow, duty_id)
    if duty is None:
        return Refused("no_such_duty", f"没有编号为{duty_id}的待办，请用 campaign status --duties 查看。")
    refused = refuse_moving(session, duty)
    if refused:
        return refused
    campaign = campaign_of(session, duty.campaign_id)
    last = lock or until if duty.lock_at is not None else until
    if last < until:
        return Refused("lock_before_due", "停止受理的时间不能早于延期后的截止日期。")
    before = max(duty.due_at, now) if duty.state == "lapsed" else duty.due_at
    cost = price(
        campaign,
        calendar_of(session, campaign.id),
        what=_what(session, duty),
        before=before.astimezone(campaign.zone).date(),
        after=last,
    )
    if isinstance(cost, Refused):
        return cost
    along = duties.moved_along(session, duty, due_at=campaign.end_of(until))
    return Offer(
        duty_id=duty.id,
        about=_about(duty),
        state=duty.state,
        due_before=duty.due_at,
        due_at=campaign.end_of(until),
        lock_at=campaign.end_of(last) if duty.lock_at is not None else None,
        price=cost,
        along=_along(campaign, along, until) if along is not None else "",
    )


def _along(campaign: Campaign, duty: DutyRow, until: date) -> str:
    return f"{_about(duty)}：由{day_text(day_of(campaign, duty.due_at))}一并延至{day_text(until)}"


def _what(session: Session, duty: DutyRow) -> str:
    if duty.kind == "revision":
        return f"{duty.carrier_kind}_revision"
    return session.get_one(GateRow, duty.facts["gate_id"]).name if duty.kind == "gate" else duty.kind


def _about(duty: DutyRow) -> str:
    what = duty.facts.get("gate") or TITLES[duty.kind]
    return f"{duty.facts.get('town', '')}{duty.facts.get('village', '')}{what}"


def grant(
    store: Store, *, offered: Offer, by: str, reason: str, anyway: bool, now: datetime
) -> Refused | None:
    """Extend as offered; an offer that breaks a promise only ``anyway``, and then the record says so."""
    kept = reason_kept(offered, reason, anyway=anyway)
    if isinstance(kept, Refused):
        return kept
    return duties.extend(
        store,
        duty_id=offered.duty_id,
        by=by,
        due_at=offered.due_at,
        lock_at=offered.lock_at,
        reason=kept,
        now=now,
    )


def reason_kept(offered: Offer, reason: str, *, anyway: bool) -> str | Refused:
    """The reason as it is recorded: with the promises that the extension breaks, if it does so ``anyway``."""
    broken = "".join(offered.price.infeasible)
    if broken and not anyway:
        safe = day_text(offered.price.latest_safe)
        return Refused("infeasible", f"{broken}最晚可延至{safe}；确要如此延期，请明确选择“仍然批准”。")
    return f"{reason.strip()}（明知：{broken}）" if broken and reason.strip() else reason


def lines_of(offered: Offer, campaign: Campaign) -> list[str]:
    """The price in words, line by line."""
    cost = offered.price
    day_before, day = (day_text(day_of(campaign, moment)) for moment in (offered.due_before, offered.due_at))
    lines = [f"{offered.about}：{day_before}延至{day}"]
    if offered.lock_at is not None:
        lines.append(f"停止受理：{day_text(day_of(campaign, offered.lock_at))}")
    if offered.along:
        lines.append(offered.along)
    lines.append(
        f"“{cost.limit_title}”{day_text(cost.limit)}截止，其间工作日由{cost.workdays_before}个减为{cost.workdays_left}个"
    )
    for step in cost.steps:
        late = "，晚于截止日" if step.after > cost.limit else ""
        before, after = day_text(step.before), day_text(step.after)
        moved = f"由{before}推至{after}" if after != before else f"仍为{after}"
        lines.append(f"{step.title}(用足期限)：{moved}{late}")
    lines.append(f"最晚可延至：{day_text(cost.latest_safe)}")
    return lines + [f"无法兑现：{sentence}" for sentence in cost.infeasible]
