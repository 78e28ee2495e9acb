"""``hqe people deputy``, ``conflict``, ``deactivate`` and ``activate``: said and kept."""

from __future__ import annotations

from records.store import Store
from records.tables.people import PersonRow
from tests.commands.conftest import Run
from tests.commands.people.conftest import BY


def test_people_deputy_conflict_and_standing_down_are_said_and_kept(opened: Store, run: Run) -> None:
    said = [
        run("people", *words, *BY).output
        for words in (
            ("deputy", "reviewer-1", "reviewer-4"),
            ("conflict", "reviewer-1", "331181103"),
            ("conflict", "reviewer-1", "331181100", "--lift"),
            ("deactivate", "reviewer-1"),
            ("activate", "reviewer-1"),
        )
    ]
    run("people", "confirm", 1)

    with opened.reading() as session:
        row = session.get_one(PersonRow, "reviewer-1")
    assert (row.deputy, row.conflicts, row.active) == ("reviewer-4", ["331181103"], True)
    assert said == [
        "已将reviewer-1的代理人设为reviewer-4。\n",
        "reviewer-1对331181103的回避已登记。\n",
        "reviewer-1对331181100的回避已解除。\n",
        "reviewer-1已停用。\n",
        "已提请复核(#1)，由另一人确认后生效：hqe people confirm 1，或在网页“账号复核”中办理。\n",
    ]
