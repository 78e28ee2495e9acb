"""What simulated reviewers and leaders think of a village: scores with reasons, answers, findings on site."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from fractions import Fraction

from actions.review.reconciliation import OpenDispute
from actions.review.score_sheets import sheet_of
from records.tables.dossiers import UploadRow
from records.tables.review import ScoreRow
from rules.campaign.campaign import Campaign
from rules.campaign.facts import fact_key, item_key
from rules.review.grounds import claims_to_accept

Marks = tuple[dict[str, str], dict[str, str]]
"""Facts that differ from the town's, and a reason for each."""

NOTHING: Marks = ({}, {})
SEEN = "已核对《特色项目台账》原件，认可申报的分值。"
RETURNS = {"returned": 1, "returned_twice": 2}
"""Plot -> how many times the desk review sends its dossier back."""
NOT_PROVEN = "所附佐证材料不足以证明该项工作已开展。"
PROVEN = "补看佐证材料原件后认为该项属实。"


def marks_of_first(campaign: Campaign, upload: UploadRow, plot: str) -> Marks:
    """Reviewer A: agrees with the town, doubts its work down to the passing line, or names a veto."""
    if plot == "vetoed":
        veto = campaign.scheme.vetoes[-1].id
        return {veto: "1"}, {veto: "经查阅《就业服务投诉台账》并回访，投诉属实。"}
    return _doubts(campaign, upload) if plot == "disputed" else NOTHING


def marks_of_second(campaign: Campaign, upload: UploadRow, plot: str) -> Marks:
    """Reviewer B of a disputed village, who knows nothing of A, doubts the same but for one thing."""
    if plot != "disputed":
        return NOTHING
    doubts = _doubts(campaign, upload)[0]
    kept = {key: number for key, number in doubts.items() if key != min(doubts)}
    return kept, dict.fromkeys(kept, NOT_PROVEN)


def confirmed(campaign: Campaign, upload: UploadRow, marks: Marks) -> Marks:
    """The same with a reason for every claim that only judgement can accept."""
    claimed = {key: Fraction(value) for key, value in upload.facts.items()}
    wanted = claims_to_accept(campaign.scheme, claimed)
    return (
        {**{key: upload.facts[key] for key in wanted}, **marks[0]},
        {**dict.fromkeys(wanted, SEEN), **marks[1]},
    )


def ruled(open_: Iterable[OpenDispute]) -> Marks:
    """The third person believes whoever gave more points, having seen the originals; a veto they confirm."""
    points = {one.dispute.id: str(max(one.dispute.first, one.dispute.second)) for one in open_}
    return points, dict.fromkeys(points, PROVEN)


def _doubts(campaign: Campaign, upload: UploadRow) -> Marks:
    adjustments: dict[str, str] = {}
    within = campaign.scheme.pass_line + campaign.scheme.second_review_within
    for key in _claimed_items(campaign, upload):
        if sheet_of(campaign, upload, adjustments).total <= within:
            break
        adjustments[key] = "0"
    return adjustments, dict.fromkeys(adjustments, NOT_PROVEN)


def _claimed_items(campaign: Campaign, upload: UploadRow) -> Iterator[str]:
    for indicator in campaign.scheme.indicators:
        for number in range(1, len(indicator.items) + 1) if indicator.kind == "checklist" else ():
            key = f"{indicator.id}/{number}"
            if upload.facts.get(key) == "1":
                yield key


def found_on_site(campaign: Campaign, village_code: str, *, seed: int) -> dict[str, str]:
    """What a visit corrects: some entries of the ledger that do not agree with the people met."""
    dice = random.Random(f"{seed}:found:{village_code}")
    counted = [one for one in campaign.scheme.indicators if one.kind == "deduct"]
    if not counted:
        return {}
    fact = item_key(counted[0], 1) if counted[0].items else fact_key(counted[0])
    return {fact: str(dice.randint(0, 2))}


def desk_answer(plot: str, attempt: int) -> tuple[str, str]:
    """(answer, reason) at a desk review."""
    if plot == "vetoed":
        return "veto", "存在一票否决情形，详见评分表。"
    if attempt <= RETURNS.get(plot, 0):
        return "return", "花名册缺少两名外出人员的就业去向，请核实后补报。"
    return "pass", ""


def recognition_answer(campaign: Campaign, final: ScoreRow) -> tuple[str, str]:
    """(answer, reason) of the bureau's leader, by the score sheet."""
    if final.vetoes:
        return "refuse", "存在一票否决情形。"
    if Fraction(final.total) < campaign.scheme.pass_line:
        return "refuse", "核定得分未达到认定分数线。"
    return "recognise", ""
