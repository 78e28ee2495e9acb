"""Every finding a check can make: its stable code, its severity and what it tells the town."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rules.dossier import Cell, Finding
from rules.identity import HALF_WIDTH, mask

WHERE = "“{sheet}”{ref}："

FINDINGS: Mapping[str, tuple[str, str]] = {
    "identity_missing": ("error", WHERE + "找不到{title}。请下载本社区(村)的模板重新填写，不要删改封面。"),
    "wrong_campaign": (
        "error",
        WHERE + "这份材料属于“{value}”，不是本次活动“{expected}”。请下载本次活动的模板填写。",
    ),
    "wrong_form_version": (
        "error",
        WHERE + "表格版本是“{value}”，现行版本是“{expected}”。请下载新模板，把内容复制过去。",
    ),
    "wrong_town": ("error", WHERE + "乡镇(街道)是“{value}”，应为“{expected}”。请核对是否传错了文件。"),
    "wrong_village": ("error", WHERE + "社区(村)是“{value}”，应为“{expected}”。请核对是否传错了文件。"),
    "missing_sheet": ("error", "缺少工作表“{sheet}”。请用原模板填写，不要删除或改名工作表。"),
    "missing_column": ("error", "“{sheet}”缺少列“{title}”。请用原模板填写，不要删除或改名列。"),
    "missing_optional_column": ("warning", "“{sheet}”缺少选填列“{title}”。如有数据，请用原模板补上。"),
    "required_blank": ("error", WHERE + "{title}没有填写。请补填。"),
    "needed_blank": ("error", WHERE + "{title}没有填写；{when}为“{value}”时必须填写。请补填。"),
    "cell_error": ("error", WHERE + "{title}的公式出错。请改为直接填写数值。"),
    "formula_uncalculated": (
        "error",
        WHERE + "{title}是公式但没有计算结果。请在Excel或WPS中打开、保存后再上传。",
    ),
    "choice_unknown": ("error", WHERE + "{title}填的是“{value}”。请从下拉选项中选择：{choices}。"),
    "choices_unknown": (
        "error",
        WHERE + "{title}填的是“{value}”，有不在选项中的内容。可选（多项用、隔开）：{choices}。",
    ),
    "date_unreadable": ("error", WHERE + "{title}“{value}”不是日期。请按2020-10-20的格式填写。"),
    "integer_unreadable": ("error", WHERE + "{title}“{value}”不是整数。请填写不小于0的整数。"),
    "number_unreadable": ("error", WHERE + "{title}“{value}”不是数字。请填写不小于0的数字。"),
    "id_truncated": (
        "error",
        WHERE + "身份证号（{value}）在Excel中被截断。请把该列改为文本格式，对照证件重新填写。",
    ),
    "id_fifteen_digits": ("error", WHERE + "身份证号（{value}）是15位旧号。请按现用证件填写18位号码。"),
    "id_characters": ("error", WHERE + "身份证号（{value}）含有数字和X以外的字符。请对照证件重新填写。"),
    "id_length": ("error", WHERE + "身份证号（{value}）不是18位。请对照证件重新填写。"),
    "id_birth_date": ("error", WHERE + "身份证号（{value}）中的出生日期不存在。请对照证件重新填写。"),
    "id_check_digit": ("error", WHERE + "身份证号（{value}）校验码不符，可能有一位填错。请对照证件核对。"),
    "id_trailing_zeros": (
        "warning",
        WHERE + "身份证号（{value}）末三位是000，可能被Excel改动过。请对照证件核对，无误则不必修改。",
    ),
    "id_corrected": (
        "corrected",
        WHERE + "身份证号（{value}）已自动整理：{corrections}。请核对，无误则不必修改。",
    ),
    "derived_differs": (
        "error",
        WHERE + "{title}填的是“{value}”，按身份证号应为“{expected}”。请核对身份证号，或清空此格。",
    ),
    "roster_empty": ("error", "“{sheet}”没有任何人员。请填写劳动人口调查结果后再上传。"),
    "duplicate_id": (
        "error",
        WHERE + "身份证号（{value}）与第{first}行重复。请删除重复的一行，或对照证件改正号码。",
    ),
    "claim_blank": ("error", WHERE + "{title}没有填写。没有扣分情形的，请填0。"),
    "claim_unreadable": ("error", WHERE + "{title}“{value}”无法识别。请填数字或是/否{choices}。"),
    "score_blank": ("error", WHERE + "{title}没有打分。请按评价指标计算并填写得分。"),
    "score_differs": (
        "error",
        WHERE + "{title}填{value}分，按所填数据应为{expected}分（{note}）。请改正得分或数据。",
    ),
    "figure_differs": (
        "error",
        WHERE + "{title}填{value}，按花名册统计为{expected}。请改正本表，或补全花名册。",
    ),
    "figure_explained": (
        "warning",
        WHERE + "{title}填{value}，按花名册统计为{expected}；已写明原因，评分按花名册统计。",
    ),
    "total_differs": ("error", WHERE + "{title}填{value}分，按评价指标计算为{expected}分。请改正。"),
    "households_without_work": (
        "warning",
        "“{sheet}”中有{value}户有劳动能力和意愿但无人就业。请核实是否为零就业家庭，并附消除情况。",
    ),
}
"""code: (severity, sentence). A sentence says what is wrong, where, and what to do about it."""

LONG_NUMBER = re.compile("[0-9](?:[\\s.,'\u00b7\u200b-\u2015\u2212\u2060\ufeff-]*[0-9]){14,}[Xx]?")
"""A run of digits as long as an identity number, whatever stands between them."""


def found(code: str, cell: Cell, **facts: str) -> Finding:
    """The finding ``code`` at ``cell``; whatever could be an identity number is masked in its message."""
    severity, sentence = FINDINGS[code]
    safe = {name: shown(text) for name, text in facts.items()}
    message = sentence.format(sheet=cell.sheet, ref=cell.ref, **safe)
    return Finding(code, severity, cell.sheet, cell.ref, message)


def shown(text: str) -> str:
    """The text in half width, with every number as long as an identity number masked."""
    return LONG_NUMBER.sub(lambda number: mask(number[0]), text.translate(HALF_WIDTH))


def is_acceptable(findings: Iterable[Finding]) -> bool:
    """Whether a dossier with these findings can be accepted: warnings and corrections do not stop it."""
    return all(finding.severity != "error" for finding in findings)
