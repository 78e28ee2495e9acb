"""The audit log in words: every act has some, and a decision can be explained years later."""

from __future__ import annotations

import ast

import pytest

from actions.upkeep.audit_words import ACTS, FACTS, tell
from config.places import ROOT
from records.store import Store
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import decide_latest

ROOMS = [ROOT / room for room in ("actions", "commands", "tasks")]


def functions_that_note() -> list[ast.FunctionDef]:
    trees = [ast.parse(file.read_text(encoding="utf-8")) for room in ROOMS for file in room.rglob("*.py")]
    found = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return [function for function in found if calls_of_note(function)]


def calls_of_note(function: ast.FunctionDef) -> list[ast.Call]:
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    return [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "note"]


def given(call: ast.Call, name: str) -> list[ast.expr]:
    return [keyword.value for keyword in call.keywords if keyword.arg == name]


def test_every_act_that_is_noted_has_words() -> None:
    calls = [call for function in functions_that_note() for call in calls_of_note(function)]
    literal = {act.value for call in calls for act in given(call, "act") if isinstance(act, ast.Constant)}

    assert len(literal) > 15
    assert literal - ACTS.keys() == set(), "add the words for these acts to actions/upkeep/audit_words.py"


def test_every_fact_that_is_noted_has_a_title() -> None:
    """Facts written in the call itself, or in the same function under the name ``facts``."""
    names = {name for function in functions_that_note() for name in names_of_facts(function)}

    assert len(names) > 15
    assert names - FACTS.keys() == set(), "add the titles of these facts to actions/upkeep/audit_words.py"


def names_of_facts(function: ast.FunctionDef) -> set[str]:
    inline = [value for call in calls_of_note(function) for value in given(call, "facts")]
    assigned = [
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        and any(isinstance(to, ast.Name) and to.id == "facts" for to in node.targets)
    ]
    keys = [key for value in (*inline, *assigned) if isinstance(value, ast.Dict) for key in value.keys]
    return {key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}


@pytest.fixture
def returned(submitting: Store, at_desk: GateRow, campaign: Campaign) -> Store:
    """The first village returned by its reviewer, with a reason."""
    done = decide_latest(
        submitting, "desk_review", at_desk.subject, by="reviewer-2", answer="return", reason="缺少两人去向"
    )
    assert not isinstance(done, Refused), done
    return submitting


def test_decision_is_told_with_who_what_and_why(returned: Store, campaign: Campaign) -> None:
    village = campaign.villages[0]

    with returned.reading() as session:
        last = tell(session, subject=village.name)[-1]

    town = campaign.town(village.town_code).name
    person = next(person for person in campaign.people if person.id == "reviewer-2")
    assert (last.who, last.what, last.about) == (
        f"{person.name}（审核人员）",
        "作出决定",
        f"{town}{village.name}",
    )
    assert last.why | {"材料指纹": ""} == {
        "审批点": campaign.gate("desk_review").title, "次数": "1", "席位": "初审", "意见": "退回补正",
        "理由": "缺少两人去向", "材料指纹": "", "途径": "网页",
    }  # fmt: skip


def test_log_goes_back_sheet_by_sheet_without_a_gap(returned: Store) -> None:
    with returned.reading() as session:
        whole = tell(session)
        newest = tell(session, limit=3)
        older = tell(session, before=newest[0].seq, limit=3)

    assert [one.seq for one in (*older, *newest)] == [one.seq for one in whole[-6:]]


def test_log_about_one_village_leaves_out_the_others(returned: Store, campaign: Campaign) -> None:
    with returned.reading() as session:
        about_one = tell(session, subject=campaign.villages[0].code)
        everything = tell(session)

    assert 0 < len(about_one) < len(everything)
    assert {one.about.endswith(campaign.villages[0].name) for one in about_one} == {True}
