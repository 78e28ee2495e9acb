"""``hqe campaign open``: a folder becomes a campaign, once, and not with dates that have passed."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click import ClickException

from commands.campaign.open import open_once
from config.campaign_folder import campaign_folder
from records.campaign.campaigns import every_campaign
from records.store import Store
from records.tables.campaign import CampaignRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import local
from tests.commands.conftest import Run, set_clock
from tests.conftest import rows_of

CAMPAIGN_ID = "longquan-2020"
SEPTEMBER = datetime(2020, 9, 1, tzinfo=UTC)


def campaigns(store: Store) -> list[str]:
    with store.reading() as session:
        return every_campaign(session)


def test_campaign_open_dry_run_shows_the_first_week_and_opens_nothing(
    store: Store, campaign: Campaign, run: Run, tmp_path: Path
) -> None:
    set_clock(store, local(campaign, 10, 19))

    shown = run("campaign", "open", "longquan-2020", "--dry-run", "--json", tmp_path / "o.json")

    told = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))["messages"]
    opening = [one["person_id"] for one in told if one["template"] == "survey_opened"]
    assert (shown.exit_code, campaigns(store)) == (0, [])
    assert "19个乡镇(街道)，48个社区(村)" in shown.output
    assert "一周内消息(无人办理时)：调查摸底开始 19条" in shown.output
    assert shown.output.endswith("未启动(仅演示)。\n")
    assert len(opening) == 19


def test_campaign_open_from_a_folder_opens_it_once(
    store: Store, campaign: Campaign, run: Run, tmp_path: Path
) -> None:
    set_clock(store, local(campaign, 10, 19))
    folder = tmp_path / "mine"
    shutil.copytree(campaign_folder("longquan-2020"), folder)

    done = [run("campaign", "open", folder) for _ in range(2)]

    assert [one.exit_code for one in done] == [0, 2]
    assert (done[0].output.endswith("已启动。\n"), campaigns(store)) == (True, ["longquan-2020"])
    assert "已经启动，无需重复启动" in done[1].stderr


def test_campaign_open_with_dates_that_have_passed_needs_late(
    store: Store, campaign: Campaign, run: Run
) -> None:
    set_clock(store, local(campaign, 11, 1))

    refused = run("campaign", "open", "longquan-2020")
    done = run("campaign", "open", "longquan-2020", "--late")

    assert refused.exit_code == 1
    assert refused.stderr.splitlines() == [
        "Error: 2020年高质量就业社区(村)建设活动有阶段的日期已过：调查摸底。",
        "  调查摸底：10月20日(星期二)开始，10月23日(星期五)截止，已过9天",
        f"可以改日期：./hqe campaign move {campaign_folder('longquan-2020')} --first 2020-11-01，",
        "全部日期一起顺延，首个阶段从这一天开始；也可以逐个改写。",
        "确要照此启动，加 --late：已过的阶段随即停止受理，后面各阶段仍到各自的日期才结束，需要补办的逐项延期。",
    ]
    assert (done.exit_code, campaigns(store)) == (0, ["longquan-2020"])


def test_campaign_open_of_an_unknown_folder_names_what_there_is(store: Store, run: Run) -> None:
    refused = run("campaign", "open", "nowhere-1999")

    assert (refused.exit_code, "longquan-2020" in refused.stderr) == (1, True)


def test_campaign_is_opened_once_by_the_operator(store: Store) -> None:
    titles = [open_once(store, CAMPAIGN_ID, late=False, now=SEPTEMBER) for _ in range(2)]

    assert [bool(title) for title in titles] == [True, False]
    assert [row.id for row in rows_of(store, CampaignRow)] == [CAMPAIGN_ID]


def test_campaign_of_the_past_opens_only_when_told_so(store: Store) -> None:
    with pytest.raises(ClickException, match="日期已过"):
        open_once(store, CAMPAIGN_ID, late=False, now=datetime(2021, 3, 1, tzinfo=UTC))

    assert open_once(store, CAMPAIGN_ID, late=True, now=datetime(2021, 3, 1, tzinfo=UTC))


def test_campaign_that_is_not_there_is_refused_with_those_that_are(store: Store) -> None:
    with pytest.raises(ClickException, match=CAMPAIGN_ID):
        open_once(store, "nowhere-2020", late=False, now=SEPTEMBER)
