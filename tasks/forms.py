"""The forms that the Prefect UI shows on Resume."""

from __future__ import annotations

from typing import Literal

from prefect.input import RunInput
from pydantic import Field

Answer = Literal["pass", "return", "veto", "recognise", "refuse", "approve"]


class Approval(RunInput):
    """A one-time code, an answer without default, a reason; left empty it is only a bell."""

    code: str | None = Field(default=None, title="授权码", description="邮件中的一次性授权码")
    answer: Answer | None = Field(default=None, title="决定", description="没有默认值，请选择")
    reason: str | None = Field(default=None, title="理由", description="退回、不予认定时必须填写")
