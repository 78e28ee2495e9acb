"""What this machine needs of others: the right time, and a place where its audit log goes besides."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from actions.upkeep.audit_export import exported
from actions.upkeep.troubles import Trouble
from config.settings import Settings
from records import audit
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
