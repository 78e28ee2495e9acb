"""Why something waits, in one sentence: who has the ball since when, and what happens next.

Roles, not names: the sentence stands in Prefect too.
"""

from __future__ import annotations

from datetime import datetime

from actions.duties import TITLES
from actions.lookup import campaign_of
from notifications.wording import day_text
from records.duties import duties_awaited
from records.store import Session
from records.tables import CarrierRow, DutyRow, StageRow
from rules.campaign import ROLES, Campaign


def why_waiting(session: Session, carrier: CarrierRow, *, now: datetime) -> str:
    """One sentence for a sleeping run; never empty."""
    campaign = campaign_of(session, carrier.campaign_id)
    duties = duties_awaited(session, carrier.kind, carrier.subject)
    if duties:
        return _about_duty(campaign, duties[0], more=len(duties) - 1, now=now)
    return _about_stage(session, campaign)


def _about_duty(campaign: Campaign, duty: DutyRow, *, more: int, now: datetime) -> str:
    zone = campaign.zone
    what = duty.facts.get("gate") or TITLES[duty.kind]
    since, due = duty.opened_at.astimezone(zone).date(), duty.due_at.astimezone(zone).date()
    late = "，已逾期" if now > duty.due_at else ""
    also = f"；另有{more}项待办" if more else ""
    where = f"{duty.facts.get('town', '')}{duty.facts.get('village', '')}"
    return (
        f"等待{ROLES[duty.role]}办理{where}{what}：自{day_text(since)}起，{day_text(due)}截止{late}{also}。"
    )


def _about_stage(session: Session, campaign: Campaign) -> str:
    for plan in campaign.stages:
        row = session.get_one(StageRow, (campaign.id, plan.name))
        if row.state == "open":
            return f"“{plan.title}”进行中，{day_text(plan.due)}截止；全部办结或到期后进入下一阶段。"
        if row.state == "waiting":
            return f"等待“{plan.title}”于{day_text(plan.opens)}开始。"
    return "各阶段均已结束，等待收尾。"
