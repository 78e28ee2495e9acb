"""``hqe town paper``: received once, by the bureau."""

from __future__ import annotations

from records.store import Store
from tests.commands.conftest import Run

TOWN = "331181100"


def test_town_paper_is_received_once_and_only_by_the_bureau(submitting: Store, run: Run) -> None:
    done = [run("town", "paper", TOWN, "--by", by) for by in (f"clerk-{TOWN}", "coordinator-1")]

    assert [one.exit_code for one in done] == [2, 0]
    assert "由局里签收" in done[0].stderr
