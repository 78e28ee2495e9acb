"""``hqe gate list``: what waits for whom."""

from __future__ import annotations

import json
from pathlib import Path

from records.store import Store
from records.tables.review import GateRow
from tests.commands.conftest import Run


def test_gate_list_of_a_person_shows_only_where_they_are_asked(
    submitting: Store, asked: GateRow, run: Run, tmp_path: Path
) -> None:
    mine = run("gate", "list", "--open", "--person", "reviewer-2", "--json", tmp_path / "gates.json")
    theirs = run("gate", "list", "--open", "--person", "leader-1")

    [found] = json.loads((tmp_path / "gates.json").read_text(encoding="utf-8"))["gates"]
    assert mine.output.startswith(
        f"#{asked.id} 材料初审 · 八都镇第一村 · 11月19日(星期四)截止 · 初审(审核人员)"
    )
    assert (found["gate_id"], found["content_hash"]) == (asked.id, asked.content_hash)
    assert theirs.output == "共0个审批点。\n"
