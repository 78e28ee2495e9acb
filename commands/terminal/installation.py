"""The installation a command works on: its settings, key and database, the campaign and the duty in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from commands.terminal.output import decline, refuse, settled
from rules.entries import read_row_number

if TYPE_CHECKING:
    from config.settings import Settings
    from records.store import Store
    from rules.year.opened import OpenedYear

DOOR = "command"


def settings_of(home: Path | None) -> Settings:
    """The settings of the environment; ``home`` replaces HQE_HOME."""
    from config.mistakes import SettingsMistake
    from config.settings import read_settings

    try:
        return read_settings({**os.environ, **({"HQE_HOME": str(home)} if home else {})})
    except SettingsMistake as error:
        refuse(str(error))


@contextmanager
def opened(home: Path | None) -> Iterator[Store]:
    """The store of this installation; what is done inside is audited with the door ``command``."""
    settings = settings_of(home)
    if not settings.key_file.exists():
        refuse(
            f"没有密钥文件 {settings.key_file}：本机尚未启动过系统。请先运行 ./hqe up，或用 --home 指明状态文件夹。"
        )
    with store_under_key(settings) as store:
        _refuse_half_changed_key(store)
        yield store


@contextmanager
def store_under_key(settings: Settings) -> Iterator[Store]:
    """The database under every key at hand, also while the key is being changed."""
    from records import audit
    from records.sealing.vault import open_vault
    from records.store import Store

    _refuse_misfit(settings.database_url)
    store = Store(settings.database_url, vault=open_vault(settings.key_file), home=settings.home)
    with _closing(store), audit.through(DOOR):
        yield store


@contextmanager
def existing_store(settings: Settings) -> Iterator[Store]:
    """The database for commands that open nothing sealed, so that a missing key hinders none of them."""
    from records.sealing.vault import vault_at_hand
    from records.store import Store, file_of, is_reachable, shown

    file = file_of(settings.database_url)
    if file is not None and not file.exists():
        refuse(f"没有数据库 {file}。请检查 HQE_HOME 或 HQE_DATABASE_URL，或用 --home 指定文件夹。")
    store = Store(settings.database_url, vault=vault_at_hand(settings.key_file), home=settings.home)
    with _closing(store):
        if not is_reachable(store.engine):
            refuse(f"数据库 {shown(settings.database_url)} 连接不上。请检查 HQE_DATABASE_URL 和数据库服务。")
        yield store


@contextmanager
def _closing(store: Store) -> Iterator[None]:
    try:
        yield
    finally:
        store.close()


def _refuse_misfit(url: str) -> None:
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


def _refuse_half_changed_key(store: Store) -> None:
    from deployments.local.preflight import Unfit, refuse_half_changed_key

    try:
        refuse_half_changed_key(store)
    except Unfit as error:
        refuse(str(error))


def fingerprint_of(key_file: Path) -> str:
    """The fingerprint of the key; empty when it is not there."""
    from records.sealing.vault import open_vault

    try:
        return open_vault(key_file).fingerprint()
    except FileNotFoundError:
        return ""
    except (OSError, ValueError):
        refuse(f"密钥文件 {key_file} 无法读取。请检查权限，或用另存的副本替换它。")


def business_now(store: Store) -> datetime:
    from records import clock

    return clock.now(store)


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


def duty_number(store: Store, duty: str, campaign_id: str | None) -> int:
    """The number of ``12`` or ``dossier:331181100200``; ends the command where there is no such duty."""
    from records.duties.duties import duty_with_key
    from records.tables.duties import DutyRow
    from rules.refusals import Refused

    with store.reading() as session:
        found = (
            session.get(DutyRow, read_row_number(duty))
            if read_row_number(duty)
            else duty_with_key(session, under_way(store, campaign_id), duty)
        )
    if found is None:
        decline(Refused("no_such_duty", f"没有“{duty}”这项待办，请用 campaign status --duties 查看编号。"))
    return found.id


def year_in(store: Store) -> OpenedYear:
    """The year as it was opened last; without one the command ends."""
    from actions.year.opening import year_of

    with store.reading() as session:
        return settled(year_of(session))


def day_or_today(day: datetime | None, store: Store) -> date:
    """The day that was typed, or today where the county is."""
    return day.date() if day else business_now(store).astimezone(year_in(store).zone).date()
