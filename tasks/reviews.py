"""The steps of one village's verification; None means that somebody still has to act."""

from __future__ import annotations

from actions import recognising, reviews
from tasks.place import now, store
from tasks.retrying import act


@act
def desk_review(subject: str) -> str | None:
    return reviews.desk_review(store(), subject=subject, now=now())


@act
def site_visit(subject: str) -> str | None:
    return reviews.site_visit(store(), subject=subject, now=now())


@act
def second_review(subject: str) -> str | None:
    return reviews.second_review(store(), subject=subject, now=now())


@act
def recognition(subject: str) -> str | None:
    return recognising.recognition(store(), subject=subject, now=now())
