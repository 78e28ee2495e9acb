"""The tick: every few minutes, what the calendar demands."""

from __future__ import annotations

from prefect import flow

from tasks.tick import follow_calendar, repair_carriers


@flow(
    flow_run_name="tick · 定时检查",
    description="定时检查：每五分钟看一次日期，发提醒、上报逾期、结束阶段、修复运行。请勿暂停这个计划。\n\n"
    "Every five minutes: rungs, escalations, closings, repairs; never pause its schedule.",
)
def tick(subject: str = "") -> None:
    """Rungs, escalations, lapses, stage dates, repairs; repeatable, and catching up after an outage."""
    follow_calendar()
    repair_carriers()
