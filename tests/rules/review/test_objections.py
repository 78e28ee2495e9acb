"""Objections by name and with evidence, answered in writing by somebody else."""

from __future__ import annotations

import pytest

from rules.review.objections import refuse_answer, refuse_objection


@pytest.mark.parametrize(
    ("objector", "evidence", "code"),
    [
        ("张三 电话13000000000", "台账与实际不符", ""),
        (" ", "台账与实际不符", "no_objector"),
        ("长" * 201, "台账与实际不符", "no_objector"),
        ("张三", " ", "no_evidence"),
        ("张三", "长" * 4001, "no_evidence"),
    ],
)
def test_objection_needs_a_name_and_evidence(objector: str, evidence: str, code: str) -> None:
    refused = refuse_objection(objector, evidence)

    assert (refused.code if refused else "") == code


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, ""),
        ({"roles": ("coordinator",)}, ""),
        ({"given": "refused"}, "answered"),
        ({"roles": ("reviewer",)}, "wrong_role"),
        ({"by": "c1"}, "same_eyes"),
        ({"answer": "perhaps"}, "unknown_answer"),
        ({"words": " "}, "no_reason"),
    ],
)
def test_objection_is_answered_once_in_writing_by_somebody_else(
    changed: dict[str, object], code: str
) -> None:
    usual: dict[str, object] = {
        "answer": "upheld",
        "words": "核实属实。",
        "by": "l1",
        "roles": ("bureau_leader",),
        "recorded_by": "c1",
        "given": None,
    }

    refused = refuse_answer(**{**usual, **changed})  # type: ignore[arg-type]

    assert (refused.code if refused else "") == code
