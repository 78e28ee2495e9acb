"""The findings as an annotated copy tells them: a line for each, and a heading that counts them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rules.dossiers.checks.findings import alike, cells_named, parted, places
from rules.dossiers.checks.progress import FIXED, NEW, STILL, Progress
from rules.dossiers.dossier import Finding

LIST_TITLE = "问题清单"
"""The sheet with all findings; it takes no part in any check."""

TITLES: Mapping[str, str] = {
    "error": "必须改正",
    "warning": "请核对",
    "corrected": "已自动整理",
    "trial": "试行检查",
}
"""What each severity asks of a town."""

SINCE: Mapping[str, str] = {NEW: "新出现", STILL: "仍未改", FIXED: "已改正"}

MOST_LISTED = 5_000
"""With more findings the list tells those that are alike in one line."""
MOST_COMMENTS = 500
"""So many cells of one sheet get a comment; all get their colour and their line."""

HOW = (
    "点“位置”可跳到该单元格，批注里也写着问题。改好后保存，上传本文件或原文件均可；"
    "本页和批注不参与校验，上传时不必删除。"
)


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of the list. ``cells`` are marked in the sheet; ``since`` is a key of ``SINCE`` or empty."""

    severity: str
    since: str
    sheet: str
    ref: str
    cells: tuple[str, ...]
    wrong: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Annotation:
    """Everything that is put into a copy. ``compared``: whether an earlier version is told apart."""

    title: str
    notes: tuple[str, ...]
    compared: bool
    remarks: tuple[Remark, ...]


def annotation(
    findings: Sequence[Finding], *, title: str, compared: Progress | None = None, earlier: int = 0
) -> Annotation:
    """``earlier`` is the number of the version with which the findings were compared, 0 when it has none."""
    since = compared.since if compared else ("",) * len(findings)
    told = remarks(list(zip(findings, since, strict=True)))
    fixed = tuple(remark(one, FIXED, ()) for one in compared.fixed) if compared else ()
    notes = [summary(findings), HOW]
    if compared:
        notes[0] += f"与{f'第{earlier}版' if earlier else '上一版'}相比：{told_apart(compared)}。"
    if most_marked(told) > MOST_COMMENTS:
        notes[1] += f"批注只加在每页前{MOST_COMMENTS}个单元格上，颜色标在全部单元格上。"
    return Annotation(title, tuple(notes), compared is not None, told + fixed)


def remarks(findings: Sequence[tuple[Finding, str]]) -> tuple[Remark, ...]:
    if len(findings) <= MOST_LISTED:
        return tuple(remark(one, since, cells_named(one)) for one, since in findings)
    return tuple(one_for_all([findings[n] for n in group]) for group in alike([one for one, _ in findings]))


def remark(finding: Finding, since: str, cells: tuple[str, ...]) -> Remark:
    wrong, remedy = parted(finding)
    return Remark(finding.severity, since, finding.sheet, finding.ref, cells, wrong, remedy)


def one_for_all(group: Sequence[tuple[Finding, str]]) -> Remark:
    """The line of many findings alike: the first one's words, and all their places."""
    first, since = group[0]
    since = since if all(other == since for _, other in group) else ""
    cells = tuple(cell for one, _ in group for cell in cells_named(one))
    one = remark(first, since, cells)
    if len(group) == 1:
        return one
    refs = [member.ref for member, _ in group if member.ref]
    more = f"（同类问题共{len(group)}处：{places(refs)}。）" if refs else f"（同类问题共{len(group)}处。）"
    return Remark(one.severity, since, one.sheet, one.ref, cells, one.wrong + more, one.remedy)


def summary(findings: Sequence[Finding]) -> str:
    counted = Counter(one.severity for one in findings)
    parts = [f"{title}{counted[severity]}处" for severity, title in TITLES.items() if counted[severity]]
    return f"共{len(findings)}处：{'，'.join(parts)}。" if parts else "没有发现问题。"


def told_apart(compared: Progress) -> str:
    """已改正3处，仍未改1处，新出现0处."""
    return "，".join(f"{SINCE[since]}{compared.count(since)}处" for since in (FIXED, STILL, NEW))


def most_marked(told: Sequence[Remark]) -> int:
    """How many cells are marked on the sheet that has most of them."""
    cells = {(one.sheet, cell) for one in told for cell in one.cells}
    return max(Counter(sheet for sheet, _ in cells).values(), default=0)
