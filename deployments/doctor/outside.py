"""What this machine needs of others: the right time, and a place where its audit log goes besides."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from actions.upkeep.audit_export import exported
from actions.upkeep.drill import last_drill, newest_backup
from actions.upkeep.troubles import Trouble
from config.settings import Settings
from records import audit, clock
from records.store import Store

SYSTEMD = Path("/run/systemd/system")
ASKED = ("show", "--property=NTPSynchronized", "--value")
SECONDS = 5
LATE = timedelta(hours=1)


def time_troubles(systemd: Path = SYSTEMD) -> Iterator[Trouble]:
    """Whether somebody keeps the clock right; asked where systemd runs, elsewhere nobody here can tell."""
    program = shutil.which("timedatectl")
    if not systemd.is_dir() or program is None:
        return
    try:
        told = subprocess.run([program, *ASKED], capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return
    if told.stdout.strip() == "no":
        remedy = (
            "启用对时服务(timedatectl set-ntp true，或 chrony 指向单位的时间服务器)；截止时间以本机时间为准。"
        )
        yield Trouble("clock_unsynchronised", "本机时间没有与时间服务器对时", "本机时钟", remedy)


def offsite_troubles(store: Store, settings: Settings) -> Iterator[Trouble]:
    """Whether backups reach another place and come back from there; nothing where nobody asked for it."""
    if not settings.offsite:
        return
    newest = newest_backup(Path(settings.offsite))
    if newest is None:
        remedy = "检查 HQE_OFFSITE 的文件夹是否已挂载、可写，再运行 ./hqe backup --offsite。"
        yield Trouble("offsite_empty", "异地文件夹里没有备份，或没有挂载", settings.offsite, remedy)
    with store.reading() as session:
        last, now = last_drill(session), clock.read(session)
    if newest is not None and (last is None or now - last > timedelta(days=settings.drill_days)):
        done = f"上次成功的恢复演练在{last:%Y-%m-%d}" if last else "还没有做过恢复演练"
        remedy = "运行 ./hqe restore --drill：把最新的异地备份装入临时处核对，核对完即删除，不影响办理。"
        yield Trouble("drill_missed", f"{done}，应每{settings.drill_days}天一次", settings.offsite, remedy)


def export_troubles(store: Store, settings: Settings, *, host_now: datetime) -> Iterator[Trouble]:
    """Whether the audit log's entries leave the machine; nothing where nobody asked for it."""
    if not settings.audit_export:
        return
    with store.reading() as session:
        waiting = audit.links_after(session, exported(settings.home), limit=1)
    if waiting and host_now - waiting[0].at > LATE:
        what = f"审计日志自第{waiting[0].seq}条起没有送出"
        remedy = "检查 HQE_AUDIT_TO 所指的文件或日志服务器能否写入；定时检查会自动补送。"
        yield Trouble("audit_not_exported", what, settings.audit_export, remedy)
