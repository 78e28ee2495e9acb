"""``hqe people invite``: a link, printed once and audited."""

from __future__ import annotations

import json

from records.copies.dump import rows_of
from records.store import Store
from records.tables.upkeep import AuditRow
from tests.commands.conftest import Run
from tests.commands.people.conftest import BY


def test_people_invite_prints_a_link_once_and_audits_it(opened: Store, run: Run) -> None:
    made = run("people", "invite", "reviewer-1", *BY)

    with opened.reading() as session:
        [noted] = [row for row in rows_of(session, AuditRow) if row.act == "invite"]
    assert (made.exit_code, "/invitation/" in made.output) == (0, True)
    assert (noted.actor, json.loads(noted.facts)["door"]) == ("coordinator-1", "command")


def test_people_invite_by_somebody_else_is_refused(run: Run) -> None:
    refused = run("people", "invite", "reviewer-1", "--by", "reviewer-2")

    assert (refused.exit_code, "由活动协调员维护" in refused.stderr) == (2, True)
