"""``hqe people list``: roles, deputies, conflicts."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands.conftest import Run


def test_people_list_shows_roles_deputies_and_conflicts(run: Run, tmp_path: Path) -> None:
    shown = run("people", "list", "--json", tmp_path / "people.json")

    people = json.loads((tmp_path / "people.json").read_text(encoding="utf-8"))["people"]
    assert (
        "reviewer-1 程思齐 审核人员  reviewer-1@example.invalid 代理人reviewer-2，回避331181100"
        in shown.output
    )
    assert len(people) == shown.output.count("@example.invalid")
