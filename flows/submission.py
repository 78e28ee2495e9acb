"""(二) By 15 November every town hands in its villages' forms, electronically and on paper."""

from __future__ import annotations

from prefect import flow

from tasks.sleep import begin, finish, sleep
from tasks.submission import ask_for_dossiers, check_uploads, submission_settled


@flow(
    description="汇总上报：一个乡镇(街道)报送申报材料，电子和纸质都齐全才办结。运行由程序自动发起，请勿点 Run。\n\n"
    "One town hands in its dossiers."
)
def submission(subject: str) -> None:
    """One town's dossiers: asked for, checked as they come, complete when nothing is owed any more."""
    wake = begin("submission", subject)
    ask_for_dossiers(subject)
    check_uploads("submission", subject)
    if not submission_settled(subject):
        sleep(wake)
    finish(wake)
