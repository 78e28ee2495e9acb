"""How far a village has come, by the county's recognition and what the levels above said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from rules.lists.results import Cause, awaited, reached, refuse_amount, refuse_paper
from tests.rules.samples import CAMPAIGN

CITY = Cause(1, "city", "recognised")
PROVINCE = Cause(2, "province", "recognised")


def levels(*causes: Cause) -> list[str]:
    return [award.level for award in reached(CAMPAIGN, causes)]


@pytest.mark.parametrize(
    ("causes", "expected"),
    [
        ((), ["county"]),
        ((CITY,), ["county", "city"]),
        ((CITY, PROVINCE), ["county", "city", "province"]),
        ((PROVINCE,), ["county", "province"]),
        ((Cause(1, "city", "refused"),), ["county"]),
        ((Cause(1, "city", "refused"), Cause(2, "city", "recognised")), ["county", "city"]),
        ((CITY, PROVINCE, Cause(3, "city", "withdrawn")), ["county"]),
        ((CITY, PROVINCE, Cause(3, "city", "withdrawn"), Cause(4, "city", "recognised")), ["county", "city"]),
        (
            (
                CITY,
                Cause(3, "city", "withdrawn"),
                Cause(4, "city", "recognised"),
                Cause(5, "province", "recognised"),
            ),
            ["county", "city", "province"],
        ),
        ((CITY, PROVINCE, Cause(3, "province", "withdrawn"), Cause(4, "city", "withdrawn")), ["county"]),
        ((CITY, Cause(3, "county", "withdrawn")), []),
        ((CITY, Cause(2, "city", "recovery", -5000)), ["county", "city"]),
    ],
)
def test_levels_reached_follow_the_newest_result_of_each(
    causes: tuple[Cause, ...], expected: list[str]
) -> None:
    assert levels(*causes) == expected


@pytest.mark.parametrize(
    ("causes", "put_forward", "expected"),
    [
        ((), True, "city"),
        ((), False, None),
        ((CITY,), True, "province"),
        ((Cause(1, "city", "refused"),), True, None),
        ((CITY, PROVINCE), True, None),
        ((Cause(1, "county", "withdrawn"),), True, None),
    ],
)
def test_result_is_awaited_until_the_next_level_has_spoken(
    causes: tuple[Cause, ...], put_forward: bool, expected: str | None
) -> None:
    award = awaited(CAMPAIGN, causes, put_forward=put_forward)

    assert (award.level if award else None) == expected


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, None),
        ({"document": " "}, "no_document"),
        ({"document": "文" * 201}, "no_document"),
        ({"reason": "因" * 2001}, "long_reason"),
        ({"dated": date(2021, 7, 7)}, "future_document"),
        ({"dated": date(2019, 12, 31)}, "old_document"),
    ],
)
def test_document_has_a_name_a_bound_and_a_day_of_the_campaigns_time(
    changed: dict[str, Any], code: str | None
) -> None:
    usual = {"document": "丽人社〔2021〕20号", "reason": "", "dated": date(2021, 7, 6)}

    refused = refuse_paper(**{**usual, **changed}, year=2020, today=date(2021, 7, 6))

    assert (refused.code if refused else None) == code


@pytest.mark.parametrize(
    ("kind", "yuan", "code"),
    [
        ("recognised", 0, None),
        ("withdrawn", 1, "no_amount"),
        ("recovery", 6000, None),
        ("recovery", 6001, "too_much"),
        ("recovery", 0, "too_much"),
        ("correction", -6000, None),
        ("correction", 4000, None),
        ("correction", 0, "too_much"),
        ("correction", 4001, "too_much"),
        ("correction", -6001, "too_much"),
    ],
)
def test_amount_is_within_what_is_left_of_what_was_paid(kind: str, yuan: int, code: str | None) -> None:
    refused = refuse_amount(kind, yuan, paid=10000, foreseen=6000, most=4000)

    assert (refused.code if refused else None) == code


@pytest.mark.parametrize(("paid", "foreseen"), [(0, 0), (10000, 0), (10000, 10000)])
def test_amount_that_is_too_much_is_told_with_what_is_left_and_what_was_entered(
    paid: int, foreseen: int
) -> None:
    refused = refuse_amount("recovery", 10001, paid=paid, foreseen=foreseen, most=0)

    assert refused is not None
    assert ("已登记追回" in refused.reason, "没有可以追回" in refused.reason) == (
        paid != foreseen,
        foreseen == 0,
    )
