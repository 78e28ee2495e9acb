"""Who may answer, which answers count, what they amount to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.campaign.campaign import Person, Seat
from rules.refusals import Refused
from rules.review.gates import Sat, acceptable, eligible, outcome, reason_text
from tests.rules.samples import PEOPLE, RECOGNITION, local

ALPHA, BETA, LEADER, CLERK = PEOPLE
FIRST = Sat("r1", "审核甲", local(11, 20, 14, 5))
OTHER = Sat("r9", "审核丙", local(11, 20, 15))
TOWN = "331181101"
STRICT = replace(RECOGNITION, agree=True)


def sit(
    person: Person,
    *,
    state: str = "open",
    seat: str = "",
    village_town: str = "",
    filed_by: frozenset[str] = frozenset(),
    decided: Mapping[str, Sat] = MappingProxyType({}),
    first_eyes: frozenset[str] = frozenset(),
) -> Seat | Refused:
    return eligible(
        RECOGNITION,
        person,
        state=state,
        seat=seat,
        village_town=village_town,
        filed_by=filed_by,
        decided=decided,
        first_eyes=first_eyes,
    )


def code(value: Seat | Refused | None) -> str:
    return value.code if isinstance(value, Refused) else ""


def test_reviewer_gets_the_first_free_seat_of_the_role() -> None:
    assert sit(ALPHA, village_town=TOWN) == Seat("a", "reviewer")
    assert sit(BETA, village_town=TOWN, decided={"a": FIRST}) == Seat("b", "reviewer")


def test_reviewer_gets_the_seat_asked_for() -> None:
    assert sit(ALPHA, seat="b") == Seat("b", "reviewer")


def test_second_pair_of_eyes_is_another_person() -> None:
    assert code(sit(ALPHA, first_eyes=frozenset({"r1"}))) == "same_eyes"


def test_wrong_role_is_told_who_may() -> None:
    reason = "“认定意见”由审核人员、局分管领导办理，只有本人具有该角色的人员可以办理或代理。"

    assert sit(CLERK) == Refused("wrong_role", reason)


def test_own_filing_is_refused() -> None:
    assert code(sit(ALPHA, filed_by=frozenset({"r1"}))) == "own_filing"


def test_own_town_is_refused_by_office_and_by_conflict() -> None:
    local_leader = replace(LEADER, town_code=TOWN)

    assert code(sit(local_leader, village_town=TOWN)) == "own_town"
    assert code(sit(ALPHA, village_town="331181102")) == "own_town"


def test_second_seat_is_refused_with_the_time_of_the_first() -> None:
    refused = sit(ALPHA, seat="b", decided={"a": FIRST})

    assert refused == Refused("second_seat", "您已于11月20日14:05作出决定，同一审批点一人只能占一席。")


def test_taken_seat_is_refused_with_who_was_first_and_when() -> None:
    refused = sit(BETA, seat="a", decided={"a": FIRST}, state="closed")

    assert refused == Refused(
        "taken_seat", "审核人员一席已由审核甲于11月20日14:05作出决定，您的决定没有记录。"
    )


def test_taken_seats_of_a_role_are_refused_without_naming_one() -> None:
    assert code(sit(BETA, decided={"a": FIRST, "b": OTHER})) == "taken_seat"


def test_closed_gate_refuses_a_free_seat() -> None:
    refused = sit(BETA, state="superseded")

    assert refused == Refused(
        "gate_closed", "该审批点已作废，另行提请，不能再作决定。请刷新页面查看最新情况。"
    )


ANSWER = {"answer": "recognise", "reason": "", "seen_hash": "h1", "content_hash": "h1"}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"content_hash": "h2"}, "stale_content"),
        ({"answer": "perhaps"}, "unknown_answer"),
        ({"answer": "refuse", "reason": " "}, "missing_reason"),
        ({"answer": "refuse", "reason": "材料不实"}, ""),
    ],
)
def test_answer_needs_fresh_content_a_listed_word_and_its_reason(
    changed: Mapping[str, str], expected: str
) -> None:
    assert code(acceptable(RECOGNITION, **{**ANSWER, **changed})) == expected


@pytest.mark.parametrize(
    ("answers", "usual", "strict"),
    [
        ({}, None, None),
        ({"a": "recognise"}, None, None),
        ({"a": "recognise", "b": "recognise"}, "recognise", "recognise"),
        ({"a": "recognise", "b": "return"}, "return", "return"),
        ({"a": "recognise", "b": "recognise", "leader": "refuse"}, "recognise", "refuse"),
    ],
)
def test_outcome_at_quorum(answers: Mapping[str, str], usual: str | None, strict: str | None) -> None:
    assert (outcome(RECOGNITION, answers), outcome(STRICT, answers)) == (usual, strict)


def test_silence_never_approves_even_without_a_quorum() -> None:
    assert outcome(replace(RECOGNITION, quorum=0), {}) is None


answer_words = [answer for answer, _ in RECOGNITION.answers]


seats = some.sampled_from(["a", "b", "leader"])


@given(some.dictionaries(seats, some.sampled_from(answer_words), min_size=2))
def test_outcome_is_one_of_the_answers_given(answers: dict[str, str]) -> None:
    assert outcome(RECOGNITION, answers) in answers.values()
    assert outcome(STRICT, answers) in answers.values()


@pytest.mark.parametrize(
    ("listed", "detail", "text"),
    [
        ("材料不齐全", " 缺3人 ", "材料不齐全：缺3人"),
        ("材料不齐全", "", "材料不齐全"),
        (" ", "缺3人", "缺3人"),
    ],
)
def test_reason_is_what_was_chosen_and_what_was_added(listed: str, detail: str, text: str) -> None:
    assert reason_text(listed, detail) == text
