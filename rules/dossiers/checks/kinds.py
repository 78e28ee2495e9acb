"""The one table of everything a check can find: stage, severity, sentence and advice, by stable code."""

from __future__ import annotations

from collections.abc import Mapping

from rules.dossiers.checks.kind import FindingKind
from rules.dossiers.checks.kinds_of_answers import OF_ANSWERS
from rules.dossiers.checks.kinds_of_files import OF_FILES

STAGES: Mapping[str, str] = {
    "file": "文件",
    "identity": "是谁的材料",
    "structure": "工作表和列",
    "cell": "单元格",
    "row": "一行之内",
    "table": "花名册全表",
    "forms": "各附件之间",
    "villages": "各社区(村)之间",
}
"""Key and title of each stage, in order."""

SEVERITIES: Mapping[str, str] = {
    "error": "错误",
    "warning": "提醒",
    "corrected": "已自动整理",
    "trial": "试行",
}
"""The gravest first. A check on trial is told to the bureau and stops nobody."""

FINDINGS: Mapping[str, FindingKind] = {**OF_FILES, **OF_ANSWERS}
"""By code. A code never changes its meaning; a new meaning gets a new code."""
