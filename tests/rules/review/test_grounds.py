"""A veto stands on evidence that is there; a claim that no rule can score is accepted with a reason."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from rules.campaign.scheme import Indicator
from rules.refusals import Refused
from rules.review.grounds import (
    Named,
    claims_to_accept,
    named_in,
    refuse_unproven,
    refuse_unreasoned,
    vetoes_found,
)
from tests.rules.samples import SCHEME

MANUAL = Indicator("C9", "C", "特色品牌", Fraction(2), "manual")
JUDGED = replace(SCHEME, bonus=(MANUAL,))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("花名册第12行与第13行", Named(frozenset({12}), frozenset(), papers=False)),
        ("见图片3、照片 4", Named(frozenset(), frozenset({3, 4}), papers=False)),
        ("查《投诉台账》", Named(frozenset(), frozenset(), papers=True)),
        ("龙人社〔2020〕 5号", Named(frozenset(), frozenset(), papers=True)),
        ("群众反映属实", Named(frozenset(), frozenset(), papers=False)),
    ],
)
def test_evidence_is_named_by_row_picture_or_document(text: str, named: Named) -> None:
    assert named_in(text) == named


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("群众反映属实", "veto_unproven"),
        ("花名册第99行", "no_such_evidence"),
        ("图片9", "no_such_evidence"),
        ("花名册第4行", None),
        ("图片1", None),
        ("《投诉台账》", None),
    ],
)
def test_veto_without_evidence_that_is_there_is_refused(text: str, code: str | None) -> None:
    refused = refuse_unproven("弄虚作假", named_in(text), rows={4, 5}, pictures={1})

    assert (refused.code if isinstance(refused, Refused) else None) == code


def test_vetoes_are_those_that_a_sheet_holds_against_a_village() -> None:
    first, *others = [veto.id for veto in SCHEME.vetoes]

    assert vetoes_found(SCHEME, {first: "1", **dict.fromkeys(others, "0"), "B1.3": "2"}) == (first,)


def test_claim_that_only_judgement_can_accept_needs_a_reason() -> None:
    refused = refuse_unreasoned(JUDGED, {"C9": 2}, {"C9": " "})

    assert claims_to_accept(JUDGED, {"C9": 2, "B1.3": 1}) == {"C9": "特色品牌"}
    assert isinstance(refused, Refused)
    assert "特色品牌" in refused.reason
    assert refuse_unreasoned(JUDGED, {"C9": 2}, {"C9": "有授牌文件"}) is None
    assert refuse_unreasoned(JUDGED, {"C9": 0}, {}) is None
