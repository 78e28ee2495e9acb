"""States and moves."""

from __future__ import annotations

import pytest

from rules.campaign.states import ACTS, FIRST, KINDS, MOVES, TITLES, move
from rules.refusals import Refused


@pytest.mark.parametrize(("kind", "state", "act"), MOVES)
def test_move_listed_leads_to_its_state(kind: str, state: str, act: str) -> None:
    assert move(kind, state, act) == MOVES[kind, state, act]


def test_move_unlisted_is_refused_with_both_titles() -> None:
    reason = "待办目前为“已办结”，不能“撤销”。请刷新后再操作。"

    assert move("duty", "done", "cancel") == Refused("move_not_allowed", reason)


def test_lapsed_village_still_accepts_a_supplementary_dossier() -> None:
    assert move("village", "lapsed", "accept") == "submitted"


def test_titles_cover_every_state_and_act_and_no_other() -> None:
    ends = {(kind, after) for (kind, _, _), after in MOVES.items()}
    starts = {(kind, before) for kind, before, _ in MOVES}

    assert set(TITLES) == ends | starts
    assert set(ACTS) == {act for _, _, act in MOVES}
    assert set(KINDS) == set(FIRST) == {kind for kind, _, _ in MOVES}


def test_every_state_is_reached_from_the_first() -> None:
    reached = set(FIRST.items())
    for _ in MOVES:
        reached |= {(kind, after) for (kind, before, _), after in MOVES.items() if (kind, before) in reached}

    assert reached == set(TITLES)
