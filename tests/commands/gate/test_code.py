"""``hqe gate code``: mailed, never printed."""

from __future__ import annotations

import json

import pytest

from records.copies.dump import rows_of
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
    [("leader-1", "您没有对应的席位"), ("reviewer-1", "需要回避"), ("x", "没有编号为“x”")],
)
def test_gate_code_for_somebody_who_may_not_decide_is_refused(
    asked: GateRow, run: Run, person: str, sentence: str
) -> None:
    refused = run("gate", "code", asked.id, "--person", person)

    assert (refused.exit_code, sentence in refused.stderr) == (2, True)
