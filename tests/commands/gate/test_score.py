"""``hqe gate score``: a reason for each change."""

from __future__ import annotations

from records.copies.dump import lines_of
from records.store import Store
from records.tables.review import GateRow, ScoreRow
from tests.commands.conftest import Run


def test_gate_score_needs_a_reason_for_each_change(submitting: Store, at_desk: GateRow, run: Run) -> None:
    words = ("gate", "score", at_desk.id, "--by", "reviewer-2", "--change")

    done = [run(*words, change) for change in ("B1.3=2", "B1.3=2:漏报两例")]

    with submitting.reading() as session:
        sheets = [
            line
            for line in lines_of(session, ScoreRow, ["party", "adjustments", "reasons"])
            if line[0] == "a"
        ]
    assert [one.exit_code for one in done] == [2, 0]
    assert "必须写明理由：B1.3" in done[0].stderr
    assert sheets == [["a", {"B1.3": "2"}, {"B1.3": "漏报两例"}]]
