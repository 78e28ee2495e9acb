"""The steps of one village's verification; None means that somebody still has to act."""

from __future__ import annotations

from actions.review import recognition as recognition_acts
from actions.review import reconciliation as reconciliation_acts
from actions.review import verification
from actions.review.publicity import step as publicity_step
from tasks.act import act_if_due
from tasks.context import now, store


@act_if_due(verification.desk_review_stands)
def desk_review(subject: str) -> str | None:
    return verification.desk_review(store(), subject=subject, now=now())


@act_if_due(verification.site_visit_stands)
def site_visit(subject: str) -> str | None:
    return verification.site_visit(store(), subject=subject, now=now())


@act_if_due(verification.second_review_stands)
def second_review(subject: str) -> str | None:
    return verification.second_review(store(), subject=subject, now=now())


@act_if_due(reconciliation_acts.reconciliation_stands)
def reconciliation(subject: str) -> str | None:
    return reconciliation_acts.reconciliation(store(), subject=subject, now=now())


@act_if_due(recognition_acts.recognition_stands)
def recognition(subject: str) -> str | None:
    return recognition_acts.recognition(store(), subject=subject, now=now())


@act_if_due(publicity_step.publicity_stands)
def publicity(subject: str) -> str | None:
    return publicity_step.publicity(store(), subject=subject, now=now())
