"""Who may do which act."""

from __future__ import annotations

import pytest

from rules.campaign.campaign import Person
from rules.duties.holding import Post
from rules.people.acts import ACTS, Matter, acts_noted_as, may_do
from rules.people.rights import RIGHTS

TOWN = "331181100"


def person(*roles: str, town: str = "") -> Person:
    return Person("me", "", "", roles, town_code=town)


def test_table_names_only_known_rights() -> None:
    assert {who.right for who in ACTS.values()} <= {"", *RIGHTS}


@pytest.mark.parametrize(
    ("act", "who", "matter", "may"),
    [
        ("survey.confirm_survey", person("town_clerk", town=TOWN), Matter(TOWN), True),
        ("survey.confirm_survey", person("auditor", town=TOWN), Matter(TOWN), False),
        ("survey.confirm_survey", person("town_clerk", town=TOWN), Matter("331181103"), False),
        ("absences.end_absence", person("auditor"), Matter(owner="me"), True),
        ("absences.end_absence", person("auditor"), Matter(owner="other"), False),
        ("person.declare_conflict", person("coordinator"), Matter(owner="other"), False),
        ("proposals.confirm", person("coordinator"), Matter(), True),
        ("proposals.confirm", person("coordinator"), Matter(barred=frozenset({"me"})), False),
        ("proposals.confirm", person("coordinator"), Matter(roles=("auditor",)), False),
        ("proposals.confirm", person("auditor"), Matter(roles=("auditor",)), True),
        ("decisions.decide", person("reviewer"), Matter(TOWN, post=Post(("reviewer",), TOWN)), True),
        ("decisions.decide", person("coordinator"), Matter(TOWN, post=Post(("reviewer",), TOWN)), False),
        ("decisions.decide", person("reviewer"), Matter(TOWN), False),
        ("telephone.record_by_phone", person("coordinator"), Matter(post=Post(("coordinator",))), True),
        ("tokens.make_token", person("coordinator"), Matter(owner="other", roles=("town_clerk",)), True),
        ("tokens.make_token", person("coordinator"), Matter(owner="other", roles=("finance",)), False),
    ],
)
def test_act_is_done_by_whom_the_table_lets(act: str, who: Person, matter: Matter, may: bool) -> None:
    assert may_do(act, who, "me", matter) is may


@pytest.mark.parametrize(
    ("act", "by", "may"),
    [
        ("proposals.confirm", "operator", True),
        ("proposals.confirm", "system", False),
        ("retention.erase_outlived", "system", True),
        ("staff.deactivate", "operator", False),
        ("proposals.confirm", "stranger", False),
    ],
)
def test_machine_does_only_what_is_its_own(act: str, by: str, may: bool) -> None:
    assert may_do(act, None, by, Matter()) is may


def test_word_of_the_audit_log_names_its_acts() -> None:
    assert acts_noted_as("close_stage") == ("stage_changes.close_early",)
    assert acts_noted_as("answer_extension") == (
        "extension_requests.grant_request",
        "extension_requests.refuse_request",
    )
    assert acts_noted_as("no_such_word") == ()
