"""Every sentence that a finding can be told in, once, twice, five and five hundred times: for whoever edits them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rules.dossiers.checks.findings import found, grouped
from rules.dossiers.checks.kind import ASK
from rules.dossiers.checks.kinds import FINDINGS, SEVERITIES, STAGES
from rules.dossiers.dossier import Cell, Finding

TIMES = (1, 2, 5, 500)
HEAD = """# 校验提示的原文

每一种提示在出现1处、2处、5处、500处时，乡镇看到的原文；其中的所填内容是例子。同一种提示多于3处时合成一句。
此页由 `rules/dossiers/checks/sentences.py` 生成，不要手工修改。
"""
SAMPLE: Mapping[str, str] = {
    "title": "就业状态",
    "value": "就业",
    "expected": "第一村",
    "choices": "已就业、登记失业、未登记失业、不在劳动力",
    "corrections": "去掉空格",
    "when": "就业状态",
    "first": "12",
    "note": "42/45=93.3%，低于96%",
    "limit": "15",
    "kind": "外部链接（“附件3 调查表”的公式）",
    "what": "行(第6行)",
    "places": "B6、B9至B12",
    "shown": "95",
    "parts": "登记失业人数",
    "rows": "因“就业状态”未计入第7行。",
    "how": "多了空格",
    "inputs": "“附件2 花名册”",
    "causes": "“附件2 花名册”K7",
    "instead": "B3“户号”不在模板里，可能是改过名的",
    "remedy": ASK,
}
SAMPLES: Mapping[str, Mapping[str, str]] = {
    "not_a_workbook": {"kind": "网页(HTML)"},
    "workbook_forbidden_part": {"remedy": "请在“数据—编辑链接”里断开链接，保存后再上传。"},
    "identity_missing": {"title": "活动编号、表格版本"},
    "missing_column": {"title": "“户编号”、“姓名”"},
    "missing_optional_column": {"title": "“联系电话”"},
    "missing_sheet": {"instead": "“花名册”像是这张表，页名被改过"},
    "id_birth_date": {"how": "在2020-10-31之后"},
    "name_of_two": {"title": "姓名", "value": "张三 李四"},
    "phone_is_id": {"title": "联系电话", "value": "****************19"},
    "phone_odd": {"title": "联系电话", "value": "13800000000.0", "how": "末尾多了“.0”"},
    "text_long": {"title": "培训就业意愿", "value": "5000"},
    "rows_not_read": {"places": "第34行、第35行"},
    "rows_after_end": {"what": "第34行", "places": "第36行至第40行"},
    "sheet_unused": {"what": "附件2 花名册 (2)"},
    "household_joined": {"title": "户编号", "value": "1", "expected": "0001"},
    "no_name": {"title": "姓名", "value": "李?", "how": "有问号，可能是没能转换的字"},
}
"""What else a kind is told with."""
OF_A_FILE = ("file", "identity")
"""Stages whose findings come once."""


def sentences_page() -> str:
    """``docs/finding-sentences.md``."""
    parts = [HEAD]
    for stage, title in STAGES.items():
        parts.append(f"\n## {title}\n")
        for code, kind in FINDINGS.items():
            if kind.stage == stage:
                parts.append(f"\n### {code}（{SEVERITIES[kind.severity]}）\n\n")
                parts += [f"- {line}\n" for line in sentences(code)]
    return "".join(parts)


def sentences(code: str) -> Iterator[str]:
    """The first sentence of each number of times; those that read like the one before are left out."""
    told = ""
    for times in TIMES[:1] if FINDINGS[code].stage in OF_A_FILE else TIMES:
        sentence = grouped(samples(code, times))[0][1]
        if sentence != told:
            yield f"{times}处：{sentence}"
        told = sentence


def samples(code: str, times: int) -> list[Finding]:
    ref = "{ref}" in FINDINGS[code].sentence
    cells = (Cell("附件2 花名册", f"K{n}" if ref else "", None, "text") for n in range(7, 7 + times))
    return [found(code, cell, **{**SAMPLE, **SAMPLES.get(code, {})}) for cell in cells]
