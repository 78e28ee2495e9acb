"""The survey of one town."""

from __future__ import annotations

from actions.campaign import survey
from tasks.act import act
from tasks.context import now, store


@act
def ask_for_survey(subject: str) -> None:
    survey.ask_for_survey(store(), subject=subject, now=now())


def survey_stands(subject: str) -> str:
    """unasked, asked or settled. Reading the rows again is no act, so it is no Prefect task either."""
    with store().reading() as session:
        return survey.survey_stands(session, subject)
