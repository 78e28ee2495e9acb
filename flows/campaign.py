"""The campaign: its stages open and close on their dates, one after the other."""

from __future__ import annotations

from prefect import flow

from tasks.sleeping import begin, finish, sleep
from tasks.stages import close_campaign, move_stages


@flow
def campaign(subject: str) -> None:
    """From the notice of 20 October to the county's award (section five)."""
    wake = begin("campaign", subject)
    if not move_stages(subject):
        sleep(wake)
    close_campaign(subject)
    finish(wake)
