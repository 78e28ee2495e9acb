"""Troubles of the machine: disk, key file, and libraries that are not the locked ones."""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from actions.upkeep.troubles import Trouble
from config.places import ROOT
from config.settings import Settings
from records.sealing import keys
from records.sealing.vault import open_vault
from records.store import file_of

LEAST_FREE = 2**30
OTHERS_MAY = stat.S_IRWXG | stat.S_IRWXO
LOCK = ROOT / "requirements.lock"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(;?)", re.MULTILINE)


def disk_troubles(settings: Settings) -> Iterator[Trouble]:
    """Folders of state on a disk with less than a gigabyte left; one that is not there yet has none."""
    file = file_of(settings.database_url)
    folders = {settings.home, file.parent} if file else {settings.home}
    for folder in sorted(folders):
        free = shutil.disk_usage(folder).free if folder.exists() else LEAST_FREE
        if free < LEAST_FREE:
            what = f"磁盘只剩{free // 2**20}兆字节"
            remedy = "清理磁盘：旧日志(logs)、旧备份；不要删除 hqe.db 和 secret.key。"
            yield Trouble("disk_full", what, str(folder), remedy)


def home_troubles(settings: Settings) -> Iterator[Trouble]:
    """A state folder that this user, or nobody, can write to."""
    if settings.home.exists() and not os.access(settings.home, os.W_OK | os.X_OK):
        remedy = "检查文件夹的所有者和权限，以及所在的磁盘是否以只读方式挂载；改好之前什么也不能办理。"
        yield Trouble("home_readonly", "状态文件夹只能读取", str(settings.home), remedy)


def open_troubles(settings: Settings) -> Iterator[Trouble]:
    """Files and folders of the home that others on this machine can read; the key is a trouble of its own."""
    keys_of_house = {settings.key_file, *keys.beside(settings.key_file)}
    found = [one for one in (settings.home, *sorted(settings.home.rglob("*"))) if _is_open(one)]
    wrong = [one for one in found if one not in keys_of_house]
    if wrong:
        what = f"状态文件夹中有{len(wrong):,}个文件或文件夹对其他用户开放"
        remedy = f"chmod -R go= {settings.home}，或运行 ./hqe doctor --repair。"
        yield Trouble("home_open", what, str(wrong[0]), remedy, partial(_close, wrong))


def _is_open(path: Path) -> bool:
    try:
        return not path.is_symlink() and bool(stat.S_IMODE(path.stat().st_mode) & OTHERS_MAY)
    except OSError:
        return False


def _close(paths: list[Path]) -> None:
    for one in paths:
        with suppress(OSError):
            one.chmod(stat.S_IMODE(one.stat().st_mode) & ~OTHERS_MAY)


def key_troubles(settings: Settings) -> Iterator[Trouble]:
    """A key that is missing, cannot be read, or can be read by others."""
    key = settings.key_file
    if not key.exists():
        remedy = "把密钥的备份放回原处；首次启动 ./hqe up 时会新建。没有原来的密钥，已收的申报材料打不开。"
        yield Trouble("key_missing", "没有密钥文件", str(key), remedy)
        return
    for one in (key, *keys.beside(key)):
        if stat.S_IMODE(one.stat().st_mode) & OTHERS_MAY:
            remedy = f"chmod 600 {one}，或运行 ./hqe doctor --repair。"
            yield Trouble("key_open", "密钥文件对其他用户开放", str(one), remedy, partial(one.chmod, 0o600))
    try:
        open_vault(key)
    except (OSError, ValueError):
        yield Trouble(
            "key_broken", "密钥文件无法读取或内容不对", str(key), "检查权限，或用另存的副本替换它。"
        )


def version_troubles(lock: Path = LOCK) -> Iterator[Trouble]:
    """Libraries that differ from the lock; those for other systems only are not asked for."""
    if not lock.exists():
        return
    differing = [
        f"{name} {found or '未安装'}(应为 {wanted})"
        for name, wanted, conditional in PINNED.findall(lock.read_text(encoding="utf-8"))
        if (found := _installed(name)) != wanted and (found or not conditional)
    ]
    if differing:
        remedy = "删除 .venv 文件夹后重新运行 ./hqe，会按 requirements.lock 重新安装。"
        yield Trouble("versions", f"有{len(differing)}个程序库与锁定版本不符", "、".join(differing), remedy)


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
