"""The dossiers of one town, and the corrected one of a village."""

from __future__ import annotations

from actions.dossiers import acceptance, examination, submission, uploads
from tasks.act import act, act_if_due
from tasks.context import now, store


@act_if_due(submission.asking_stands)
def ask_for_dossiers(subject: str) -> None:
    submission.ask_for_dossiers(store(), subject=subject, now=now())


def check_uploads(kind: str, subject: str) -> None:
    """Check every upload that waits for this run, if there is one."""
    with store().reading() as session:
        waiting = uploads.waiting_uploads(session, kind, subject)
    if waiting:
        check(kind, subject, waiting)


@act
def check(kind: str, subject: str, upload_ids: list[int]) -> None:
    """One upload after another; what a try before this one has judged stays as it is."""
    for upload_id in upload_ids:
        understood = examination.examine_upload(store(), upload_id=upload_id)
        acceptance.judge_upload(
            store(), upload_id=upload_id, understood=understood, now=now(), within=(kind, subject)
        )


def submission_settled(subject: str) -> bool:
    """True when the town owes nothing more in this stage."""
    with store().reading() as session:
        return submission.submission_settled(session, subject)
