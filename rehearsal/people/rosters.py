"""Synthetic people of a village: no real person can match, the ID prefix 331199 is unassigned."""

from __future__ import annotations

import random
from datetime import date, timedelta

from rules.dossiers.id_numbers import check_digit

PREFIX = "331199"
SURNAMES = "叶季吴周项刘李张王陈毛徐何练蓝雷钟柳管金"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国春生水根火旺"
EDUCATION = ("小学及以下", "初中", "高中(中专)", "大专", "本科", "研究生")
PLACES = ("本村", "本镇", "本市内", "省内", "省外")

Row = dict[str, str | int | date]

RATES = {
    "strong": {
        "employed": 0.985,
        "steady": 0.92,
        "insured": 0.96,
        "nonfarm": 0.82,
        "certified": 0.30,
        "own": 0.10,
    },
    "weak": {
        "employed": 0.93,
        "steady": 0.75,
        "insured": 0.84,
        "nonfarm": 0.60,
        "certified": 0.18,
        "own": 0.04,
    },
}


COLUMNS = (
    "seq", "household", "name", "id_number", "sex", "age", "residence", "education", "phone", "wishes", "surveyed_on",
    "surveyor", "ability", "status", "groups", "registered_on", "certificate", "form", "industry", "place",
    "six_months", "insurance",
)  # fmt: skip
"""The columns that ``make_roster`` fills."""


ANSWERS = (
    *EDUCATION, *PLACES, "男", "女", "本村常住", "本村户籍外出", "外来常住", "无意愿", "丧失劳动能力", "在校学生",
    "有能力有意愿", "不在劳动力", "未登记失业", "已就业", "登记失业", "就业困难", "高校毕业生", "单位就业", "灵活就业",
    "个体/创业", "务农", "一", "二", "三", "是", "否", "职工", "灵活", "城乡居民", "无", "初级", "中级", "高级",
)  # fmt: skip
"""What it answers where a column offers choices."""


def make_roster(dice: random.Random, *, rows: int, strength: str, survey_day: date) -> list[Row]:
    """``rows`` people of working age with the shares of ``RATES[strength]``."""
    rates, taken = RATES[strength], set[str]()
    return [_person(dice, place, rates=rates, taken=taken, survey_day=survey_day) for place in range(rows)]


def _person(
    dice: random.Random, place: int, *, rates: dict[str, float], taken: set[str], survey_day: date
) -> Row:
    person: Row = {
        **identity(dice, place, taken=taken, survey_day=survey_day),
        "residence": dice.choices(("本村常住", "本村户籍外出", "外来常住"), weights=(7, 2, 1))[0],
        "education": dice.choices(EDUCATION, weights=(3, 5, 3, 2, 1, 0.1))[0],
        "phone": "",
        "wishes": "",
        "surveyed_on": survey_day - timedelta(days=dice.randint(0, 5)),
        "surveyor": "驻村干部",
    }
    # Every eighth person is outside the labour force, so that the denominators are not the whole roster.
    if place % 8 == 7:
        return {
            **person,
            "ability": dice.choice(("无意愿", "丧失劳动能力", "在校学生")),
            "status": "不在劳动力",
        }
    return {**person, **_work(dice, place, rates, survey_day)}


def identity(dice: random.Random, place: int, *, taken: set[str], survey_day: date) -> Row:
    """Who stands in a row: a synthetic person of working age, of a household of three."""
    born = survey_day - timedelta(days=dice.randint(17 * 366, 54 * 365))
    number = _id_number(dice, born, taken)
    return {
        "seq": place + 1,
        "household": f"{place // 3 + 1:04d}",
        "name": dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(("", dice.choice(GIVEN))),
        "id_number": number,
        "sex": "男" if int(number[16]) % 2 else "女",
        "age": _age(born, survey_day),
    }


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _id_number(dice: random.Random, born: date, taken: set[str]) -> str:
    while True:
        body = f"{PREFIX}{born:%Y%m%d}{dice.randint(1, 999):03d}"
        if body not in taken:
            taken.add(body)
            return body + check_digit(body)


def _work(dice: random.Random, place: int, rates: dict[str, float], survey_day: date) -> Row:
    special = {3: "登记失业", 11: "就业困难", 19: "高校毕业生"}.get(place % 40, "")
    registered: Row = (
        {"registered_on": survey_day - timedelta(days=dice.randint(60, 300))}
        if special in ("登记失业", "就业困难")
        else {}
    )
    base: Row = {"ability": "有能力有意愿", "groups": special, **registered}
    # Shares are laid out evenly, so that a village's strength does not hang on luck.
    if (place * 7919 % 1000) / 1000 >= rates["employed"] and not special:
        return {**base, "status": "未登记失业", "certificate": "无"}
    return {**base, **_job(dice, rates), "status": "已就业"}


def _job(dice: random.Random, rates: dict[str, float]) -> Row:
    nonfarm = dice.random() < rates["nonfarm"]
    own = dice.random() < rates["own"]
    form = "个体/创业" if own else dice.choice(("单位就业", "灵活就业")) if nonfarm else "务农"
    return {
        "form": form,
        "industry": dice.choice("二三") if nonfarm else "一",
        "place": dice.choice(PLACES),
        "six_months": "是" if dice.random() < rates["steady"] else "否",
        "insurance": dice.choice(("职工", "灵活", "城乡居民")) if dice.random() < rates["insured"] else "无",
        "certificate": dice.choice(("初级", "中级", "高级")) if dice.random() < rates["certified"] else "无",
    }
