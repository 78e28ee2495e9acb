"""What may be recorded as a service."""

from __future__ import annotations

from datetime import date

import pytest

from rules.year.plan import ServiceKind
from rules.year.services import refuse_service, served_before

DAY = date(2026, 1, 5)
VISIT, FAIR, ADVICE = (
    ServiceKind("visit", "走访", "people"),
    ServiceKind("fair", "招聘会", "count"),
    ServiceKind("advice", "咨询"),
)


@pytest.mark.parametrize(
    ("kind", "people", "count", "corrects", "code"),
    [
        (VISIT, ["a"], 0, False, None),
        (VISIT, [], 3, False, "who_was_served"),
        (FAIR, [], 3, False, None),
        (FAIR, ["a"], 0, False, "only_counted"),
        (ADVICE, [], 0, False, "nobody_served"),
        (ADVICE, [], 0, True, None),
        (ADVICE, [], -1, True, "odd_count"),
        (ADVICE, [], 100_001, False, "odd_count"),
        (None, [], 1, False, "no_such_service"),
    ],
)
def test_service_says_whom_it_was_for_as_its_kind_asks(
    kind: ServiceKind | None, people: list[str], count: int, corrects: bool, code: str | None
) -> None:
    refused = refuse_service(kind, people=people, count=count, day=DAY, today=DAY, corrects=corrects)

    assert (refused.code if refused else None) == code


def test_service_of_tomorrow_is_refused() -> None:
    refused = refuse_service(FAIR, people=[], count=1, day=date(2026, 1, 6), today=DAY, corrects=False)

    assert refused is not None
    assert refused.code == "day_ahead"


@pytest.mark.parametrize(
    ("same", "people", "twice"),
    [
        ([], ["a"], False),
        ([("b",)], ["a"], False),
        ([("b",), ("a", "c")], ["a"], True),
        ([()], ["a"], False),
        ([("a",)], [], False),
        ([()], [], True),
    ],
)
def test_service_is_told_twice_by_person_or_by_day(
    same: list[tuple[str, ...]], people: list[str], twice: bool
) -> None:
    refused = served_before(same, people)

    assert (refused is not None and refused.code == "served_already") is twice
