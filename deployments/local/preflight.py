"""What must hold before the house opens: one `up` for each home, a key, a database that fits, a free port."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from actions.dossiers.uploads import key_fits
from actions.upkeep import key_change
from config.settings import Settings
from deployments.prefect_server import server
from notifications.channels import Channel, UnusableChannel
from records import clock
from records.schema import migrate
from records.schema.version import Standing, Unreachable, schema_standing
from records.sealing.vault import make_key, open_vault
from records.store import Store, shown

LOCK = "up.lock"


class Unfit(Exception):
    """The house cannot open: the sentence says what is wrong, where, and what to do."""


@dataclass(frozen=True, slots=True)
class Premises:
    """What was found or made: the open store, and whether its key and its tables are new."""

    store: Store
    key_is_new: bool
    database_is_new: bool


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Hold the home's lock, which the system frees when this process ends, however it ends."""
    home.mkdir(parents=True, exist_ok=True)
    handle = os.open(home / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.pread(handle, 32, 0).decode().strip()
        os.close(handle)
        raise Unfit(
            f"{home} 已有一个 hqe up 在运行(进程 {holder})，同一文件夹只能运行一个。"
            "请先停止它，或用 --home 另指文件夹。"
        ) from error
    os.ftruncate(handle, 0)
    os.pwrite(handle, str(os.getpid()).encode(), 0)
    try:
        yield
    finally:
        os.close(handle)


def is_taken(home: Path) -> bool:
    """Whether somebody runs `up` on this home now."""
    try:
        handle = os.open(home / LOCK, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


@contextmanager
def prepared(settings: Settings) -> Iterator[Premises]:
    """Make what is missing, refuse what does not fit (Unfit); the store is closed at the end. Use under `alone`."""
    refuse_taken_port(settings.prefect_port, "./hqe up --port 端口号(也可设置 HQE_PREFECT_PORT)")
    refuse_taken_port(settings.portal_port, "设置 HQE_PORTAL_PORT")
    refuse_unusable_mail(settings.smtp_url)
    standing = _standing(settings)
    if standing not in ("empty", "current"):
        raise Unfit(MISFITS[standing].format(url=shown(settings.database_url)))
    if standing == "current" and not settings.key_file.exists():
        raise Unfit(
            f"数据库已有数据，但密钥文件 {settings.key_file} 不存在。没有密钥，申报材料无法打开。"
            "请把密钥的备份放回原处(或用 HQE_KEY_FILE 指明)，再启动。"
        )
    key_is_new = make_key(settings.key_file)
    store = Store(settings.database_url, vault=open_vault(settings.key_file), home=settings.home)
    try:
        if standing == "empty":
            migrate.migrate(store.engine)
        _refuse_unfit(store, settings)
        yield Premises(store, key_is_new=key_is_new, database_is_new=standing == "empty")
    finally:
        store.close()


MISFITS: dict[Standing, str] = {
    "behind": "数据库 {url} 的结构比程序旧。请先运行 ./hqe upgrade(会先备份，再升级)。",
    "ahead": "数据库 {url} 的结构比程序新，旧程序不能使用。请换用新版程序。",
    "foreign": "数据库 {url} 里有别的程序的表。请在 HQE_DATABASE_URL 中指定一个空的数据库。",
}


def _standing(settings: Settings) -> Standing:
    try:
        return schema_standing(settings.database_url)
    except Unreachable as error:
        raise Unfit(f"数据库连接不上：{error}。请检查 HQE_DATABASE_URL 和数据库服务。") from error


def _refuse_unfit(store: Store, settings: Settings) -> None:
    with store.reading() as session:
        simulated = clock.is_simulated(session)
    if simulated:
        raise Unfit(
            f"数据库 {shown(settings.database_url)} 用的是模拟时钟(演练用)，不能用于正式办理。"
            "请另指一个数据库(HQE_DATABASE_URL)或文件夹(--home)。"
        )
    refuse_half_changed_key(store)
    if not key_fits(store):
        raise Unfit(
            f"密钥 {settings.key_file} 打不开库中的申报材料，不是原来的密钥。请把原密钥的备份放回原处，再启动。"
        )


def refuse_half_changed_key(store: Store) -> None:
    """Whoever wrote now might seal with the key that is on its way out."""
    change = key_change.standing(store)
    if change:
        raise Unfit(
            f"更换密钥没有做完（{change.old_key} → {change.new_key}，还有{change.left:,}处）。"
            "请先运行 ./hqe key rotate 接着做完，再启动。"
        )


def refuse_taken_port(port: int, remedy: str) -> None:
    if not server.is_free(port):
        raise Unfit(f"端口 {port} 已被其他程序占用。请停止那个程序，或换一个端口：{remedy}。")


def refuse_unusable_mail(url: str) -> None:
    """A worker with such a setting would die at every start; nothing is sent here."""
    try:
        if url:
            Channel(url).close()
    except UnusableChannel as error:
        raise Unfit(
            f"HQE_SMTP_URL 不可用：{error}。须形如 smtps://用户:口令@主机:465?from=发件地址；"
            "smtp:// 带口令时须加 &starttls=yes。"
        ) from error
