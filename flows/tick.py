"""The tick: every few minutes, what the calendar demands."""

from __future__ import annotations

from prefect import flow

from tasks.calendar import follow_calendar, repair_carriers


@flow
def tick(subject: str = "") -> None:
    """Rungs, escalations, lapses, stage dates, repairs; repeatable, and catching up after an outage."""
    follow_calendar()
    repair_carriers()
