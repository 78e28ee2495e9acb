"""What a visit may note and bring."""

from __future__ import annotations

import pytest

from rules.refusals import Refused
from rules.review.visits import (
    LONGEST_POSITION,
    MOST_PHOTOS,
    PHOTO_MEGABYTES,
    PHOTOS_AT_ONCE,
    refuse_meeting,
    refuse_photo,
    refuse_photos,
)


def code_of(refused: Refused | None) -> str:
    return refused.code if refused else ""


@pytest.mark.parametrize(
    ("met", "position", "code"),
    [
        ({}, "", ""),
        ({"cadres": 2, "hardship": 0}, "村便民服务中心", ""),
        ({"cadres": -1}, "", "met"),
        ({"cadres": 1000}, "", "met"),
        ({"mayor": 1}, "", "met"),
        ({}, "远" * LONGEST_POSITION, ""),
        ({}, "远" * (LONGEST_POSITION + 1), "position"),
    ],
)
def test_people_met_are_counted_by_known_roles(met: dict[str, int], position: str, code: str) -> None:
    assert code_of(refuse_meeting(met, position)) == code


@pytest.mark.parametrize(
    ("there", "more", "code"),
    [
        (0, PHOTOS_AT_ONCE, ""),
        (0, PHOTOS_AT_ONCE + 1, "photos_at_once"),
        (MOST_PHOTOS - 2, 2, ""),
        (MOST_PHOTOS - 2, 3, "too_many_photos"),
    ],
)
def test_photos_come_in_bounds(there: int, more: int, code: str) -> None:
    assert code_of(refuse_photos(there=there, more=more)) == code


@pytest.mark.parametrize(
    ("size", "trouble", "code"),
    [
        (1, "", ""),
        (PHOTO_MEGABYTES * 2**20 + 1, "", "photo_too_large"),
        (1, "too_many_pixels", "photo_pixels"),
        (1, "not_a_picture", "not_a_photo"),
    ],
)
def test_photo_that_cannot_be_kept_is_named(size: int, trouble: str, code: str) -> None:
    refused = refuse_photo("门口.jpg", size=size, trouble=trouble)

    assert code_of(refused) == code
    assert refused is None or ("门口.jpg" in refused.reason and "没有保存" in refused.reason)
