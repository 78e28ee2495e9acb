"""Who may write down somebody else's answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rules.campaign.campaign import Person
from rules.review.telephone import refuse_recorder

RECORDER = Person("c1", "苏", "", ("coordinator",), conflicts=("331181103",))
USUAL: dict[str, Any] = {
    "on_behalf_of": "r1",
    "asked": {"初审": "r1"},
    "sat": set(),
    "recorded": set(),
    "village_town": "331181100",
    "filed_by": frozenset({"clerk"}),
    "note": "上午10时电话",
}


@pytest.mark.parametrize(
    ("recorder", "changed", "code"),
    [
        (RECORDER, {}, None),
        (replace(RECORDER, roles=("reviewer",)), {}, "not_coordinator"),
        (RECORDER, {"on_behalf_of": "c1"}, "own_answer"),
        (RECORDER, {"asked": {"初审": "r1", "复审": "c1"}}, "recorder_sits"),
        (RECORDER, {"sat": {"c1"}}, "recorder_sits"),
        (RECORDER, {"recorded": {"c1"}}, "second_recording"),
        (RECORDER, {"filed_by": frozenset({"c1"})}, "own_filing"),
        (RECORDER, {"village_town": "331181103"}, "own_town"),
        (RECORDER, {"on_behalf_of": "r2"}, "not_asked"),
        (RECORDER, {"note": "　 "}, "no_note"),
    ],
)
def test_recorder_is_another_person_without_a_seat_or_an_interest(
    recorder: Person, changed: dict[str, Any], code: str | None
) -> None:
    refused = refuse_recorder(recorder, **{**USUAL, **changed})

    assert (refused.code if refused else None) == code
