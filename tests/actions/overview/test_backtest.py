"""What a finished campaign teaches: another table on its dossiers, and its results for everybody, persons left out."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from actions.overview.backtest import Backtested, backtest_campaign
from actions.overview.open_data import open_data
from config.campaign_folder import campaign_folder, read_folder
from config.next_year import renew_folder
from records.store import Store
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, close_campaign, local
from tests.actions.overview.test_explanation import paid
from tests.actions.review.test_reconciliation import doubted
from tests.actions.review.test_verification import VILLAGE

__all__ = ["doubted", "paid"]


def test_village_that_a_higher_line_would_fail_is_named(paid: Store, campaign: Campaign) -> None:
    unfinished = backtest_campaign(paid, campaign_id=CAMPAIGN_ID, scheme=campaign.scheme)
    close_campaign(paid, now=local(campaign, 12, 31))
    same = backtest_campaign(paid, campaign_id=CAMPAIGN_ID, scheme=campaign.scheme)
    harder = replace(campaign.scheme, pass_line=Fraction(101))

    found = backtest_campaign(paid, campaign_id=CAMPAIGN_ID, scheme=harder)

    assert isinstance(unfinished, Refused)
    assert isinstance(same, Backtested)
    assert isinstance(found, Backtested)
    assert [one.changes for one in same.changes] == [False]
    assert [(one.village_code, one.changes, one.would_be.verdict) for one in found.changes] == [
        (VILLAGE, True, "fail")
    ]


def test_open_data_names_villages_and_no_persons(paid: Store, campaign: Campaign) -> None:
    assert isinstance(open_data(paid, campaign_id=CAMPAIGN_ID), Refused)
    close_campaign(paid, now=local(campaign, 12, 31))

    files = open_data(paid, campaign_id=CAMPAIGN_ID)

    assert not isinstance(files, Refused)
    package = json.loads(files["datapackage.json"])
    for resource in package["resources"]:
        rows = list(csv.DictReader(files[resource["path"]].decode("utf-8-sig").splitlines()))
        assert rows
        assert list(rows[0]) == [one["name"] for one in resource["schema"]["fields"]]
        assert resource["bytes"] == len(files[resource["path"]])
    text = b"".join(files.values()).decode()
    assert not any(person.name in text or person.id in text for person in campaign.people)
    [mine] = [one for one in csv.DictReader(files["villages.csv"].decode("utf-8-sig").splitlines())
              if one["village_code"] == VILLAGE]  # fmt: skip
    assert (mine["result"], mine["recommended"], mine["awarded_yuan"]) == (
        "已认定",
        mine["recommended"],
        "10000",
    )


def test_results_stand_in_next_year_s_ledger(paid: Store, campaign: Campaign, tmp_path: Path) -> None:
    close_campaign(paid, now=local(campaign, 12, 31))
    files = open_data(paid, campaign_id=CAMPAIGN_ID)
    assert not isinstance(files, Refused)
    (tmp_path / "ledger.csv").write_bytes(files["ledger.csv"])

    renew_folder(
        campaign_folder(CAMPAIGN_ID), tmp_path / "longquan-2021", year=2021, results=tmp_path / "ledger.csv"
    )

    reading = read_folder(tmp_path / "longquan-2021")
    assert [str(one) for one in reading.mistakes if "ledger" in str(one)] == []
    rows = list(csv.DictReader((tmp_path / "longquan-2021" / "ledger.csv").read_text().splitlines()))
    assert [(row["year"], row["level"], row["yuan"]) for row in rows if row["village_code"] == VILLAGE] == [
        ("2020", "county", "10000")
    ]
