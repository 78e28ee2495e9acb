"""Objections to who is about to be recognised: by name, with evidence, answered in writing by somebody else."""

from __future__ import annotations

from collections.abc import Collection

from rules.refusals import Refused
from rules.signs import says_nothing

UPHELD, REFUSED = "upheld", "refused"
ANSWERS = {UPHELD: "成立", REFUSED: "不成立"}
OUTCOMES = {
    "": "公示中",
    "stood": "公示期满，无异议或异议不成立",
    "upheld": "异议成立，重新认定",
    "overtaken": "认定内容变动，重新公示",
}
"""What a publicity has come to."""
LONGEST_NAME, LONGEST = 200, 4000


def refuse_objection(objector: str, evidence: str) -> Refused | None:
    """None for one that can be taken in: an objection without a name or without anything to show is none."""
    if says_nothing(objector) or len(objector) > LONGEST_NAME:
        return Refused("no_objector", f"异议须实名提出：请写明异议人姓名和联系方式，不超过{LONGEST_NAME}字。")
    if says_nothing(evidence) or len(evidence) > LONGEST:
        return Refused("no_evidence", f"请写明异议的事实和证据，不超过{LONGEST}字。")
    return None


def refuse_answer(
    *, answer: str, words: str, by: str, roles: Collection[str], recorded_by: str, given: str | None
) -> Refused | None:
    """None when this person may answer it so."""
    if given is not None:
        return Refused("answered", "这件异议已经答复，请刷新页面查看。")
    if "bureau_leader" not in roles and "coordinator" not in roles:
        return Refused("wrong_role", "公示异议由活动协调员或局分管领导答复。")
    if by == recorded_by:
        return Refused("same_eyes", "异议由您登记，须由另一人答复。")
    if answer not in ANSWERS:
        return Refused("unknown_answer", "请选择异议成立或不成立。")
    if says_nothing(words) or len(words) > LONGEST:
        return Refused("no_reason", f"请书面答复异议，写明核实情况和结论，不超过{LONGEST}字。")
    return None
