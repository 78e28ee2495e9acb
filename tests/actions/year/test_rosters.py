"""Beginning a living roster from a list and from an accepted dossier."""

from __future__ import annotations

import pytest

from actions.year.opening import open_year
from actions.year.rosters import Begun, begin_from_dossier, begin_from_table
from actions.year.state import Shown, state_on
from records.store import Store
from records.tables.dossiers import RosterPersonRow
from records.tables.review import GateRow
from records.tables.year import LivingPersonRow
from records.upkeep import leaks
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.year.conftest import CLERK, LIST, NUMBERS, START, VILLAGE, at, keys, year_of_folder
from tests.conftest import rows_of


def test_roster_begun_from_a_list_shows_its_people_masked(kept: Store) -> None:
    shown = state_on(kept, village_code=VILLAGE, day=START, by=CLERK)

    first, second, third = keys(kept)
    assert isinstance(shown, tuple)
    assert {one.key: one for one in shown} == {
        first: Shown(first, "张三", "****************12", (), "已就业"),
        second: Shown(second, "李四", "****************22", ("就业困难人员", "登记失业人员"), "登记失业"),
        third: Shown(third, "王五", "****************36", (), ""),
    }


def test_list_with_rows_of_nobody_says_which_and_a_dry_run_writes_nothing(year: Store) -> None:
    wrong = f"{LIST}张三,{NUMBERS[0]},已就业,\n赵六,123,,\n钱七,331199200004040044,没有这样,\n"

    done = begin_from_table(
        year, village_code=VILLAGE, name="a.csv", data=wrong.encode(), by=CLERK, now=at(START), dry_run=True
    )

    assert isinstance(done, Begun)
    assert (done.people, [line for line, _ in done.unread]) == (3, [5, 6, 7])
    assert all(why for _, why in done.unread)
    assert rows_of(year, LivingPersonRow) == []


@pytest.mark.parametrize(
    ("name", "data", "code"), [("a.csv", LIST, "roster_begun"), ("a.csv", "甲,乙\n1,2\n", "no_head")]
)
def test_roster_begins_once_and_from_a_list_with_names_and_numbers(
    kept: Store, name: str, data: str, code: str
) -> None:
    done = begin_from_table(
        kept, village_code=VILLAGE, name=name, data=data.encode(), by=CLERK, now=at(START)
    )

    assert isinstance(done, Refused)
    assert done.code == code


def test_roster_begun_from_the_newest_accepted_dossier_has_all_its_people(
    at_desk: GateRow, submitting: Store, campaign: Campaign
) -> None:
    code = at_desk.village_code
    open_year(submitting, year=year_of_folder(), by="operator", now=at(START))

    done = begin_from_dossier(submitting, village_code=code, by=f"clerk-{code[:9]}", now=at(START))

    lookups = {one.lookup for one in rows_of(submitting, RosterPersonRow)}
    shown = state_on(submitting, village_code=code, day=campaign.survey_day, by=f"clerk-{code[:9]}")
    assert isinstance(shown, tuple)
    assert done == Begun(len(shown), ())
    assert {one.lookup for one in rows_of(submitting, LivingPersonRow)} == lookups
    assert {one.state for one in shown} <= {"已就业", "登记失业", "未登记失业", "不在劳动力"}


def test_no_identity_number_of_the_year_stands_outside_the_seal(kept: Store) -> None:
    with kept.reading() as session:
        knows, many = leaks.known_numbers(session, kept.vault)

    assert (many, list(leaks.search_database(kept.engine, knows, place="database"))) == (3, [])
