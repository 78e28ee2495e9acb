"""What is not ready before a campaign can run by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rules.campaign.campaign import Person, Town
from rules.people.readiness import Account, Item, Machine, is_reachable, readiness

TOWNS = (Town("331199100", "甲镇", ()), Town("331199101", "乙乡", ()))
CLERK = Person("clerk", "季文静", "clerk@town.gov.cn", ("town_clerk",), "331199100", (), "head")
HEAD = Person("head", "叶晓峰", "head@town.gov.cn", ("deputy_head",), "331199101", (), "")
OTHER = Person("other", "吴建国", "other@town.gov.cn", ("town_clerk",), "331199101", (), "")
LEADER = Person("leader", "周敏", "leader@town.gov.cn", ("bureau_leader",), "", (), "")
ALL = tuple(Account(one, True, True, True, True) for one in (CLERK, HEAD, OTHER, LEADER))
READY = Machine(mail=True, address=True, contact=True)
LAST = date(2026, 12, 31)


def lacking(
    accounts: tuple[Account, ...] = ALL, machine: Machine = READY, *, published_until: date = LAST
) -> dict[str, tuple[str, ...]]:
    items = readiness(accounts, TOWNS, machine, published_until=published_until, ends_on=LAST)
    return {one.name: one.lacking for one in items if not one.done}


def test_an_installation_that_has_everything_lacks_nothing() -> None:
    assert lacking() == {}


@pytest.mark.parametrize(
    ("changed", "name", "told"),
    [
        (replace(ALL[0], person=replace(CLERK, email="a@hqe.example.invalid")), "addresses", "季文静"),
        (replace(ALL[0], person=replace(CLERK, email="")), "addresses", "季文静"),
        (replace(ALL[0], invited=False, has_password=False, logged_in=False), "invited", "季文静"),
        (replace(ALL[0], has_password=False, logged_in=False), "logged_in", "季文静"),
        (replace(ALL[0], person=replace(CLERK, deputy="")), "deputies", "甲镇"),
    ],
)
def test_what_a_person_lacks_is_named(changed: Account, name: str, told: str) -> None:
    assert lacking((changed, *ALL[1:])) == {name: (told,)}


def test_only_who_needs_a_second_factor_is_asked_for_it() -> None:
    without = tuple(replace(one, second_factor=False) for one in ALL)

    assert lacking(without) == {"second_factor": ("周敏",)}


@pytest.mark.parametrize("name", ["mail", "address", "contact"])
def test_what_the_machine_was_not_told_is_named(name: str) -> None:
    [(found, told)] = lacking(machine=replace(READY, **{name: False})).items()

    assert (found, len(told)) == (name, 1)


def test_a_calendar_that_ends_before_the_campaign_is_told_with_both_days() -> None:
    assert lacking(published_until=date(2026, 12, 30)) == {
        "calendar": ("只录到2026年12月30日，活动要算到2026年12月31日",)
    }


def test_every_line_says_what_to_do() -> None:
    items: tuple[Item, ...] = readiness(ALL, TOWNS, READY, published_until=LAST, ends_on=LAST)

    assert all(one.title and one.advice.endswith("。") for one in items)
    assert len({one.name for one in items}) == len(items) == 9


@pytest.mark.parametrize(
    ("address", "fine"),
    [
        ("wang@town.gov.cn", True),
        ("wang@test.gov.cn", True),
        ("wang@county.example.invalid", False),
        ("wang@invalid", False),
        ("wang@mail.TEST", False),
        ("", False),
    ],
)
def test_address_is_reachable_where_mail_can_arrive(address: str, fine: bool) -> None:
    assert is_reachable(address) is fine
