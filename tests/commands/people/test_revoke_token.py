"""``hqe people revoke-token``: ended at once."""

from __future__ import annotations

from tests.commands.conftest import Run
from tests.commands.people.conftest import BY


def test_people_revoke_token_ends_it(run: Run) -> None:
    run("people", "token", "clerk-331181100", "--name", "乡镇台账", *BY)

    done = run("people", "revoke-token", "1", *BY)

    assert done.output == "令牌#1已撤销。\n"
    assert "已撤销" in run("people", "tokens").output
