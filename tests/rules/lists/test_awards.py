"""Paid once, at the highest level."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.campaign.campaign import Paid
from rules.lists.awards import (
    POLICIES,
    Balance,
    Booked,
    Payment,
    balance,
    changed,
    highest,
    in_words,
    paid_to,
    payable,
    payment,
)
from rules.lists.results import Cause
from tests.rules.samples import CAMPAIGN

VILLAGE = CAMPAIGN.villages[0]
LEDGER = (
    Paid("331181101201", 2019, "county", 10000),
    Paid("331181101201", 2020, "city", 5000),
    Paid("331181101209", 2018, "county", 10000),
)


@pytest.mark.parametrize(
    ("yuan", "told"),
    [
        ([10000, 0], "龙泉市级奖补2个社区(村)，共10000元"),
        ([-5000], "追回龙泉市级奖补1个社区(村)，共5000元"),
        ([10000, -5000], "龙泉市级奖补1个社区(村)，共10000元；追回龙泉市级奖补1个社区(村)，共5000元"),
    ],
)
def test_list_says_what_is_paid_and_what_is_taken_back(yuan: list[int], told: str) -> None:
    assert in_words("龙泉市级", [Payment(VILLAGE.code, 0, one, "") for one in yuan]) == told


@pytest.mark.parametrize(
    ("policy", "paid", "expected"),
    [
        ("difference", 10000, 10000),
        ("difference", 30000, 0),
        ("once", 0, 20000),
        ("once", 10000, 0),
        ("wait", 0, 20000),
        ("wait", 20000, 0),
    ],
)
def test_payable_follows_the_policy(policy: str, paid: int, expected: int) -> None:
    assert payable(policy, 20000, paid) == expected


def test_payable_under_wait_is_nothing_before_all_results() -> None:
    assert payable("wait", 20000, 0, results_final=False) == 0


def test_payments_to_a_village_count_merged_villages_and_the_years_asked_for() -> None:
    merged = replace(VILLAGE, predecessors=("331181101209",))

    assert paid_to(LEDGER, VILLAGE) == LEDGER[:2]
    assert paid_to(LEDGER, merged) == LEDGER
    assert paid_to(LEDGER, merged, since=2020) == LEDGER[1:2]


EARLIER = "以前年度已奖补(2019年龙泉市级10000元)"


@pytest.mark.parametrize(
    ("policy", "level", "expected"),
    [
        ("difference", "county", (0, f"{EARLIER}，从高不重复，本次不再奖补")),
        ("difference", "city", (5000, f"{EARLIER}，本次补差额")),
        ("once", "city", (0, f"{EARLIER}，从高不重复，本次不再奖补")),
        ("wait", "city", (0, "待各级认定结果确定后一次发放")),
        ("wait", "province", (0, f"{EARLIER}，从高不重复，本次不再奖补")),
    ],
)
def test_payment_after_an_earlier_year_follows_the_policy_and_says_why(
    policy: str, level: str, expected: tuple[int, str]
) -> None:
    campaign = replace(CAMPAIGN, award_policy=policy)

    line = payment(campaign, VILLAGE, level, ledger=LEDGER[:1])

    assert line == Payment(VILLAGE.code, 10000, *expected)


@pytest.mark.parametrize(("policy", "yuan"), [("difference", 20000), ("once", 20000), ("wait", 20000)])
def test_payment_of_a_village_never_paid_is_whole_and_needs_no_note(policy: str, yuan: int) -> None:
    campaign = replace(CAMPAIGN, award_policy=policy)

    assert payment(campaign, VILLAGE, "province", ledger=()) == Payment(VILLAGE.code, 0, yuan, "")


def test_payment_after_one_of_the_same_year_does_not_speak_of_earlier_years() -> None:
    line = payment(CAMPAIGN, VILLAGE, "city", ledger=[Paid(VILLAGE.code, 2020, "county", 10000)])

    assert line == Payment(VILLAGE.code, 10000, 5000, "已奖补(2020年龙泉市级10000元)，本次补差额")


def test_payment_leaves_out_years_that_do_not_count() -> None:
    campaign = replace(CAMPAIGN, paid_since=2020)

    assert payment(campaign, VILLAGE, "county", ledger=LEDGER[:1]) == Payment(VILLAGE.code, 0, 10000, "")


def test_payment_names_a_level_that_is_no_more_as_the_ledger_does() -> None:
    line = payment(CAMPAIGN, VILLAGE, "city", ledger=[Paid(VILLAGE.code, 2010, "full", 2000)])

    assert line.note == "以前年度已奖补(2010年full2000元)，本次补差额"


def test_payment_under_wait_is_whole_at_the_level_that_is_final() -> None:
    campaign = replace(CAMPAIGN, award_policy="wait")

    line = payment(campaign, VILLAGE, "county", ledger=(), results_final=True, cause_id=3)

    assert line == Payment(VILLAGE.code, 0, 10000, "", 3)


def booked(level: str, yuan: int, kind: str = "payment", campaign_id: str = CAMPAIGN.id) -> Booked:
    return Booked(VILLAGE.code, 2020, level, yuan, campaign_id=campaign_id, kind=kind)


CITY = Cause(1, "city", "recognised")
OWN = (booked("county", 10000), booked("city", 5000))
"""What this campaign gave."""


@pytest.mark.parametrize(
    ("cause", "causes", "expected"),
    [
        (Cause(2, "county", "withdrawn"), (CITY,), (-15000, "取消称号")),
        (Cause(2, "city", "withdrawn"), (CITY,), (-5000, "取消称号")),
        (Cause(2, "city", "recovery", -4000), (CITY,), (-4000, "追回")),
        (Cause(2, "city", "recovery", -40000), (CITY,), (-15000, "追回")),
        (Cause(2, "city", "correction", 3000), (CITY,), (0, "更正")),
        (
            Cause(3, "province", "correction", 3000),
            (CITY, Cause(2, "province", "recognised")),
            (3000, "更正"),
        ),
    ],
)
def test_change_moves_no_more_than_was_paid_or_is_due(
    cause: Cause, causes: tuple[Cause, ...], expected: tuple[int, str]
) -> None:
    line = changed(CAMPAIGN, VILLAGE, cause, causes=(*causes, cause), ledger=OWN)

    assert line == Payment(VILLAGE.code, 15000, *expected, cause.id)


EARLIER_COUNTY, EARLIER_CITY = (
    booked("county", 10000, campaign_id="old"),
    booked("city", 15000, campaign_id="old"),
)


@pytest.mark.parametrize(
    ("level", "ledger", "yuan"),
    [
        # what an earlier campaign gave stays given
        ("county", (EARLIER_COUNTY, booked("county", 0)), 0),
        ("city", (EARLIER_CITY, booked("city", 0)), 0),
        ("city", (EARLIER_COUNTY, booked("county", 0), booked("city", 5000)), -5000),
        # under ``wait`` one payment stands for all levels: the title that is left keeps its own
        ("city", (booked("city", 15000),), -5000),
        # what was corrected away is not taken back once more; what was recovered below is another matter
        ("city", (*OWN, booked("city", -5000, "correction")), 0),
        ("city", (*OWN, booked("county", -3000, "correction")), -5000),
        ("city", (*OWN, booked("county", -4000, "recovery")), -5000),
        # nobody pays back what they no longer have
        ("county", (*OWN, booked("city", -12000, "recovery")), -3000),
    ],
)
def test_withdrawn_title_takes_back_what_it_gave(level: str, ledger: tuple[Booked, ...], yuan: int) -> None:
    cause = Cause(2, level, "withdrawn")

    assert changed(CAMPAIGN, VILLAGE, cause, causes=(CITY, cause), ledger=ledger).yuan == yuan


def test_recovery_gives_no_claim_to_what_was_taken_back() -> None:
    line = payment(CAMPAIGN, VILLAGE, "city", ledger=(OWN[0], booked("county", -4000, "recovery")))

    assert (line.paid_before, line.yuan) == (10000, 5000)


def test_recovery_of_a_payment_that_no_longer_counts_brings_nothing() -> None:
    ledger = (Paid(VILLAGE.code, 2015, "county", 10000), Paid(VILLAGE.code, 2019, "county", -10000))

    assert payment(replace(CAMPAIGN, paid_since=2018), VILLAGE, "county", ledger=ledger).yuan == 10000
    assert balance(ledger[1:]) == Balance(0, 0)


TAKES = (
    Cause(2, "city", "withdrawn"),
    Cause(3, "county", "recovery", -4000),
    Cause(4, "county", "correction", -3000),
    Cause(5, "province", "withdrawn"),
)


@given(some.permutations(TAKES), some.sets(some.sampled_from(TAKES)))
def test_lists_of_several_levels_take_back_the_same_in_any_order(
    order: list[Cause], entered: set[Cause]
) -> None:
    """All are known before the first is decided; each level has a list of its own."""
    causes = (CITY, Cause(6, "province", "recognised"), *entered)
    known = sorted(causes, key=lambda one: (one.kind != "recognised", one.id))
    known = [replace(one, id=number) for number, one in enumerate(known, 1)]
    kinds = {"withdrawn": "withdrawal"}
    sums = []
    for sequence in (TAKES, order):
        ledger: tuple[Booked, ...] = (*OWN, booked("province", 5000))
        for cause in (one for one in sequence if one in entered):
            line = changed(CAMPAIGN, VILLAGE, cause, causes=known, ledger=ledger)
            ledger = (*ledger, booked(cause.level, line.yuan, kinds.get(cause.kind, cause.kind)))
        sums.append(balance(ledger).kept)

    assert sums[0] == sums[1]


def test_highest_of_the_levels_is_the_best_paid() -> None:
    assert highest(CAMPAIGN.awards) == CAMPAIGN.award("province")
    assert highest(()) is None


@given(some.sampled_from(sorted(POLICIES)), some.lists(some.sampled_from([10000, 15000, 20000])))
def test_village_is_never_paid_more_than_its_highest_level(policy: str, levels: list[int]) -> None:
    paid = 0
    for level in levels:
        paid += payable(policy, level, paid)

    assert paid <= max(levels, default=0)
