"""The campaign: its stages open and close on their dates, one after the other."""

from __future__ import annotations

from prefect import flow

from tasks.campaign import close_campaign, move_stages
from tasks.sleep import begin, finish, sleep


@flow(
    description="一年一次的建设活动：按日期开始和结束各阶段，进度表见 Artifacts。运行由程序自动发起，请勿点 Run。\n\n"
    "One campaign: opens and closes its stages; never start it by hand."
)
def campaign(subject: str) -> None:
    """From the notice of 20 October to the county's award (section five)."""
    wake = begin("campaign", subject)
    if not (move_stages(subject) and close_campaign(subject)):
        sleep(wake)
    finish(wake)
