"""Where a command works: the database and the key of this machine, as ``hqe up`` made them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.opening import home_option, settings_of
from commands.printing import refuse

if TYPE_CHECKING:
    from records.store import Store

__all__ = ["by_option", "campaign_option", "home_option", "opened", "settings_of", "under_way"]

DOOR = "command"

campaign_option = click.option("--campaign", "campaign_id", help="Campaign (default: the one under way).")
by_option = click.option("--by", required=True, metavar="ID", help="Who acts: a person's id.")


@contextmanager
def opened(home: Path | None) -> Iterator[Store]:
    """The store of this installation; what is done inside is audited with the door ``command``."""
    from records import audit
    from records.sealing.vault import open_vault
    from records.store import Store

    settings = settings_of(home)
    if not settings.key_file.exists():
        refuse(
            f"没有密钥文件 {settings.key_file}：本机尚未启动过系统。请先运行 ./hqe up，或用 --home 指明状态文件夹。"
        )
    refuse_misfit(settings.database_url)
    store = Store(settings.database_url, vault=open_vault(settings.key_file), home=settings.home)
    try:
        _refuse_half_changed_key(store)
        with audit.through(DOOR):
            yield store
    finally:
        store.close()


def refuse_misfit(url: str) -> None:
    """A database that is not there, does not answer, or is of another version ends the command."""
    from records.schema.version import Unreachable, schema_standing
    from records.store import shown

    try:
        standing = schema_standing(url)
    except Unreachable as error:
        refuse(f"数据库 {shown(url)} 连接不上：{error}。请检查 HQE_DATABASE_URL 和数据库服务。")
    if standing == "empty":
        refuse(f"数据库 {shown(url)} 尚未建立。请先运行 ./hqe up。")
    if standing != "current":
        from deployments.local.preflight import MISFITS

        refuse(MISFITS[standing].format(url=shown(url)))


def business_now(store: Store) -> datetime:
    from records import clock

    return clock.now(store)


def _refuse_half_changed_key(store: Store) -> None:
    from deployments.local.preflight import Unfit, refuse_half_changed_key

    try:
        refuse_half_changed_key(store)
    except Unfit as error:
        refuse(str(error))


def under_way(store: Store, campaign_id: str | None) -> str:
    """The campaign asked for, or the only one that is open."""
    from records.campaign.campaigns import every_campaign, open_campaigns

    with store.reading() as session:
        known, current = every_campaign(session), open_campaigns(session)
    if campaign_id:
        if campaign_id not in known:
            refuse(f"没有编号为“{campaign_id}”的活动。已启动的活动：{'、'.join(known) or '无'}。")
        return campaign_id
    if len(current) != 1:
        listed = "、".join(current) or "无"
        refuse(f"请用 --campaign 指明活动。进行中的活动：{listed}；全部活动：{'、'.join(known) or '无'}。")
    return current[0]
