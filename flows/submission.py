"""(二) By 15 November every town hands in its villages' forms, electronically and on paper."""

from __future__ import annotations

from prefect import flow

from tasks.dossiers import ask_for_dossiers, check_uploads, submission_settled
from tasks.sleeping import begin, finish, sleep


@flow
def submission(subject: str) -> None:
    """One town's dossiers: asked for, checked as they come, complete when nothing is owed any more."""
    wake = begin("submission", subject)
    ask_for_dossiers(subject)
    check_uploads("submission", subject)
    if not submission_settled(subject):
        sleep(wake)
    finish(wake)
