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


def test_campaign_new_for_a_year_without_a_decree_names_it_once_with_the_lines_to_write(
    run: Run, tmp_path: Path
) -> None:
    made = run("campaign", "new", str(tmp_path / "2028"), "--from", "longquan-2020", "--year", "2028")

    assert (made.exit_code, made.output.splitlines()[-5:]) == (
        0,
        [
            "启动前只差放假安排:",
            "calendar.yaml 第4行 published_until:现为“2026-12-31”;各阶段要推算到2028-12-20,"
            "须有2028年全年的放假安排;放假通知公布后按通知改写 calendar.yaml",
            "    写为 holidays: [2028-01-01, 2028-05-01, 2028-05-02, 2028-10-01, 2028-10-02, 2028-10-03]"
            " # 法定且日期固定的已列;按2028年放假通知补全其余休息日",
            "    写为 makeup_workdays: [] # 按2028年放假通知补全调休上班日",
            "    写为 published_until: 2028-12-31",
        ],
    )
