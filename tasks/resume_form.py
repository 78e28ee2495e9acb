"""The form that the Prefect UI shows on Resume: made for each gate from the campaign's plan of it.

A form is a JSON schema and no class: the server checks what is typed against it before it wakes the run. No field
is required and none has a default, so that an empty form is only a bell and nobody decides by pressing a button.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.campaign.campaign import GatePlan
from rules.review.gates import reason_text

CODE = "code"
ANSWER = "answer"
REASON = "reason"
DETAIL = "detail"


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody typed: ``answer`` is a key of the gate's answers, or empty."""

    code: str
    answer: str
    reason: str

    @property
    def is_empty(self) -> bool:
        return not (self.code or self.answer or self.reason)

    @property
    def is_whole(self) -> bool:
        return bool(self.code and self.answer)


def approval_form(plan: GatePlan, *, sentence: str) -> dict[str, Any]:
    """The schema for one gate; ``sentence`` says what is asked, above the first field."""
    titles = dict(plan.answers)
    needs_reason = "、".join(f"“{titles[answer]}”" for answer in plan.reason_needed)
    reason_due = f"选择{needs_reason}时必须有理由。" if needs_reason else ""
    fields: dict[str, dict[str, Any]] = {
        CODE: {
            "title": "授权码",
            "description": f"{sentence}\n\n填审批邮件中的一次性授权码。全部留空提交只是叫醒本运行，不作决定。",
        },
        ANSWER: {"title": "决定", "description": "没有默认值，请选择。", "enum": list(titles.values())},
        REASON: {"title": "理由", "description": f"{reason_due}从列表中选择。"},
        DETAIL: {
            "title": "补充说明",
            "description": "列表之外的理由或具体情况；不要写姓名、身份证号和电话。",
        },
    }
    if plan.reasons:
        fields[REASON]["enum"] = [title for _, title in plan.reasons]
    else:
        del fields[REASON]
    return {
        "title": plan.title,
        "type": "object",
        "properties": {
            name: {"type": "string", "position": position, **field}
            for position, (name, field) in enumerate(fields.items())
        },
        "additionalProperties": False,
    }


def read_form(plan: GatePlan, typed: Mapping[str, Any]) -> Filled:
    """What was typed, with the answer's key instead of its title."""
    text = {name: str(value or "").strip() for name, value in typed.items()}
    keys = {title: answer for answer, title in plan.answers}
    return Filled(
        code=text.get(CODE, ""),
        answer=keys.get(text.get(ANSWER, ""), ""),
        reason=reason_text(text.get(REASON, ""), text.get(DETAIL, "")),
    )
