"""``hqe workbook roster`` and ``unmask``: masked, and one number in full for a reason."""

from __future__ import annotations

from records.tables.review import GateRow
from tests.commands.conftest import Run

TOWN, VILLAGE = "331181100", "331181100200"


def test_roster_is_listed_masked_and_one_number_shown_for_a_reason(at_desk: GateRow, run: Run) -> None:
    listed = run("workbook", "roster", VILLAGE, "--by", "coordinator-1")
    shown = run("workbook", "unmask", VILLAGE, 4, "--by", "coordinator-1", "--reason", "核对户籍")
    refused = run("workbook", "unmask", VILLAGE, 4, "--by", f"clerk-{TOWN}", "--reason", "核对户籍")
    nothing = run("workbook", "roster", "331181103204", "--by", "coordinator-1")

    assert (listed.exit_code, listed.output.count("****************"), "331199" in listed.output) == (
        0,
        30,
        False,
    )
    assert (shown.exit_code, shown.output[:6]) == (0, "331199")
    assert (refused.exit_code, "没有查看这份花名册的权限" in refused.stderr) == (2, True)
    assert nothing.exit_code == 1
    assert "查看完整身份证号" in run("audit", "show").output
