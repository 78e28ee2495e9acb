"""``hqe workbook withdraw``: asks first, then takes back."""

from __future__ import annotations

import pytest

from records.store import Store
from records.tables.dossiers import UploadRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import HandIn, judge, local
from tests.commands.conftest import Run, set_clock
from tests.conftest import rows_of

VILLAGE, CLERK = "331181100200", "clerk-331181100"


@pytest.fixture
def accepted(submitting: Store, hand_in: HandIn, campaign: Campaign) -> Store:
    upload = hand_in()
    assert isinstance(upload, UploadRow)
    judge(submitting, upload, now=local(campaign, 11, 2, 11))
    set_clock(submitting, local(campaign, 11, 3))
    return submitting


def test_withdraw_says_what_it_means_and_takes_back_when_told_to(accepted: Store, run: Run) -> None:
    doubted = run("workbook", "withdraw", VILLAGE, "--by", CLERK, typing="n\n")
    assert (doubted.exit_code, rows_of(accepted, UploadRow)[0].state) == (1, "accepted")

    done = run("workbook", "withdraw", VILLAGE, "--by", CLERK, "--version", 1, typing="y\n")

    assert done.exit_code == 0, done.output
    assert "2020年11月15日(星期日) 23:59:59之后重新上传的，按逾期记录" in done.output
    assert "第1版已撤回" in done.output
    assert rows_of(accepted, UploadRow)[0].state == "withdrawn"


def test_withdraw_of_nothing_or_by_a_stranger_is_declined(accepted: Store, run: Run) -> None:
    stranger = run("workbook", "withdraw", VILLAGE, "--yes", "--by", "clerk-331181103")
    nothing = run("workbook", "withdraw", "331181100201", "--yes", "--by", CLERK)
    again = [run("workbook", "withdraw", VILLAGE, "--yes", "--by", CLERK) for _ in range(2)][1]

    assert (stranger.exit_code, "不属于您所在的" in stranger.stderr) == (2, True)
    assert (nothing.exit_code, "没有可以撤回的版本" in nothing.stderr) == (2, True)
    assert (again.exit_code, "已经撤回" in again.stderr) == (2, True)
