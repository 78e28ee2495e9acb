"""(一) By 23 October every town surveys its villages."""

from __future__ import annotations

from prefect import flow

from tasks.sleep import begin, finish, sleep
from tasks.survey import ask_for_survey, survey_stands


@flow(
    description="调查摸底：一个乡镇(街道)确认哪些社区(村)参加。运行由程序自动发起，请勿点 Run。\n\n"
    "One town confirms which of its villages take part."
)
def survey(subject: str) -> None:
    """One town says which of its villages take part; asleep until it has, or until its time is over."""
    wake = begin("survey", subject)
    stands = survey_stands(subject)
    if stands == "unasked":
        ask_for_survey(subject)
    if stands != "settled":
        sleep(wake)
    finish(wake)
