"""Opening a campaign from its folder; refused when its dates have passed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from commands.terminal.output import refuse

if TYPE_CHECKING:
    from records.store import Store
    from rules.campaign.calendar import Calendar
    from rules.campaign.campaign import Campaign


def open_once(store: Store, campaign_id: str, *, late: bool, now: datetime) -> str | None:
    """Open the campaign unless it was opened before: its title, or None; refuses dates that have passed."""
    from actions.campaign import lifecycle
    from records.campaign.campaigns import is_known
    from rules.refusals import Refused

    with store.reading() as session:
        if is_known(session, campaign_id):
            return None
    campaign, calendar = ready(campaign_id, late=late, now=now)
    opened = lifecycle.open_campaign(store, campaign=campaign, calendar=calendar, by="operator", now=now)
    if isinstance(opened, Refused):
        refuse(opened.reason)
    return campaign.title


def ready(place: str, *, late: bool, now: datetime) -> tuple[Campaign, Calendar]:
    """The campaign and calendar in a folder, or under the id of one that ships; refuses what cannot be opened."""
    from config.calendar import read_calendar
    from config.campaign_folder import campaign_folder, read_campaign
    from config.mistakes import CampaignMistakes
    from rules.campaign.deadlines import stages_over

    try:
        folder = Path(place) if Path(place).is_dir() else campaign_folder(place)
        campaign = read_campaign(folder)
        calendar = read_calendar(folder, (campaign.year, campaign.year + 1))
    except CampaignMistakes as error:
        refuse(str(error))
    over = stages_over(campaign, now=now)
    if over and not late:
        refuse(
            f"{campaign.title}有阶段的日期已过：{'、'.join(over)}。请在 {folder} 中改日期；确要照此启动，加 --late。"
        )
    return campaign, calendar
