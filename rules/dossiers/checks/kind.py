"""What a kind of finding is, and the words that several kinds share."""

from __future__ import annotations

from dataclasses import dataclass

WHERE = "“{sheet}”{ref}："
APART = "请核对是否人户分离、重复登记；属实的请在“特殊情况说明”里写明。"
ASK = "请下载模板，用Excel或WPS填写并另存为.xlsx后再上传。"


@dataclass(frozen=True, slots=True)
class FindingKind:
    """``sentence`` says what is wrong, where, and what to do; ``advice`` is what the help page adds."""

    stage: str
    severity: str
    sentence: str
    advice: str = ""
