"""``hqe outage``: listed, extended for all, declined."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.upkeep.heartbeat import beat
from records.store import Store
from rules.campaign.campaign import Campaign
from tests.actions.conftest import local
from tests.commands.conftest import Run, set_clock


@pytest.fixture
def cut(submitting: Store, campaign: Campaign) -> Store:
    for hour in (20, 23):
        beat(submitting, now=local(campaign, 11, 15, hour), ran=None)
    set_clock(submitting, local(campaign, 11, 15, 23))
    return submitting


@pytest.mark.usefixtures("cut")
def test_outage_is_listed_priced_and_extended(run: Run) -> None:
    listed = run("outage", "list")
    tried = run("outage", "extend", "1", "--dry-run", "--by", "coordinator-1")
    done = run("outage", "extend", "1", "--by", "coordinator-1")
    after = run("outage", "list")

    assert listed.output.startswith("#1 11月15日20:00至23:00，共3小时：等待答复\n  ")
    assert tried.output.strip().endswith("项待办延至2020-11-16")
    assert "已延期" in done.output
    assert after.output == "#1 11月15日20:00至23:00，共3小时：已同等延期\n"


@pytest.mark.usefixtures("cut")
def test_outage_is_declined_once(run: Run) -> None:
    done = run("outage", "decline", "1", "--reason", "已另行通知。", "--by", "coordinator-1")
    again = run("outage", "decline", "1", "--reason", "已另行通知。", "--by", "coordinator-1")

    assert (done.output, again.exit_code) == ("已答复：不延期。\n", 2)


@pytest.mark.usefixtures("submitting")
def test_outage_that_never_was_is_a_sentence(run: Run, tmp_path: Path) -> None:
    assert run("outage", "list", "--json", str(tmp_path / "o.json")).output == "没有影响期限的门户中断。\n"
    assert run("outage", "extend", "9", "--by", "coordinator-1").exit_code == 2
