"""The survey: whose villages, once, and in time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from actions.campaign import survey
from actions.campaign.stages import close_due_stage, open_due_stage
from records.campaign.villages import villages_of
from records.duties.duties import duty_with_key
from records.runs import carriers
from records.store import Store
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, local

TOWN = "331181100"
SUBJECT = f"{CAMPAIGN_ID}/{TOWN}"


@pytest.fixture
def asked(opened: Store, campaign: Campaign) -> Store:
    survey.ask_for_survey(opened, subject=SUBJECT, now=local(campaign, 10, 20))
    return opened


def confirm(store: Store, campaign: Campaign, **changed: object) -> Refused | None:
    usual: dict[str, object] = {
        "campaign_id": CAMPAIGN_ID,
        "town_code": TOWN,
        "villages": ["331181100200"],
        "by": f"clerk-{TOWN}",
        "now": local(campaign, 10, 22),
    }
    return survey.confirm_survey(store, **{**usual, **changed})  # type: ignore[arg-type]


def states(store: Store) -> dict[str, str]:
    with store.reading() as session:
        return {village.code: village.state for village in villages_of(session, CAMPAIGN_ID, town_code=TOWN)}


def test_survey_confirmed_takes_in_the_named_villages_and_no_others(asked: Store, campaign: Campaign) -> None:
    refused = confirm(asked, campaign)

    assert refused is None
    assert states(asked) == {"331181100200": "taking_part", "331181100201": "out"}
    with asked.reading() as session:
        assert survey.survey_stands(session, SUBJECT) == "settled"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"villages": ["331181103200"]}, "foreign_village"),
        ({"by": "clerk-331181103"}, "not_your_town"),
        ({"by": "nobody"}, "not_your_town"),
        ({"town_code": "331181103", "by": "clerk-331181103"}, "not_open"),
    ],
)
def test_survey_of_the_wrong_village_or_hand_is_refused(
    asked: Store, campaign: Campaign, changed: dict[str, object], code: str
) -> None:
    refused = confirm(asked, campaign, **changed)

    assert isinstance(refused, Refused)
    assert refused.code == code
    assert set(states(asked).values()) == {"invited"}


def test_survey_after_its_lock_date_is_refused(asked: Store, campaign: Campaign) -> None:
    with asked.reading() as session:
        duty = duty_with_key(session, CAMPAIGN_ID, f"survey:{TOWN}")
        assert duty is not None
        assert duty.lock_at is not None

    refused = confirm(asked, campaign, now=duty.lock_at + timedelta(seconds=1))

    assert isinstance(refused, Refused)
    assert refused.code == "locked"


def test_survey_confirmed_by_two_at_once_counts_for_the_first(asked: Store, campaign: Campaign) -> None:
    answers = {f"clerk-{TOWN}": ["331181100200"], f"head-{TOWN}": ["331181100201"]}
    start = Barrier(len(answers))

    def race(person: str) -> Refused | None:
        start.wait()
        return confirm(asked, campaign, by=person, villages=answers[person])

    with ThreadPoolExecutor(len(answers)) as pool:
        outcomes = dict(zip(answers, pool.map(race, answers), strict=True))

    [first] = [person for person, outcome in outcomes.items() if outcome is None]
    assert {outcome.code for outcome in outcomes.values() if outcome} == {"already_confirmed"}
    assert [code for code, state in states(asked).items() if state == "taking_part"] == answers[first]


def test_survey_confirmed_after_the_submission_opened_joins_it(asked: Store, campaign: Campaign) -> None:
    now = campaign.end_of(campaign.stage("survey").due) + timedelta(days=5)
    assert close_due_stage(asked, campaign_id=CAMPAIGN_ID, now=now) == "survey"
    assert open_due_stage(asked, campaign_id=CAMPAIGN_ID, now=now) == "submission"

    confirm(asked, campaign, now=local(campaign, 10, 25))

    with asked.reading() as session:
        joined = carriers.find(session, "submission", SUBJECT)
        other = carriers.find(session, "submission", f"{CAMPAIGN_ID}/331181103")
        assert joined is not None
        assert (joined.state, other) == ("new", None)
