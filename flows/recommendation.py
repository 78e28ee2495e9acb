"""(四) By 30 November the best are recommended to the level above."""

from __future__ import annotations

from prefect import flow

from tasks.recommendation import recommend
from tasks.sleep import begin, finish, sleep


@flow(
    description="择优推荐：全县排序，局里同意后报送上一级。运行由程序自动发起，请勿点 Run。\n\n"
    "The bureau ranks and recommends."
)
def recommendation(subject: str) -> None:
    """The recognised villages ranked, the bureau's decision, the list for the level above."""
    wake = begin("recommendation", subject)
    if not recommend(subject):
        sleep(wake)
    finish(wake)
