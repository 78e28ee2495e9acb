"""``hqe gate reopen``: what moves is shown first."""

from __future__ import annotations

from records.review.gates import latest_gate
from records.store import Store
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, decide_latest, local
from tests.commands.conftest import Run, set_clock

BY = ("--by", "coordinator-1")


def test_gate_is_asked_once_more(submitting: Store, at_desk: GateRow, campaign: Campaign, run: Run) -> None:
    set_clock(submitting, local(campaign, 11, 17))
    decide_latest(submitting, "desk_review", at_desk.subject, by="reviewer-2", answer="pass")

    shown = run("gate", "reopen", at_desk.id, "--dry-run", *BY)
    done = run("gate", "reopen", at_desk.id, "--reason", "核对有误", *BY)

    assert shown.output.startswith("“材料初审”第1次的决定“通过”保留在案")
    assert done.output.splitlines()[-1].endswith("第2次。")
    with submitting.reading() as session:
        anew = latest_gate(session, CAMPAIGN_ID, "desk_review", at_desk.subject)
        assert anew is not None
        assert anew.attempt == 2


def test_gate_that_is_not_there_is_not_asked_again(submitting: Store, campaign: Campaign, run: Run) -> None:
    set_clock(submitting, local(campaign, 11, 2))

    refused = run("gate", "reopen", "99", "--reason", "错", *BY)

    assert (refused.exit_code, "没有编号为99的审批点" in refused.output) == (2, True)
