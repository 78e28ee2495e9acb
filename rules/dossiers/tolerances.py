"""The one table of spellings: what a cell of each kind may hold and what it means, for whoever asks, counts or reads.

The reader, the template's formulas and in-sheet rules, its instructions, the help page and the makers of test
files all take it from here, so that none of them can be stricter or laxer than another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rules.entries import DATE as DATE
from rules.entries import INVISIBLE as INVISIBLE
from rules.entries import UNSEEN as UNSEEN
from rules.entries import folded as folded

DOTS = re.compile("[.\u00b7\u2022\u2027\u2219\u22c5\u30fb]")
"""What people type between the parts of a name; the wide ones are among them once they are folded."""
BLANKS = (" ", "\u00a0", "\u3000")
"""The blanks that people type without seeing which."""

BETWEEN = re.compile("[、,;]")
"""What stands between several answers, folded."""
DITTO = frozenset({"同上", "〃", "″", '"', "''", "′′", "..", "...", "…", "同前"})
"""How people say that a cell is as the one above, folded."""

NOTHING = frozenset(
    {
        "无",
        "没有",
        "暂无",
        "空",
        "略",
        "待补",
        "待填",
        "同上",
        "同前",
        "nan",
        "nat",
        "none",
        "null",
        "nil",
        "na",
        "n/a",
        "undefined",
    }
)
"""Words that say nothing where somebody is asked to write something, folded."""  # fmt: skip
EMPTY_VALUES = frozenset({"nan", "nat", "none", "null", "<na>", "n/a", "#n/a", "undefined"})
"""What programs write where there is no value, folded and in small letters."""
AROUND = re.compile(r"^\W+|\W+$")
TOTALS = ("合计", "小计", "总计", "共计", "总数", "累计")
"""How the row of totals below a list begins."""
REMARKS = ("备注", "说明", "填表", "填报", "填写说明", "制表", "审核", "复核", "经办", "附注")
"""How the rows of remarks and signatures below a list begin."""

YES, NO = "是", "否"
FLAGS: Mapping[str, int] = {
    YES: 1,
    "有": 1,
    "√": 1,
    "✓": 1,
    "✔": 1,
    NO: 0,
    "无": 0,
    "×": 0,
}
"""How people answer yes and no in a cell."""

ENDING = re.compile("(?<=.)[性族]$")
"""What people add to an answer or leave away: 男性 is 男, 汉 is 汉族."""
AGE = re.compile(r"([0-9]{1,3})(?:\.0+)?(?:周?岁)?")
HOUSEHOLD = re.compile(r"第?0*([0-9]+)(?:\.0+)?户?")
"""A household's number, however Excel keeps or fills it: 0001, 1, 1.0."""
SEXES = ("男", "女")
SEX_CODES: Mapping[str, str] = {"1": "男", "2": "女", "M": "男", "F": "女"}
"""How other systems write a sex (GB/T 2261.1)."""


def folded_name(text: str) -> str:
    """A name for comparing: folded, the dots within it alike."""
    return DOTS.sub("·", folded(text))


def choice_meant(word: str, choices: Iterable[str]) -> str:
    """The one of some folded choices that a folded word means; the word itself where it is none's other spelling."""
    offered = tuple(choices)
    if word in offered:
        return word
    means = [choice for choice in offered if is_same_answer(word, choice)]
    return means[0] if len(means) == 1 else word


def is_same_answer(word: str, choice: str) -> bool:
    if choice in (YES, NO):
        return word in (str(FLAGS[choice]), *(one for one, flag in FLAGS.items() if flag == FLAGS[choice]))
    return ENDING.sub("", word) == ENDING.sub("", choice)


def sex_meant(text: str) -> str:
    """The sex that a folded text means; the text itself where it means none."""
    return choice_meant(SEX_CODES.get(text.upper(), text), SEXES)


def household_meant(text: str) -> str:
    """A folded household number as all ways of keeping it have it."""
    plain = HOUSEHOLD.fullmatch(text)
    return plain[1] if plain else text


def says_nothing(text: str) -> bool:
    """Whether a text is no answer to a question for words: nothing, a mere sign, one of ``NOTHING``, as above."""
    words = AROUND.sub("", folded(text)).lower()
    return not words or words in NOTHING


def oddness(text: str) -> str:
    """In words: why a text is not what it would be folded."""
    if INVISIBLE.search(text):
        return "含有看不见的字符"
    if text != text.strip() or any(blank in text for blank in BLANKS):
        return "多了空格"
    return "是全角或另一种写法" if folded(text) != text else "是另一种写法"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a sheet itself lets nobody type: Excel's type of validation, operator and limit, and what it says."""

    type: str
    operator: str
    limit: str
    says: str


@dataclass(frozen=True, slots=True)
class Tolerance:
    """One kind of cell: how it is asked for, what else is taken as the same, and samples (typed, meant)."""

    title: str
    asks: str
    takes: str
    rule: Rule | None = None
    samples: tuple[tuple[str, str], ...] = ()


TOLERANCES: Mapping[str, Tolerance] = {
    "id_number": Tolerance(
        "身份证号",
        "18位,按文本填写;末位X大写。不要按数字输入,Excel只保留15位",
        "全角数字、空格、横线、撇号、小写x和看不见的字符自动整理",
        Rule("textLength", "equal", "18", "身份证号须为18位,请按文本填写。"),
        (
            ("３３１１９９１９９００３０７００１Ｘ", "33119919900307001X"),
            ("331199 19900307-001x", "33119919900307001X"),
            ("'33119919900307001X", "33119919900307001X"),
            ("\u200b33119919900307001X\u00a0", "33119919900307001X"),
            ("331199\u00ad19900307001X", "33119919900307001X"),
        ),
    ),
    "integer": Tolerance(
        "整数",
        "不小于0的整数,不写单位",
        "存成文本的数字、全角数字、前后的空格都认",
        Rule("whole", "greaterThanOrEqual", "0", "请填写不小于0的整数。"),
        (("３６", "36"), (" 36", "36"), ("36\u00a0", "36"), ("36\u3000", "36"), ("\u200b36", "36")),
    ),
    "number": Tolerance(
        "数字",
        "不小于0的数字,不写单位",
        "存成文本的数字、全角数字、前后的空格都认",
        Rule("decimal", "greaterThanOrEqual", "0", "请填写不小于0的数字。"),
        (("4", "4"), ("４．５", "4.5"), (" 4.5", "4.5"), ("4.5\u00a0", "4.5")),
    ),
    "date": Tolerance(
        "日期",
        "如 2020-10-20",
        "2020.10.20、2020/10/20、20201020、2020年10月20日、2020-10-20 00:00:00也认，按日期计",
        Rule("date", "greaterThan", "1", "请按 2020-10-20 的格式填写日期。"),
        tuple(
            (typed, "2020-10-20")
            for typed in (
                "2020.10.20",
                "2020/10/20",
                "20201020",
                "20201020.0",
                "2020年10月20日",
                "2020-10-20 00:00:00",
                "2020-10-20T00:00:00",
                "2020/10/20 0:00",
                "２０２０－１０－２０",
                "2020-10-20\u00a0",
            )
        ),
    ),
    "choice": Tolerance(
        "单选",
        "从下拉选项中选择",
        "全角半角、空格、看不见的字符没有关系；是否类也认有/无、√/×、1/0，“男性”认作“男”，其余用词须与选项一致",
        samples=(
            ("个体／创业", "个体/创业"),
            ("已就业\u3000", "已就业"),
            ("已就业 ", "已就业"),
            ("\u00a0已就业", "已就业"),
            ("高中（中专）", "高中(中专)"),
            ("已\u200b就业", "已就业"),
            ("√", YES),
            ("有", YES),
            ("1", YES),
            ("×", NO),
            ("无", NO),
            ("男性", "男"),
            ("女性", "女"),
        ),
    ),
    "sex": Tolerance(
        "性别",
        "男或女",
        "男性/女性、1/2、M/F也认",
        samples=(("男性", "男"), ("女 性", "女"), ("1", "男"), ("2", "女"), ("M", "男"), ("ｆ", "女")),
    ),
    "age": Tolerance(
        "年龄",
        "周岁,不写单位",
        "28岁、28周岁也认",
        samples=(("28岁", "28"), ("28周岁", "28"), ("２８ 岁", "28"), ("28.0", "28")),
    ),
    "household": Tolerance(
        "户编号",
        "同一户写同一个编号",
        "1、0001、1.0、第1户是同一户，存成文本或数字都认",
        samples=(("0001", "1"), ("第1户", "1"), ("1.0", "1"), ("０１", "1"), ("户\u200b1", "户1")),
    ),
    "choices": Tolerance(
        "多选",
        "可填多项,用、隔开",
        "多项之间用顿号、逗号或分号，全角半角、空格没有关系",
        samples=(
            ("登记失业，残疾人", "登记失业、残疾人"),
            ("登记失业;残疾人", "登记失业、残疾人"),
            ("登记失业 、 残疾人", "登记失业、残疾人"),
        ),
    ),
    "flag": Tolerance(
        "是否",
        "填是或否",
        "有/无、√/×、1/0也认，前后的空格没有关系",
        samples=(
            ("有", YES),
            ("√", YES),
            ("✔", YES),
            ("1", YES),
            ("是 ", YES),
            ("无", NO),
            ("×", NO),
            ("0", NO),
        ),
    ),
    "name": Tolerance(
        "姓名",
        "写全名",
        "与预填的姓名相比时，空格、看不见的字符、各种间隔点没有关系",
        samples=(
            ("陈\u3000明", "陈明"),
            ("陈  明", "陈明"),
            ("陈\u200b明", "陈明"),
            ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
            ("阿卜杜拉．买买提", "阿卜杜拉·买买提"),
        ),
    ),
    "stamp": Tolerance("签章", "打印后签字、盖章", ""),
    "paragraph": Tolerance("长文字", "可以分段", ""),
}
"""By kind of column or field; kinds that are not here take any text as it is."""


def asked(kind: str) -> str:
    """How a question of this kind is put, for the instructions."""
    return TOLERANCES[kind].asks if kind in TOLERANCES else ""


def rule_of(kind: str) -> Rule | None:
    """What a sheet lets nobody type into a cell of this kind."""
    return TOLERANCES[kind].rule if kind in TOLERANCES else None


def yes_words() -> tuple[str, ...]:
    """Every text that means yes, as a sheet's formula compares it."""
    return (*(word for word, flag in FLAGS.items() if flag), "1", "TRUE")
