"""The survey of one town."""

from __future__ import annotations

from actions import surveys
from tasks.place import now, store
from tasks.retrying import act


@act
def ask_for_survey(subject: str) -> bool:
    """Open the town's duty, once; True when it has confirmed or its time is over."""
    surveys.ask_for_survey(store(), subject=subject, now=now())
    with store().reading() as session:
        return surveys.survey_settled(session, subject)
