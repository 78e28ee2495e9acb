"""Acts of two: who may be the second person, who may take a proposal back, and when it is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from rules.campaign.campaign import Person
from rules.people.proposals import (
    OPERATOR,
    Proposal,
    may_confirm,
    refuse_declining,
    refuse_mixed_powers,
    refuse_over,
    refuse_second,
)
from tests.rules.samples import local

ENDS = local(11, 10)
PROPOSAL = Proposal(proposed_by="coordinator-1", concerns=("leader-1",), expires_at=ENDS)


def person(person_id: str, *roles: str) -> Person:
    return Person(person_id, "甲", f"{person_id}@example.invalid", roles)


@pytest.mark.parametrize(
    ("by", "roles", "code"),
    [
        ("coordinator-2", ("coordinator",), ""),
        ("leader-2", ("bureau_leader",), ""),
        ("coordinator-1", ("coordinator",), "same_person"),
        ("leader-1", ("bureau_leader",), "own_account"),
        ("clerk-1", ("town_clerk",), "not_entitled"),
        ("auditor-1", ("auditor",), "not_entitled"),
        ("reviewer-1", ("reviewer", "finance"), "not_entitled"),
    ],
)
def test_second_person_is_entitled_and_neither_proposed_it_nor_is_concerned(
    by: str, roles: tuple[str, ...], code: str
) -> None:
    refused = refuse_second(person(by, *roles), by, PROPOSAL)

    assert (refused.code if refused else "") == code
    assert may_confirm(person(by, *roles), PROPOSAL) is (code == "")


@pytest.mark.parametrize(("by", "code"), [(OPERATOR, ""), ("somebody", "not_entitled")])
def test_only_whoever_holds_the_machine_is_the_second_without_an_account(by: str, code: str) -> None:
    refused = refuse_second(None, by, PROPOSAL)

    assert (refused.code if refused else "") == code


def test_whoever_proposed_it_may_take_it_back_and_the_one_concerned_may_not_decline_it() -> None:
    mine = refuse_declining(person("coordinator-1", "coordinator"), "coordinator-1", PROPOSAL)
    concerned = refuse_declining(person("leader-1", "bureau_leader"), "leader-1", PROPOSAL)

    assert mine is None
    assert concerned is not None
    assert concerned.code == "own_account"


@pytest.mark.parametrize(("by", "code"), [("coordinator-1", "not_entitled"), ("operator", "")])
def test_who_proposed_and_was_stood_down_takes_nothing_back(by: str, code: str) -> None:
    refused = refuse_declining(None, by, replace(PROPOSAL, proposed_by=by))

    assert (refused.code if refused else "") == code


def test_proposal_is_over_once_it_is_decided_or_its_last_moment_has_come() -> None:
    before = ENDS - timedelta(seconds=1)

    assert refuse_over(PROPOSAL, now=before) is None
    for proposal, now in ((PROPOSAL, ENDS), (replace(PROPOSAL, is_open=False), before)):
        refused = refuse_over(proposal, now=now)
        assert refused is not None
        assert refused.code == "proposal_over"


@pytest.mark.parametrize(
    ("by", "roles", "code"),
    [
        ("auditor-2", ("auditor",), ""),
        ("coordinator-2", ("coordinator",), "auditor_needed"),
        ("leader-2", ("bureau_leader",), "auditor_needed"),
    ],
)
def test_what_concerns_an_auditor_is_none_of_the_business(by: str, roles: tuple[str, ...], code: str) -> None:
    refused = refuse_second(person(by, *roles), by, replace(PROPOSAL, of_auditor=True))

    assert (refused.code if refused else "") == code


@pytest.mark.parametrize(
    ("roles", "code"),
    [(("auditor",), ""), (("coordinator", "finance"), ""), (("auditor", "finance"), "auditor_apart")],
)
def test_auditor_has_no_part_in_what_is_overseen(roles: tuple[str, ...], code: str) -> None:
    refused = refuse_mixed_powers(roles)

    assert (refused.code if refused else "") == code
