"""``hqe campaign new``: a folder for another year, and what is left to do in it."""

from __future__ import annotations

from pathlib import Path

from config.campaign_folder import read_campaign
from tests.commands.conftest import Run


def test_campaign_new_writes_a_folder_and_tells_what_is_left(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "longquan-2026"
    command = ("campaign", "new", str(target), "--from", "longquan-2020", "--year", "2026")

    made, again = run(*command), run(*command)

    assert (made.exit_code, read_campaign(target).year) == (0, 2026)
    assert "- [ ] `people.csv`:人员、邮箱、回避乡镇与代理人改为今年的。" in made.output
    assert (again.exit_code, again.output) == (
        1,
        f"Error: {target}:现为“已存在”;不覆盖已有的文件夹,请换一个名称\n",
    )
