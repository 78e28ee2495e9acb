"""``hqe gate show``: what a decision rests on."""

from __future__ import annotations

from records.tables.review import GateRow
from tests.commands.conftest import Run


def test_gate_show_lays_hash_scores_and_answers_before_the_reader(asked: GateRow, run: Run) -> None:
    shown = run("gate", "show", asked.id)

    assert shown.exit_code == 0
    assert f"内容哈希：{asked.content_hash}" in shown.output
    assert "评分(自评)：" in shown.output
    assert "可答：return 退回补正(须写理由)" in shown.output


def test_gate_show_of_an_unknown_number_is_refused(asked: GateRow, run: Run) -> None:
    shown = run("gate", "show", 999)

    assert (shown.exit_code, shown.stdout, "没有编号为999的审批点" in shown.stderr) == (2, "", True)


def test_gate_show_names_the_lines_on_which_the_parties_differ(asked: GateRow, run: Run) -> None:
    alike = run("gate", "show", asked.id)
    run("gate", "score", asked.id, "--by", "reviewer-2", "--change", "B1.3=2:漏报两例")

    shown = run("gate", "show", asked.id)

    assert "分歧" not in alike.output
    assert [line for line in shown.output.splitlines() if line.startswith("分歧")] == [
        "分歧：B1.3 自评5.00 初审4.00"
    ]
    assert "  核定 B1.3＝2：漏报两例" in shown.output
