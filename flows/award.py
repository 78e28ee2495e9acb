"""The award: once per village, at its highest level (section four)."""

from __future__ import annotations

from prefect import flow

from tasks.award import award as settle
from tasks.sleep import begin, finish, sleep


@flow(
    description="奖补：人社、财政双方同意后记入奖补台账。运行由程序自动发起，请勿点 Run。\n\n"
    "Both bureaus decide on the award; the ledger follows."
)
def award(subject: str) -> None:
    """One level's payment list, decided by both bureaus, written into the ledger."""
    wake = begin("award", subject)
    if not settle(subject):
        sleep(wake)
    finish(wake)
