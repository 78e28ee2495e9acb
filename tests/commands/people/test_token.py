"""``hqe people token`` and ``tokens``: printed once, listed without its text."""

from __future__ import annotations

from tests.commands.conftest import Run
from tests.commands.people.conftest import BY


def test_people_token_is_printed_once_and_listed_without_its_text(run: Run) -> None:
    made = run("people", "token", "clerk-331181100", "--name", "乡镇台账", "--days", "30", *BY)
    token = made.output.splitlines()[-1]
    listed = run("people", "tokens", "clerk-331181100")

    assert token.startswith("hqe_")
    assert "乡镇台账 有效" in listed.output
    assert "village.hand_in" in listed.output
    assert token not in listed.output


def test_people_token_beyond_the_roles_is_refused(run: Run) -> None:
    refused = run("people", "token", "clerk-331181100", "--name", "x", "--scope", "gate.decide", *BY)

    assert refused.exit_code == 2
    assert "不能取得权限gate.decide" in refused.output
