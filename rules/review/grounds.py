"""What a judgement needs beside its numbers: a reason for what only judgement accepts, evidence for a veto."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from rules.campaign.facts import Facts, fact_key
from rules.campaign.scheme import Scheme
from rules.refusals import Refused

ROWS = re.compile(r"花名册[^。；;]{0,6}?第?\s*(\d{1,5})\s*行")
PICTURES = re.compile(r"(?:图片|照片|图)\s*(\d{1,3})(?!\d)")
PAPERS = re.compile(r"《[^》]{2,}》|〔\d{4}〕\s*\d+\s*号")
"""A document by its title or its number."""


@dataclass(frozen=True, slots=True)
class Named:
    """The evidence that a text names: rows of the roster, pictures by number, whether a document."""

    rows: frozenset[int]
    pictures: frozenset[int]
    papers: bool


def named_in(text: str) -> Named:
    rows, pictures = (frozenset(map(int, pattern.findall(text))) for pattern in (ROWS, PICTURES))
    return Named(rows, pictures, bool(PAPERS.search(text)))


def vetoes_found(scheme: Scheme, adjustments: Mapping[str, str]) -> tuple[str, ...]:
    """Ids of the vetoes that these changes hold against a village."""
    return tuple(veto.id for veto in scheme.vetoes if adjustments.get(veto.id, "0").strip() not in ("", "0"))


def refuse_unproven(
    veto: str, named: Named, *, rows: Collection[int], pictures: Collection[int]
) -> Refused | None:
    """A veto needs evidence that is there; ``rows`` and ``pictures`` are those that the dossier has."""
    missing = [f"花名册第{row}行" for row in sorted(named.rows - set(rows))]
    missing += [f"图片{number}" for number in sorted(named.pictures - set(pictures))]
    if missing:
        return Refused(
            "no_such_evidence", f"“{veto}”的证据在材料中找不到：{'、'.join(missing)}，请核对编号。"
        )
    if named.rows or named.pictures or named.papers:
        return None
    return Refused(
        "veto_unproven",
        f"认定“{veto}”须写明证据：花名册第几行、图片几，或文件名称(加书名号)、文号，如“花名册第12行”“图片3”“《投诉台账》”。",
    )


def claims_to_accept(scheme: Scheme, claimed: Facts) -> dict[str, str]:
    """Fact -> indicator, of the points that a town asks for and that no rule, only judgement, can give."""
    every = (*scheme.indicators, *scheme.bonus)
    return {
        fact_key(one): one.name
        for one in every
        if one.kind == "manual" and Fraction(claimed.get(fact_key(one), 0))
    }


def refuse_unreasoned(scheme: Scheme, claimed: Facts, reasons: Mapping[str, str]) -> Refused | None:
    """Accepting such a claim needs a reason of its own; silence accepts nothing."""
    silent = [
        name for fact, name in claims_to_accept(scheme, claimed).items() if not reasons.get(fact, "").strip()
    ]
    if not silent:
        return None
    return Refused(
        "claim_unreasoned",
        f"以下项目由审核人员酌情评定，无论是否认可申报的分值，都须先在评分表中写明理由：{'、'.join(silent)}。",
    )
