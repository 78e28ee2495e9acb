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
    "rows": "（第7行因“就业状态”没有计入）",
    "how": "多了空格",
    "inputs": "“附件2 花名册”",
    "causes": "“附件2 花名册”K7",
    "instead": "B3“户号”不在模板里，可能是改过名的",
    "remedy": ASK,
}
ID = {"value": "****************16"}
SCORE = {"title": "劳动者就业率", "value": "12.00", "expected": "10.00"}
FIGURE = {"title": "就业人数", "value": "46", "expected": "45"}
SAMPLES: Mapping[str, Mapping[str, str]] = {
    "not_a_workbook": {"kind": "网页(HTML)"},
    "workbook_forbidden_part": {"remedy": "请在“数据—编辑链接”里断开链接，保存后再上传。"},
    "identity_missing": {"title": "活动编号、表格版本"},
    "wrong_campaign": {"value": "sample-2019", "expected": "2020年建设活动(sample-2020)"},
    "wrong_form_version": {"value": "2020-1", "expected": "2020-2"},
    "wrong_town": {"value": "邻镇(331199102)", "expected": "示例镇(331199101)"},
    "wrong_village": {"value": "邻村(331199102201)", "expected": "第一村(331199101201)"},
    "other_year": {"value": "2019年", "expected": "2020年"},
    "other_form": {"value": "附件3", "expected": "附件2"},
    "other_heading": {"value": "邻村(331199102201)", "expected": "第一村(331199101201)"},
    "missing_column": {"title": "“户编号”、“姓名”"},
    "missing_optional_column": {"title": "“联系电话”"},
    "missing_sheet": {"instead": "“花名册”像是这张表，页名被改过"},
    "id_birth_date": {**ID, "how": "在2020年10月31日之后"},
    "name_of_two": {"title": "姓名", "value": "张三 李四"},
    "phone_is_id": {"title": "联系电话", "value": "****************19"},
    "phone_odd": {"title": "联系电话", "value": "13800000000.0", "how": "末尾多了“.0”"},
    "text_long": {"title": "培训就业意愿", "value": "5000"},
    "text_longer": {"title": "主要做法与成效(1500字以内)", "value": "5000", "limit": "1500"},
    "rows_not_read": {"places": "第34行、第35行"},
    "rows_after_end": {"what": "第34行", "places": "第36行至第40行"},
    "sheet_unused": {"what": "附件2 花名册 (2)"},
    "household_joined": {"title": "户编号", "value": "1", "expected": "0001"},
    "second_sheet": {"what": "附件2(续)"},
    "second_place": {"what": "就业状态", "places": "K3、Z3"},
    "active_formula": {"value": "2", "what": "HYPERLINK", "places": "K7、K8"},
    "active_rule": {"what": "外部引用", "places": "K4至K5003"},
    "active_name": {"what": "外部引用"},
    "active_elsewhere": {"what": "外部引用"},
    "stray_cells": {"value": "5"},
    "rows_cut": {"value": "620"},
    "picture_in_cell": {"value": "5"},
    "other_place": {"title": "社区(村)名称", "value": "邻村"},
    "place_unclear": {"title": "社区(村)名称", "value": "填写"},
    "question_missing": {"title": "“总户数”"},
    "optional_question_missing": {"title": "“开户银行”"},
    "says_nothing": {"title": "负责人", "value": "/"},
    "number_too_large": {"title": "走访人次", "value": "2000000", "limit": "100000"},
    "required_blank": {"title": "文化程度"},
    "choices_unknown": {"title": "重点群体", "value": "毕业生", "choices": "高校毕业生、登记失业、就业困难"},
    "date_unreadable": {"title": "调查日期", "value": "昨天"},
    "date_out_of_range": {"title": "填报日期", "value": "2012-11-10", "expected": "2017年至2020年"},
    "day_outside_campaign": {
        "title": "调查日期",
        "value": "2020-08-01",
        "expected": "2020年9月19日至2020年12月20日",
    },
    "integer_unreadable": {"title": "走访人次", "value": "6次"},
    "number_unreadable": {"title": "平台面积(平方米)", "value": "约80"},
    "claim_blank": {"title": "漏访人数"},
    "claim_unreadable": {"title": "机构到位", "value": "Y", "choices": "“是”或“否”"},
    "format_misleads": {"title": "平台面积(平方米)", "value": "60"},
    "text_garbled": {"title": "联系电话", "value": "1.38E+10", "how": "被改成了科学计数，后几位已经丢失"},
    "no_name": {"title": "姓名", "value": "李?", "how": "有问号，可能是没能转换的字"},
    "same_as_above": {"title": "姓名", "value": "同上"},
    "merged_blank": {"title": "户编号", "value": "B5:B7"},
    "text_corrected": {"title": "姓名"},
    "spelling_corrected": {"value": "已就业 ", "expected": "已就业"},
    "needed_blank": {"title": "产业", "value": "已就业"},
    "answer_contradicts": {"title": "就业形式", "value": "单位就业", "expected": "登记失业"},
    "derived_differs": {"title": "性别", "value": "女", "expected": "男"},
    "age_outside": {"value": "71", "expected": "男16至60岁"},
    "order_suspicious": {"title": "姓名"},
    "households_without_work": {"value": "2"},
    "column_shifted": {"value": "6", "places": "第7行至第12行"},
    "id_filled_down": {"places": "D7至D12"},
    "score_blank": {"title": "劳动者就业率"},
    "score_differs": SCORE,
    "score_formula_differs": SCORE,
    "figure_differs": FIGURE,
    "figure_formula_differs": FIGURE,
    "figure_explained": FIGURE,
    "total_differs": {"title": "合计得分", "value": "95.00", "expected": "93.00"},
    "total_formula_differs": {"title": "合计得分", "value": "95.00", "expected": "93.00"},
    "fewer_than_part": {"title": "总人口", "value": "90", "parts": "劳动年龄人口", "expected": "120"},
    "level_unknown": {"title": "推荐级别", "value": "国家级", "choices": "县级、市级、省级"},
    "sum_differs": {**FIGURE, "parts": "单位就业＋灵活就业＋务农"},
    "totals_folded": {"places": "C8、C12"},
    "numbers_follow": {"places": "C8、C12至C15"},
}
"""What else a kind is told with."""
OF_NUMBERS = ("id_", "duplicate_id")
"""How the codes of findings about identity numbers begin."""
OF_A_FILE = ("file", "identity")
"""Stages whose findings come once; so do those that speak of no single cell."""


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
    once = FINDINGS[code].stage in OF_A_FILE or "{ref}" not in FINDINGS[code].sentence
    for times in TIMES[:1] if once else TIMES:
        sentence = grouped(samples(code, times))[0][1]
        if sentence != told:
            yield f"{times}处：{sentence}"
        told = sentence


def samples(code: str, times: int) -> list[Finding]:
    ref = "{ref}" in FINDINGS[code].sentence
    cells = (Cell("附件2 花名册", f"K{n}" if ref else "", None, "text") for n in range(7, 7 + times))
    told = SAMPLES.get(code, ID if code.startswith(OF_NUMBERS) else {})
    return [found(code, cell, **{**SAMPLE, **told}) for cell in cells]
