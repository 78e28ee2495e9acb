"""What each message must say, held over the whole catalogue: days left and weekday, what is missing, the one link,
whom to call."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from notifications.catalog import MESSAGES
from notifications.html import html_of
from notifications.message import Message

Rendered = Callable[..., Message]

LINK = "https://hqe.example.invalid/duties/17"
LEFT, CALL = "，还剩5天", "张老师，0578-0000000，工作日8:30—17:00"
TO_THE_COORDINATOR = {"portal_outage", "stage_closed", "carrier_parked"}
"""They go to whomever all others are told to call."""
UNTIL = {"proposal_opened", "proposal_announced", "decision_recorded"}
"""Their date is called by another name."""
DATED = sorted(name for name, (_, facts) in MESSAGES.items() if "due" in facts or name in UNTIL)
AHEAD = [name for name in DATED if not name.endswith("_late")]
LATE = [name for name in DATED if name.endswith("_late")]
LISTING = sorted(name for name, (_, facts) in MESSAGES.items() if {"missing", "reasons"} & set(facts))
REPEATING = {name.rpartition("_")[0] for name in MESSAGES if name.endswith(("_reminder", "_late"))}


@pytest.mark.parametrize("template", AHEAD)
def test_message_that_names_a_date_says_how_many_days_are_left(template: str, rendered: Rendered) -> None:
    message = rendered(template, left=LEFT)

    assert "还剩5天" in message.body
    assert "(星期" in message.body
    assert "，，" not in message.body


def test_opening_of_a_campaign_says_the_days_left_to_each_date(rendered: Rendered) -> None:
    schedule = [{"name": "调查摸底", "due": "10月23日(星期五)", "left": LEFT}]

    assert (
        "1. 调查摸底：10月23日(星期五)前(含当日，还剩5天)\n"
        in rendered("campaign_opened", schedule=schedule).body
    )


@pytest.mark.parametrize("template", [one for one in AHEAD if one.endswith("_reminder")])
def test_reminder_says_the_days_left_in_its_subject(template: str, rendered: Rendered) -> None:
    assert rendered(template, left=LEFT).subject.endswith("还剩5天")


@pytest.mark.parametrize("template", LATE)
def test_message_of_what_is_late_says_since_when_and_how_late(template: str, rendered: Rendered) -> None:
    body = rendered(template).body

    assert "11月15日(星期日)" in body
    assert "逾期2天" in body


@pytest.mark.parametrize("template", LISTING)
def test_message_lists_each_thing_that_is_missing(
    template: str, rendered: Rendered, sample: dict[str, object]
) -> None:
    body = rendered(template).body

    wanted = [
        one for name in {"missing", "reasons"} & set(MESSAGES[template][1]) for one in _texts(sample[name])
    ]
    assert [one for one in wanted if one not in body] == []


def test_reminder_knows_all_that_its_opening_listed() -> None:
    """What is asked for at the opening is not left for the reader to look up in an older mail."""
    listed = {"missing", "reasons"}
    shorter = [
        f"{kind}_{what}"
        for kind in REPEATING
        for what in ("reminder", "late")
        if f"{kind}_opened" in MESSAGES
        if listed & set(MESSAGES[f"{kind}_opened"][1]) - set(MESSAGES[f"{kind}_{what}"][1])
    ]
    assert shorter == []


@pytest.mark.parametrize("template", sorted(MESSAGES))
def test_message_leads_to_one_place_and_says_whom_to_call(template: str, rendered: Rendered) -> None:
    message = rendered(template, contact=CALL)

    page = html_of(message.subject, message.body, link=LINK)
    assert message.body.count(LINK) == 1
    assert page.count('class="go"') == 1
    assert (CALL in message.body) == (template not in TO_THE_COORDINATOR)


def _texts(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(one) for one in value]
