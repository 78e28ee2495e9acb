"""The dossiers of one town, and the corrected one of a village."""

from __future__ import annotations

from actions import dossiers, intake, judging
from tasks.place import now, store
from tasks.retrying import act


@act
def ask_for_dossiers(subject: str) -> None:
    dossiers.ask_for_dossiers(store(), subject=subject, now=now())


@act
def check_uploads(kind: str, subject: str) -> int:
    """Check every upload that waits for this run, one after another; how many there were."""
    with store().reading() as session:
        waiting = dossiers.waiting_uploads(session, kind, subject)
    for upload_id in waiting:
        understood = intake.examine_upload(store(), upload_id=upload_id)
        judging.judge_upload(
            store(), upload_id=upload_id, understood=understood, now=now(), within=(kind, subject)
        )
    return len(waiting)


@act
def submission_settled(subject: str) -> bool:
    """True when the town owes nothing more in this stage."""
    with store().reading() as session:
        return dossiers.submission_settled(session, subject)
