"""A small county kept for a month: everybody begins, one in twenty changes, all are late after half a year."""

from __future__ import annotations

from rehearsal.year.upkeep import measure


def test_county_kept_for_a_month_has_its_changes_and_its_overdue_people() -> None:
    lines: list[str] = []

    done = measure(people_many=200, villages=4, seed=1, say=lines.append)

    assert (done.people, done.changes, len(lines)) == (200, 8, 2)
    assert done.overdue > 192
    assert min(done.begun_s, done.changes_s, done.state_s, done.overdue_s) > 0
