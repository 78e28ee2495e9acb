"""(三) By 25 November the bureau verifies papers and places and recognises."""

from __future__ import annotations

from prefect import flow

from tasks.sleep import begin, finish, sleep
from tasks.submission import check_uploads
from tasks.verification import desk_review, publicity, recognition, reconciliation, second_review, site_visit


@flow(
    description="核查认定：一个社区(村)的初审、补正、现场核查、复审、裁定和认定。运行由程序自动发起，请勿点 Run。\n\n"
    "One village is reviewed and recognised or not."
)
def verification(subject: str) -> None:
    """One village: desk review, correction if returned, site visit, second eyes, ruling, recognition, publicity."""
    wake = begin("verification", subject)
    check_uploads("verification", subject)
    papers = desk_review(subject)
    if papers is None:
        sleep(wake)
    if papers == "pass":
        for step in (site_visit, second_review, reconciliation):
            if step(subject) is None:
                sleep(wake)
    if papers in ("pass", "veto"):
        for step in (recognition, publicity):
            if step(subject) is None:
                sleep(wake)
    finish(wake)
