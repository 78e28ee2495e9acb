"""Thirty mistakes in one dossier: each is told with its code, its place and a sentence that says what to do."""

from __future__ import annotations

from openpyxl import Workbook

from rules.dossiers.checks.findings import messages, parted
from tests.workbooks.confined.test_examine import ROSTER, SURVEY, edited, examined

ANNEX_4 = "附件4 推荐表"

IN_ROSTER: dict[str, tuple[object, str, str]] = {
    "D4": (331199199003072316, "id_truncated", "截断"),
    "D5": ("331199900307001", "id_fifteen_digits", "15位"),
    "D6": ("33119919900307OO10", "id_characters", "以外的字符"),
    "D7": ("3311991990030700", "id_length", "不是18位"),
    "D8": ("331199199002300011", "id_birth_date", "出生日期不对"),
    "D9": ("331199199003070018", "id_check_digit", "校验码不符"),
    "D10": (None, "required_blank", "身份证号没有填写"),
    "C12": (None, "required_blank", "姓名没有填写"),
    "G13": ("本村", "choice_unknown", "请从下拉选项中选择"),
    "H14": ("博士", "choice_unknown", "博士"),
    "H15": (None, "required_blank", "文化程度没有填写"),
    "J16": ("愿意", "choice_unknown", "有能力有意愿"),
    "K17": ("就业", "choice_unknown", "已就业"),
    "L20": (None, "needed_blank", "就业形式没有填写"),
    "M21": (None, "needed_blank", "产业没有填写"),
    "N22": ("外省", "choice_unknown", "省外"),
    "O24": ("#N/A", "cell_error", "公式出错"),
    "P25": ("=1+1", "formula_uncalculated", "保存后再上传"),
    "R28": ("高校毕业生、其他", "choices_unknown", "不在选项中"),
    "U29": ("昨天", "date_unreadable", "不是日期"),
    "U30": ("2029-10-20", "date_out_of_range", "请核对并改正日期"),
    "V32": (None, "required_blank", "调查人没有填写"),
    "E33": ("无", "derived_differs", "按身份证号应为"),
}
IN_SURVEY: dict[str, tuple[object, str, str]] = {
    "C6": ("三百户", "integer_unreadable", "不是整数"),
    "C7": (None, "required_blank", "总人口没有填写"),
    "C8": (999, "figure_differs", "按花名册统计为30"),
    "C46": ("45平方米", "number_unreadable", "不是数字"),
}
IN_ANNEX_4: dict[str, tuple[object, str, str]] = {
    "C6": (None, "required_blank", "负责人没有填写"),
    "C9": (1, "total_differs", "按评价指标计算为"),
    "C12": (1, "total_differs", "合计得分"),
}
MISTAKES = {ROSTER: IN_ROSTER, SURVEY: IN_SURVEY, ANNEX_4: IN_ANNEX_4}


def spoil(book: Workbook) -> None:
    for sheet, mistakes in MISTAKES.items():
        for ref, (value, _, _) in mistakes.items():
            book[sheet][ref].value = value


def test_thirty_mistakes_are_each_told_with_place_and_remedy() -> None:
    findings = examined(edited(spoil)).findings
    told = {(one.sheet, one.ref, one.code): one for one in findings}
    what_a_clerk_reads = messages(findings)

    wanted = {
        (sheet, ref, code): words
        for sheet, mistakes in MISTAKES.items()
        for ref, (_, code, words) in mistakes.items()
    }
    assert len(wanted) == 30
    assert [key for key in wanted if key not in told] == []
    assert [key for key, words in wanted.items() if words not in told[key].message] == []
    assert [key for key in wanted if told[key].message not in what_a_clerk_reads] == []
    assert [key for key in wanted if f"“{key[0]}”{key[1]}：" not in told[key].message] == []
    assert [key for key in wanted if not parted(told[key])[1]] == []
