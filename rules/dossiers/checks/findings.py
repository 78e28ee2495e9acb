"""Saying what a check found: findings, refusals of whole files, groups of them, and the help page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby

from rules.dossiers.checks.kind import WHERE
from rules.dossiers.checks.kinds import FINDINGS, SEVERITIES, STAGES
from rules.dossiers.dossier import Cell, Finding
from rules.dossiers.id_numbers import HALF_WIDTH, mask
from rules.dossiers.tolerances import TOLERANCES, UNSEEN
from rules.refusals import Refused

LONG_NUMBER = re.compile(rf"[0-9](?:[\s.,'\u00b7\u2010-\u2015\u2212{UNSEEN}-]*[0-9]){{14,}}[Xx]?")
"""A run of digits as long as an identity number, whatever stands between them."""
PLACE = re.compile(r"([A-Z]{1,3})([0-9]+)")
LONGEST = 60
"""So many signs of what a cell holds are repeated in a sentence."""
SHOWN = 8
"""So many places or rows are named in one sentence; of more their number."""
FEW = 3
"""Up to so many findings alike are told one by one."""
HEAD = """# 校验提示一览

一份材料可能收到的全部提示，按检查的先后排列。“错误”改正后才能受理；“提醒”请核对，不影响受理；“已自动整理”不必修改；
“试行”的检查只供局里参考。代码不会改变含义。此页由 `rules/dossiers/checks/kinds.py` 生成，不要手工修改。
"""
SPELLINGS = """
## 写法

校验认得下面的写法，填法不同、意思一样的不必修改。此表由 `rules/dossiers/tolerances.py` 生成，
模板的公式、下拉限制和填写说明用的是同一张表。

| 哪种格子 | 怎么填 | 也认 |
| --- | --- | --- |
"""
WORDS: Mapping[str, str] = {
    "sheet": "工作表",
    "ref": "单元格",
    "title": "项目",
    "value": "所填内容",
    "expected": "应为内容",
    "choices": "各选项",
    "corrections": "整理的内容",
    "when": "条件项目",
    "first": "…",
    "note": "算法",
    "limit": "15",
    "kind": "…",
    "what": "行、列、工作表或功能",
    "places": "各处位置",
    "shown": "所显示内容",
    "parts": "各分项",
    "rows": "相关的行。",
    "instead": "找到的名称",
    "remedy": "请另存为.xlsx后再上传。",
    "how": "写法不规范",
    "inputs": "所依据的格子",
    "causes": "这些格子",
}
BLANK = re.compile(r"\{[a-z]+\}")
RUN = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?:至\1([0-9]{1,7}))?|第([0-9]{1,7})行(?:至第([0-9]{1,7})行)?")
"""How ``rules.dossiers.checks.findings.places`` writes cells and rows below one another."""
MOST_CELLS = 2_000
"""Of one finding: more are not marked one by one."""


def found(code: str, cell: Cell, **facts: str) -> Finding:
    """The finding ``code`` at ``cell``; whatever could be an identity number is masked in its message."""
    kind = FINDINGS[code]
    safe = {
        name: clipped(shown(text)) if name == "value" else one_line(shown(text))
        for name, text in facts.items()
    }
    message = kind.sentence.format(**{**safe, "sheet": cell.sheet, "ref": cell.ref})
    return Finding(code, kind.severity, cell.sheet, cell.ref, message)


def refused(code: str, **facts: str) -> Refused:
    """Why a file is not looked into at all, in the words of the same table."""
    return Refused(code, FINDINGS[code].sentence.format(**facts))


def shown(text: str) -> str:
    """The text in half width, with every number as long as an identity number masked."""
    return LONG_NUMBER.sub(lambda number: mask(number[0]), text.translate(HALF_WIDTH))


def is_acceptable(findings: Iterable[Finding]) -> bool:
    """Whether a dossier with these findings can be accepted: only errors stop it."""
    return all(finding.severity != "error" for finding in findings)


def gravest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors before warnings before corrections; within each by stage, then as they were found."""
    severities, stages = list(SEVERITIES), list(STAGES)
    return tuple(
        sorted(
            findings,
            key=lambda one: (severities.index(one.severity), stages.index(FINDINGS[one.code].stage)),
        )
    )


def on_trial(findings: Iterable[Finding], trial: Sequence[str]) -> Iterator[Finding]:
    """The findings, those of codes on trial with that severity whatever they would be."""
    for one in findings:
        severity = "trial" if one.code in trial else one.severity
        yield Finding(one.code, severity, one.sheet, one.ref, one.message)


def messages(findings: Sequence[Finding]) -> list[str]:
    """One sentence per finding; many alike in one column are told once, with all their places."""
    return [sentence for _, sentence in grouped(findings)]


def grouped(findings: Sequence[Finding]) -> list[tuple[Finding, str]]:
    """Findings with their sentences in order; the first of many alike stands for all of them."""
    told = []
    for group in alike(findings):
        members = [findings[n] for n in group]
        if len(members) <= FEW:
            told += [(one, one.message) for one in members]
        else:
            refs = [one.ref for one in members if one.ref]
            more = (
                f"（同类问题共{len(members)}处：{places(refs)}。）"
                if refs
                else f"（同类问题共{len(members)}处。）"
            )
            told.append((members[0], members[0].message + more))
    return told


ONE_CAUSE = frozenset({"formula_uncalculated"})
"""Kinds that one deed puts right wherever they are told, whatever the cells ask."""


def alike(findings: Sequence[Finding]) -> list[list[int]]:
    """The places of findings of one kind about one column together, in the order of the first of each.

    Where every row asks something else (annexes 1, 3 and 4) each is told: alike are only those that name
    the same item.
    """
    groups: dict[tuple[str, str, str, str], list[int]] = {}
    for n, one in enumerate(findings):
        item = "" if one.code in ONE_CAUSE else item_of(one)
        groups.setdefault((one.code, one.sheet, column_of(one.ref), item), []).append(n)
    return list(groups.values())


def column_of(ref: str) -> str:
    place = PLACE.fullmatch(ref)
    return place[1] if place else ""


def places(refs: Sequence[str]) -> str:
    """Cells in short: D4、D6至D9等12处."""
    runs = list(in_runs(refs))
    more = f"等{len(refs)}处" if len(runs) > SHOWN else ""
    return "、".join(runs[:SHOWN]) + more


def instead_of(strangers: Sequence[Cell]) -> str:
    """Titles that nobody knows, with their places: what may stand where another is missing."""
    if not strangers:
        return "没有发现改过名的"
    named = [f"{one.ref}“{clipped(shown(one.text))}”" for one in strangers[:SHOWN]]
    more = f"等{len(strangers)}处" if len(strangers) > SHOWN else ""
    return f"{'、'.join(named)}{more}不在模板里，可能是改过名的"


def clipped(text: str) -> str:
    """What a cell holds, short enough for a sentence and on one line."""
    line = one_line(text)
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def one_line(text: str) -> str:
    return " ".join(text.split()) if "\n" in text or "\t" in text else text


def in_runs(refs: Sequence[str]) -> Iterator[str]:
    """Cells below one another as one run; whatever is no single cell for itself."""
    located = [(PLACE.fullmatch(ref), ref) for ref in refs]
    numbered = [
        (place[1], int(place[2]) - order, ref) if place else (ref, 0, ref)
        for order, (place, ref) in enumerate(located)
    ]
    for _, run in groupby(numbered, key=lambda one: one[:2]):
        members = [ref for _, _, ref in run]
        yield members[0] if len(members) == 1 else f"{members[0]}至{members[-1]}"


def help_page() -> str:
    """``docs/findings.md``: every finding by stage, as the table has it."""
    parts = [HEAD]
    for stage, title in STAGES.items():
        parts.append(f"\n## {title}\n")
        for code, kind in FINDINGS.items():
            if kind.stage == stage:
                parts.append(f"\n### {code}\n\n{SEVERITIES[kind.severity]}：{plain(kind.sentence)}\n")
                parts += [f"\n{kind.advice}\n"] if kind.advice else []
    parts.append(SPELLINGS)
    parts += [f"| {one.title} | {one.asks} | {one.takes} |\n" for one in TOLERANCES.values() if one.takes]
    return "".join(parts)


def plain(sentence: str) -> str:
    """A sentence with words for what each finding fills in."""
    return sentence.format_map(WORDS)


def wrong_of(finding: Finding) -> str:
    return parted(finding)[0]


def parted(finding: Finding) -> tuple[str, str]:
    """What is wrong, without the place in front of it, and what to do (may be empty)."""
    text = finding.message.removeprefix(WHERE.format(sheet=finding.sheet, ref=finding.ref))
    # The sentence of the table says where its first half ends; what was filled in may hold full stops too.
    seam = seam_of(finding.code)
    at = text.rfind(seam) if seam else -1
    if at < 0:
        return text, ""
    end = at + seam.index("。") + 1
    return text[:end], text[end:]


@cache
def seam_of(code: str) -> str:
    """The fixed text around the first full stop of a kind's sentence; empty for an unknown kind."""
    kind = FINDINGS.get(code)
    pieces = BLANK.split(kind.sentence.removeprefix(WHERE)) if kind else []
    return next((piece for piece in pieces if "。" in piece), "")


def item_of(finding: Finding) -> str:
    """The column or field that a finding begins by naming; empty for kinds that name none."""
    kind = FINDINGS.get(finding.code)
    if kind is None or not kind.sentence.startswith(WHERE + "{title}"):
        return ""
    fixed = BLANK.split(kind.sentence.removeprefix(WHERE))
    text = finding.message.removeprefix(WHERE.format(sheet=finding.sheet, ref=finding.ref))
    return text.partition(fixed[1])[0]


def cells_named(finding: Finding) -> tuple[str, ...]:
    """The cells (D4) and rows (第4行) that a finding is about, its own first; empty for a whole sheet."""
    kind = FINDINGS.get(finding.code)
    named = [finding.ref] if finding.ref else []
    if kind and "{places}" in kind.sentence:
        named += runs_in(wrong_of(finding).replace(f"“{finding.sheet}”", "", 1))
    return tuple(dict.fromkeys(named))[:MOST_CELLS]


def runs_in(text: str) -> Iterator[str]:
    for column, first, last, row, last_row in RUN.findall(text):
        if column:
            yield from (f"{column}{n}" for n in span(first, last))
        else:
            yield from (f"第{n}行" for n in span(row, last_row))


def span(first: str, last: str) -> range:
    return range(int(first), min(int(last or first), int(first) + MOST_CELLS) + 1)
