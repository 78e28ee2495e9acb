"""``hqe people deactivate``: not while duties would be left to nobody."""

from __future__ import annotations

from records.store import Store
from records.tables.review import GateRow
from tests.commands.conftest import Run
from tests.commands.people.conftest import BY


def test_people_deactivate_with_duties_that_nobody_can_take_says_which(
    submitting: Store, at_desk: GateRow, run: Run
) -> None:
    run("people", "deputy", "reviewer-2", *BY)

    refused = run("people", "deactivate", "reviewer-2", *BY)

    assert (refused.exit_code, "八都镇第一村材料初审" in refused.stderr) == (2, True)
