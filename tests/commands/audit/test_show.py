"""``hqe audit show``: the log in words."""

from __future__ import annotations

from pathlib import Path

from tests.commands.conftest import typed


def test_audit_show_tells_in_words_and_names_a_subject_it_does_not_know(home: Path, taken: Path) -> None:
    shown = typed("audit", "show", "--home", str(home))
    unknown = typed("audit", "show", "--home", str(home), "--subject", "无此村")

    assert "启动活动：2020年高质量就业社区(村)建设活动" in shown.output
    assert "运行维护人员  备份数据库：数据库" in shown.output
    assert (unknown.exit_code, "没有关于“无此村”的记录" in unknown.output) == (1, True)
