"""A year that is open, and a village whose living roster has begun."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from actions.year.opening import Opened, open_year
from actions.year.rosters import Begun, begin_from_table
from config.campaign_folder import campaign_folder, read_folder
from records.store import Store
from records.tables.year import LivingPersonRow
from rules.campaign.campaign import Campaign
from rules.year.opened import OpenedYear, opened_with
from tests.actions.conftest import CAMPAIGN_ID, small_campaign
from tests.conftest import rows_of

VILLAGE = small_campaign().villages[0].code
TOWN = VILLAGE[:9]
CLERK = f"clerk-{TOWN}"
OTHER_CLERK = f"clerk-{next(one.code for one in small_campaign().towns if one.code != TOWN)}"
NUMBERS = ("331199199001010012", "331199199202020022", "331199196503030036")
LIST = (
    "姓名,身份证号,就业状态,重点群体\n"
    f"张三,{NUMBERS[0]},已就业,\n"
    f"李四,{NUMBERS[1]},登记失业,登记失业、就业困难\n"
    f"王五,{NUMBERS[2]},,\n"
)


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=small_campaign().zone)


START = date(2021, 1, 4)
SOON = START + timedelta(days=32)


def year_of_folder() -> OpenedYear:
    plan = read_folder(campaign_folder(CAMPAIGN_ID)).year_plan
    assert plan is not None
    return opened_with(small_campaign(), plan)


@pytest.fixture
def year(opened: Store, campaign: Campaign) -> Store:
    done = open_year(opened, year=year_of_folder(), by="coordinator-1", now=at(START))
    assert isinstance(done, Opened)
    return opened


@pytest.fixture
def kept(year: Store) -> Store:
    """Three people: employed, in difficulty and registered unemployed, without a state."""
    done = begin_from_table(
        year, village_code=VILLAGE, name="a.csv", data=LIST.encode(), by=CLERK, now=at(START)
    )
    assert done == Begun(3, ())
    return year


def keys(store: Store) -> list[str]:
    """The rows in the order of the list."""
    by_lookup = {one.lookup: one.key for one in rows_of(store, LivingPersonRow)}
    return [by_lookup[store.vault.lookup(number)] for number in NUMBERS]
