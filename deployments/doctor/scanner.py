"""Whether the scanner of files answers, and knows what is about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from actions.upkeep.troubles import Trouble
from config.settings import Settings
from workbooks.confined.virus_scan import is_awake, signatures_made

OLD = timedelta(days=7)


def scanner_troubles(settings: Settings, *, host_now: datetime) -> Iterator[Trouble]:
    """Nothing where no scanner is set: whether to have one is the operator's decision."""
    if not settings.clamd:
        return
    where = f"HQE_CLAMD={settings.clamd}"
    if not is_awake(settings.clamd):
        remedy = "启动 clamd(systemctl start clamav-daemon)；在它应答之前，乡镇的原件和标注副本都不能打开。"
        yield Trouble("scanner_away", "杀毒程序没有应答", where, remedy)
        return
    made = signatures_made(settings.clamd)
    if made and host_now.replace(tzinfo=None) - made > OLD:
        what = f"病毒库是{made:%Y-%m-%d}的，超过{OLD.days}天没有更新"
        yield Trouble("scanner_old", what, where, "检查 freshclam 是否在运行、能否连到病毒库服务器。")
