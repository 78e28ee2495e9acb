"""``hqe stage reopen`` and ``close``: what moves is shown first."""

from __future__ import annotations

import pytest

from records.store import Store
from records.tables.campaign import StageRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local
from tests.commands.conftest import Run, set_clock

BY = ("--by", "coordinator-1")


def state(store: Store, name: str) -> str:
    with store.reading() as session:
        return session.get_one(StageRow, (CAMPAIGN_ID, name)).state


def test_stage_is_reopened_and_closed_after_showing_what_moves(
    submitting: Store, campaign: Campaign, run: Run
) -> None:
    set_clock(submitting, local(campaign, 11, 2))
    until = ("--until", "2020-11-05")

    shown = run("stage", "reopen", "survey", *until, "--dry-run", *BY)
    untouched = state(submitting, "survey")
    opened = run("stage", "reopen", "survey", *until, "--reason", "补报", *BY)
    then = state(submitting, "survey")
    closed = run("stage", "close", "survey", "--reason", "已补报", *BY)

    assert ("原截止日期不变" in shown.output, untouched) == (True, "closed")
    assert (opened.exit_code, opened.output.splitlines()[-1], then) == (0, "已重新开启。", "open")
    assert (closed.exit_code, closed.output.splitlines()[-1]) == (0, "已结束。")
    assert state(submitting, "survey") == "closed"


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("stage", "close", "submission", "--reason", "急"), "不能提前结束"),
        (("stage", "close", "nonsense", "--reason", "急"), "没有“nonsense”这个阶段"),
        (("stage", "reopen", "survey", "--until", "2020-11-05"), "请写明理由"),
    ],
)
def test_order_that_cannot_be_carried_out_says_why(
    submitting: Store, campaign: Campaign, run: Run, command: tuple[str, ...], sentence: str
) -> None:
    set_clock(submitting, local(campaign, 11, 2))

    refused = run(*command, *BY)

    assert (refused.exit_code, sentence in refused.output) == (2, True)
