"""Who may do what on which object."""

from __future__ import annotations

import pytest

from rules.campaign.campaign import ROLES, Person
from rules.people.rights import (
    ANY,
    ASSIGNED,
    OWN_TOWN,
    RIGHTS,
    Place,
    grants,
    may,
    needs_one_time_password,
    scopes_for,
)

OWN, FOREIGN = "331181100", "331181103"


def person(*roles: str, conflicts: tuple[str, ...] = ()) -> Person:
    town = OWN if {"town_clerk", "deputy_head"}.intersection(roles) else ""
    return Person(id="me", name="", email="", roles=roles, town_code=town, conflicts=conflicts)


def test_table_names_only_known_roles_and_scopes() -> None:
    assert {role for scopes in RIGHTS.values() for role in scopes} == set(ROLES)
    assert {scope for scopes in RIGHTS.values() for scope in scopes.values()} == {OWN_TOWN, ASSIGNED, ANY}


@pytest.mark.parametrize("right", RIGHTS)
@pytest.mark.parametrize("role", ROLES)
def test_right_opens_exactly_as_far_as_the_table_says(right: str, role: str) -> None:
    scope = RIGHTS[right].get(role)
    own, foreign, mine = Place(OWN), Place(FOREIGN), Place(FOREIGN, frozenset({"me"}))

    opened = [may(right, person(role), place) for place in (own, foreign, mine)]

    reached = {
        None: [False] * 3,
        OWN_TOWN: [True, False, False],
        ASSIGNED: [False, False, True],
        ANY: [True] * 3,
    }
    assert opened == reached[scope]


def test_assigned_person_with_a_conflict_is_kept_out() -> None:
    place = Place(FOREIGN, frozenset({"me"}))

    assert may("gate.read", person("reviewer"), place)
    assert not may("gate.read", person("reviewer", conflicts=(FOREIGN,)), place)


def test_object_without_town_belongs_to_no_town() -> None:
    assert not may("duty.read", person("town_clerk"), Place(""))


def test_person_with_two_roles_has_both() -> None:
    both = person("town_clerk", "coordinator")

    assert may("board.read", both, Place())
    assert may("village.hand_in", both, Place(OWN))
    assert not may("village.hand_in", both, Place(FOREIGN))


def test_one_time_password_is_asked_of_bureau_roles_only() -> None:
    asked = {role for role in ROLES if needs_one_time_password([role])}

    assert asked == set(ROLES) - {"town_clerk", "deputy_head"}
    assert needs_one_time_password(["town_clerk", "reviewer"])


def test_token_can_be_given_what_its_person_may_and_no_more() -> None:
    offered = {role: set(scopes_for([role])) for role in ROLES}

    assert offered["town_clerk"] == {"village.read", "village.hand_in", "inbox"}
    assert offered["reviewer"] == {"village.read", "inbox", "gate.read", "gate.decide"}
    assert all(role in RIGHTS[scope] for role in ROLES for scope in offered[role])


def test_token_opens_what_it_was_made_for_and_says_whose_it_is() -> None:
    opened = {right for right in RIGHTS if grants(["gate.read"], right)}

    assert opened == {"account", "gate.read"}
