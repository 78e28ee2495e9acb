"""The steps of one village's verification; None means that somebody still has to act."""

from __future__ import annotations

from actions import recognising, reviews
from tasks.place import now, store
from tasks.retrying import act_if_due


@act_if_due(reviews.desk_review_stands)
def desk_review(subject: str) -> str | None:
    return reviews.desk_review(store(), subject=subject, now=now())


@act_if_due(reviews.site_visit_stands)
def site_visit(subject: str) -> str | None:
    return reviews.site_visit(store(), subject=subject, now=now())


@act_if_due(reviews.second_review_stands)
def second_review(subject: str) -> str | None:
    return reviews.second_review(store(), subject=subject, now=now())


@act_if_due(recognising.recognition_stands)
def recognition(subject: str) -> str | None:
    return recognising.recognition(store(), subject=subject, now=now())
