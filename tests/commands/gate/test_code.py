"""``hqe gate code``: mailed, never printed."""

from __future__ import annotations

import json

import pytest

from records.copies.dump import rows_of
from records.duties.duties import open_duties
from records.store import Store
from records.tables.messages import OutboxRow
from records.tables.review import GateRow
from records.tables.upkeep import AuditRow
from tests.commands.conftest import Run


def test_gate_code_is_mailed_and_never_printed(submitting: Store, asked: GateRow, run: Run) -> None:
    with submitting.writing() as session:
        for row in rows_of(session, OutboxRow):
            row.state = "sent"

    asked_for = [run("gate", "code", asked.id, "--person", "reviewer-2") for _ in range(2)]

    with submitting.reading() as session:
        waiting = [row for row in rows_of(session, OutboxRow) if row.state == "waiting"]
        [audited] = [row for row in rows_of(session, AuditRow) if row.act == "request_code"]
    assert [one.exit_code for one in asked_for] == [0, 2]
    assert asked_for[0].output == "新的授权码将发到本人邮箱，24小时内有效。\n"
    assert [(row.template, row.person_id, row.gate_id) for row in waiting] == [
        ("gate_opened", "reviewer-2", asked.id)
    ]
    assert json.loads(audited.facts)["door"] == "command"


@pytest.mark.parametrize(
    ("person", "sentence"),
    [("leader-1", "由审核人员办理，只有本人具有该角色"), ("reviewer-1", "需要回避"), ("x", "没有编号为“x”")],
)
def test_gate_code_for_somebody_who_may_not_decide_is_refused(
    asked: GateRow, run: Run, person: str, sentence: str
) -> None:
    refused = run("gate", "code", asked.id, "--person", person)

    assert (refused.exit_code, sentence in refused.stderr) == (2, True)


def test_gate_code_for_a_holder_without_the_role_is_refused(
    submitting: Store, asked: GateRow, run: Run
) -> None:
    with submitting.writing() as session:
        open_duties(session, asked.campaign_id, kind="gate")[0].person_id = "coordinator-2"

    refused = run("gate", "code", asked.id, "--person", "coordinator-2")

    assert (refused.exit_code, "只有本人具有该角色" in refused.stderr) == (2, True)
