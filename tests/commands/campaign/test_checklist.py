"""``hqe campaign checklist``."""

from __future__ import annotations

import json
from pathlib import Path

from records.store import Store
from tests.commands.conftest import Run


def test_checklist_lists_what_is_missing_and_exits_with_one(run: Run, opened: Store, tmp_path: Path) -> None:
    kept = tmp_path / "list.json"

    done = run("campaign", "checklist", "--json", str(kept))

    assert done.exit_code == 1
    assert "还差 邮件：还没有设置发信服务器" in done.output
    told = {one["item"]["name"]: one["done"] for one in json.loads(kept.read_text(encoding="utf-8"))["items"]}
    assert told["calendar"] is True
    assert told["mail"] is False
