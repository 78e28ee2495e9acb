"""Payments of earlier years: entered when the campaign opens, counted under every policy, said on the list."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from actions.campaign import lifecycle
from actions.lists import award as award_acts
from config.calendar import read_calendar
from config.campaign_folder import campaign_folder
from records.copies.dump import lines_of
from records.dossiers import files
from records.runs import carriers
from records.store import Store
from records.tables.campaign import CampaignRow
from records.tables.lists import DocumentRow, LedgerRow
from records.tables.messages import OutboxRow
from rules.campaign.campaign import Campaign, Paid
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, decide_latest, local, recognise, small_campaign

FIRST, SECOND = "331181100200", "331181100201"
MERGED = "331181100290"
SUBJECT = f"{CAMPAIGN_ID}/county"


def open_with(store: Store, *ledger: Paid, **changed: Any) -> str | Refused:
    campaign = replace(small_campaign(), ledger=ledger, **changed)
    calendar = read_calendar(campaign_folder(CAMPAIGN_ID), (2020, 2021))
    now = local(campaign, 10, 20)
    return lifecycle.open_campaign(store, campaign=campaign, calendar=calendar, by="coordinator-1", now=now)


def award(store: Store, campaign: Campaign) -> None:
    """Two villages recognised and paid, with everything between."""
    for code in (FIRST, SECOND):
        recognise(store, code)
    at = local(campaign, 12, 1)
    with store.writing() as session:
        carriers.enlist(
            session, kind="award", subject=SUBJECT, campaign_id=CAMPAIGN_ID, label="", tags=[], at=at
        )
    award_acts.propose_awards(store, subject=SUBJECT, now=at)
    for person in ("leader-1", "finance-1"):
        decide_latest(store, "award", SUBJECT, by=person, answer="approve")
    assert award_acts.settle_awards(store, subject=SUBJECT, now=at)


def payment_list(store: Store) -> list[list[object]]:
    """The rows of the payment list below its titles."""
    with store.reading() as session:
        key = f"{CAMPAIGN_ID}:award:county:1"
        blob = session.get_one(DocumentRow, key).blob_id
        data = files.fetch(session, store.vault, blob, about=f"document:{key}")
    sheet = load_workbook(BytesIO(data)).worksheets[0]
    return [list(row) for row in sheet.iter_rows(min_row=4, max_col=6, values_only=True)]


def ledger(store: Store) -> list[list[object]]:
    with store.reading() as session:
        columns = ["village_code", "year", "campaign_id", "level", "payable_yuan"]
        return sorted(lines_of(session, LedgerRow, columns))


def test_payments_of_earlier_years_are_entered_without_a_campaign(store: Store) -> None:
    opened = open_with(store, Paid(FIRST, 2018, "county", 8000), Paid(FIRST, 2019, "county", -8000, "追回"))

    assert opened == CAMPAIGN_ID
    assert ledger(store) == [[FIRST, 2018, None, "county", 8000], [FIRST, 2019, None, "county", -8000]]


def test_payments_already_in_the_ledger_are_not_entered_again(store: Store) -> None:
    open_with(store, Paid(FIRST, 2019, "county", 10000))

    opened = open_with(
        store, Paid(FIRST, 2019, "county", 10000), Paid(SECOND, 2019, "county", 500), id="longquan-2021"
    )

    assert opened == "longquan-2021"
    assert ledger(store) == [[FIRST, 2019, None, "county", 10000], [SECOND, 2019, None, "county", 500]]


PAID, RECOVERED = Paid(FIRST, 2019, "county", 10000, "甲号"), Paid(FIRST, 2019, "county", -10000, "乙号")


def test_recovery_for_the_year_and_level_that_were_paid_is_entered_beside_the_payment(
    store: Store, campaign: Campaign
) -> None:
    opened = open_with(store, PAID, RECOVERED)

    award(store, campaign)

    assert opened == CAMPAIGN_ID
    assert [line[4] for line in ledger(store) if line[1] == 2019] == [-10000, 10000]
    assert payment_list(store)[0] == [
        1, "八都镇", "第一村", 0, 10000,
        "以前年度已奖补(2019年龙泉市级10000元、2019年龙泉市级追回10000元)，本次补差额",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "amounts"),
    [
        ((PAID, RECOVERED), [-10000, 10000]),
        ((PAID,), [-10000, 10000]),
        ((PAID, RECOVERED, Paid(FIRST, 2019, "county", 8000, "丙号")), [-10000, 8000, 10000]),
    ],
)
def test_recovery_already_in_the_ledger_is_not_entered_again(
    store: Store, rows: tuple[Paid, ...], amounts: list[int]
) -> None:
    open_with(store, PAID, RECOVERED)

    opened = open_with(store, *rows, id="longquan-2021")

    assert opened == "longquan-2021"
    assert sorted(int(str(line[4])) for line in ledger(store)) == amounts


def test_payment_that_the_ledger_knows_otherwise_is_refused_and_nothing_opens(store: Store) -> None:
    open_with(store, Paid(FIRST, 2019, "county", 10000))

    refused = open_with(store, Paid(FIRST, 2019, "county", 9000), id="longquan-2021")

    assert refused == Refused(
        "ledger",
        f"ledger.csv 中 {FIRST} 2019年 county 为9000元，台账已记为10000元。请核对后改为一致，再启动活动。",
    )
    with store.reading() as session:
        assert lines_of(session, CampaignRow, ["id"]) == [[CAMPAIGN_ID]]
    assert ledger(store) == [[FIRST, 2019, None, "county", 10000]]


@pytest.mark.parametrize(
    ("policy", "first", "second"),
    [
        ("difference", [4000, 6000, "以前年度已奖补(2019年龙泉市级4000元)，本次补差额"], [0, 10000, None]),
        (
            "once",
            [4000, 0, "以前年度已奖补(2019年龙泉市级4000元)，从高不重复，本次不再奖补"],
            [0, 10000, None],
        ),
        (
            "wait",
            [4000, 0, "以前年度已奖补(2019年龙泉市级4000元)，从高不重复，本次不再奖补"],
            [0, 10000, None],
        ),
    ],
)
def test_payment_list_after_an_earlier_year_follows_the_policy_and_says_why(
    store: Store, campaign: Campaign, policy: str, first: list[object], second: list[object]
) -> None:
    open_with(store, Paid(FIRST, 2019, "county", 4000), award_policy=policy)

    award(store, campaign)

    assert payment_list(store) == [[1, "八都镇", "第一村", *first], [2, "八都镇", "第四村", *second]]


def test_village_merged_from_a_paid_one_is_not_paid_again_and_its_town_is_told(
    store: Store, campaign: Campaign
) -> None:
    villages = (replace(campaign.villages[0], predecessors=(MERGED,)), *campaign.villages[1:])
    open_with(store, Paid(MERGED, 2019, "county", 10000), villages=villages)

    award(store, campaign)

    note = "以前年度已奖补(2019年龙泉市级10000元)，从高不重复，本次不再奖补"
    with store.reading() as session:
        messages = lines_of(session, OutboxRow, ["template", "facts"])
    told = [facts for template, facts in messages if template == "award_decided"]
    assert payment_list(store)[0] == [1, "八都镇", "第一村", 10000, 0, note]
    assert sorted((facts["village"], facts["yuan"], facts["note"]) for facts in told) == [
        ("第一村", 0, note),
        ("第四村", 10000, ""),
    ]
    assert ledger(store) == [
        [FIRST, 2020, CAMPAIGN_ID, "county", 0],
        [SECOND, 2020, CAMPAIGN_ID, "county", 10000],
        [MERGED, 2019, None, "county", 10000],
    ]
