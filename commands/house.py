"""Where a command works: the database and the key of this machine, as ``hqe up`` made them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.printing import refuse

if TYPE_CHECKING:
    from config.settings import Settings
    from records.store import Store

DOOR = "command"

home_option = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="State folder (default: HQE_HOME or ./var).",
)
campaign_option = click.option("--campaign", "campaign_id", help="Campaign (default: the one under way).")
by_option = click.option("--by", required=True, metavar="ID", help="Who acts: a person's id.")


@contextmanager
def opened(home: Path | None) -> Iterator[Store]:
    """The store of this installation; what is done inside is audited with the door ``command``."""
    from records import audit
    from records.store import Store
    from records.vault import open_vault

    settings = settings_of(home)
    if not settings.key_file.exists():
        refuse(
            f"没有密钥文件 {settings.key_file}：本机尚未启动过系统。请先运行 ./hqe up，或用 --home 指明状态文件夹。"
        )
    store = Store(settings.database_url, vault=open_vault(settings.key_file), home=settings.home)
    try:
        with audit.through(DOOR):
            yield store
    finally:
        store.close()


def settings_of(home: Path | None) -> Settings:
    """This machine's settings; a wrong one ends the command with a sentence."""
    from config.mistakes import SettingsMistake
    from config.settings import read_settings

    try:
        return read_settings(dict(os.environ) | ({"HQE_HOME": str(home)} if home else {}))
    except SettingsMistake as error:
        refuse(str(error))


def business_now(store: Store) -> datetime:
    from records import clock

    return clock.now(store)


def under_way(store: Store, campaign_id: str | None) -> str:
    """The campaign asked for, or the only one that is open."""
    from records.campaigns import every_campaign, open_campaigns

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
