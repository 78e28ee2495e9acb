"""``hqe campaign open``: from a folder to a campaign under way."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import business_now, opened, settings_of
from commands.terminal.options import home_option, json_option
from commands.terminal.output import decline, refuse, waits, write_json

if TYPE_CHECKING:
    from actions.overview.forecast import Foreseen
    from actions.people.changes import Change
    from records.store import Store
    from rules.campaign.calendar import Calendar
    from rules.campaign.campaign import Campaign

AHEAD = timedelta(days=7)


@click.command()
@click.argument("folder")
@click.option("--late", is_flag=True, help="Open it although dates of it have passed.")
@click.option("--dry-run", is_flag=True, help="Show what would happen in the first week and open nothing.")
@click.option("--by", default="operator", show_default=True, metavar="ID", help="Who opens it.")
@home_option
@json_option
def open_folder(
    folder: str, late: bool, dry_run: bool, by: str, home: Path | None, json_file: Path | None
) -> None:
    """Open the campaign in FOLDER (or the one that ships under this id) and freeze it; not with dates that have passed.

    启动活动:冻结期限、指标、表格与奖补,通知各乡镇(街道)。
    """
    from actions.campaign.lifecycle import open_campaign
    from actions.overview.forecast import foresee_opening
    from commands.terminal.up_words import say_first_invitation
    from rules.refusals import Refused

    with opened(home) as store:
        now = business_now(store)
        campaign, calendar = ready(folder, late=late, now=now)
        _refuse_newcomers(store, campaign, by=by, days=settings_of(home).proposal_days, dry_run=dry_run)
        told = foresee_opening(store, campaign=campaign, calendar=calendar, by=by, now=now, until=now + AHEAD)
        if isinstance(told, Refused):
            decline(told)
        if not dry_run:
            done = open_campaign(store, campaign=campaign, calendar=calendar, by=by, now=now)
            if isinstance(done, Refused):
                decline(done)
        write_json(json_file, {"campaign": campaign.id, "dry_run": dry_run, "messages": told})
        _print(campaign, told)
        if not dry_run:
            say_first_invitation(store, settings_of(home))
    click.echo("未启动(仅演示)。" if dry_run else "已启动。")


def _refuse_newcomers(store: Store, campaign: Campaign, *, by: str, days: int, dry_run: bool) -> None:
    """Whom the folder brings anew to decide waits for a second person; the campaign opens after that."""
    from actions.people.staff import newcomers, propose_newcomers
    from rules.refusals import Refused

    with store.reading() as session:
        found: list[Change] | Refused = newcomers(session, campaign.people)
    if found and not dry_run:
        found = propose_newcomers(store, campaign.people, by=by, now=business_now(store), days=days)
    if isinstance(found, Refused):
        decline(found)
    if not found:
        return
    for change in found:
        click.echo(str(change))
    numbers = sorted({one.proposal for one in found if one.proposal})
    hint = "".join(waits(number) for number in numbers) or "启动时会提请另一人复核。"
    decline(Refused("unconfirmed_people", f"名单中新增的审批和监督人员须先复核，活动尚未启动。{hint}"))


def _print(campaign: Campaign, told: list[Foreseen]) -> None:
    from notifications.wording import day_text

    towns, villages, people = len(campaign.towns), len(campaign.villages), len(campaign.people)
    click.echo(f"{campaign.title}：{towns}个乡镇(街道)，{villages}个社区(村)，名单{people}人")
    for plan in campaign.stages:
        click.echo(f"  {plan.title}：{day_text(plan.opens)}开始，{day_text(plan.due)}截止")
    for title, number in Counter(one.title for one in told).items():
        click.echo(f"  一周内消息(无人办理时)：{title} {number}条")


def ready(place: str, *, late: bool, now: datetime) -> tuple[Campaign, Calendar]:
    """The campaign and calendar in a folder, or under the id of one that ships; refuses what cannot be opened."""
    from config.calendar import read_calendar
    from config.campaign_folder import folder_of, read_campaign
    from config.mistakes import CampaignMistakes
    from rules.campaign.deadlines import stages_over

    try:
        folder = folder_of(place)
        campaign = read_campaign(folder)
        calendar = read_calendar(folder, (campaign.year, campaign.year + 1))
    except CampaignMistakes as error:
        refuse(str(error))
    if stages_over(campaign, now=now) and not late:
        refuse(_what_is_past(campaign, folder, now))
    return campaign, calendar


def _what_is_past(campaign: Campaign, folder: Path, now: datetime) -> str:
    """Each stage that is over with its dates, and what may be done about it."""
    from notifications.wording import day_text
    from rules.campaign.deadlines import stages_over

    over, today = stages_over(campaign, now=now), now.astimezone(campaign.zone).date()
    lines = [
        f"  {plan.title}：{day_text(plan.opens)}开始，{day_text(plan.due)}截止，已过{(today - plan.due).days}天"
        for plan in campaign.stages
        if plan.title in over
    ]
    return "\n".join(
        (
            f"{campaign.title}有阶段的日期已过：{'、'.join(over)}。",
            *lines,
            f"可以改日期：./hqe campaign move {folder} --first {today}，",
            "全部日期一起顺延，首个阶段从这一天开始；也可以逐个改写。",
            "确要照此启动，加 --late：已过的阶段随即停止受理，后面各阶段仍到各自的日期才结束，需要补办的逐项延期。",
        )
    )


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
