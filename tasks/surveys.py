"""The survey of one town."""

from __future__ import annotations

from actions import surveys
from tasks.place import now, store
from tasks.retrying import act


@act
def ask_for_survey(subject: str) -> None:
    surveys.ask_for_survey(store(), subject=subject, now=now())


def survey_stands(subject: str) -> str:
    """unasked, asked or settled. Reading the rows again is no act, so it is no Prefect task either."""
    with store().reading() as session:
        return surveys.survey_stands(session, subject)
