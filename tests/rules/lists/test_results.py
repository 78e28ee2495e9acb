"""How far a village has come, by the county's recognition and what the levels above said."""

from __future__ import annotations

import pytest

from rules.lists.results import Cause, awaited, reached
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
