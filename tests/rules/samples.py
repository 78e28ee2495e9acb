"""A small synthetic campaign, and dossiers that are right until a test spoils one cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from rules.campaign.calendar import Calendar
from rules.campaign.campaign import (
    AwardLevel,
    Campaign,
    GatePlan,
    Ladder,
    Person,
    Rung,
    Seat,
    StagePlan,
    Town,
    Village,
)
from rules.campaign.forms import Column, Count, Field, Forms
from rules.campaign.scheme import Indicator, Item, Scheme, Tier, Veto
from rules.dossiers.dossier import Cell, Dossier, RosterRow, Value
from rules.dossiers.id_numbers import check_digit

ZONE = ZoneInfo("Asia/Shanghai")
ABLE = "有能力有意愿"
SHEETS = (
    ("scores", "附件1 评价指标"),
    ("roster", "附件2 花名册"),
    ("survey", "附件3 调查表"),
    ("recommendation", "附件4 推荐表"),
)

INDICATORS = (
    Indicator(
        "A1.1",
        "A",
        "劳动者就业率",
        Fraction(14),
        "step",
        numerator="employed",
        denominator="able_and_willing",
        full_at=Fraction(96, 100),
        zero_below=Fraction(90, 100),
        per_point=Fraction(2),
    ),
    Indicator(
        "A1.4",
        "A",
        "高校毕业生就业率",
        Fraction(4),
        "tier",
        numerator="graduate_employed",
        denominator="graduate",
        tiers=(Tier(Fraction(95, 100), Fraction(4)), Tier(Fraction(85, 100), Fraction(2))),
    ),
    Indicator(
        "A4.2",
        "A",
        "创业带动就业",
        Fraction(3),
        "tier",
        numerator="jobs_created",
        denominator="self_started",
        tiers=(Tier(Fraction(3), Fraction(3)), Tier(Fraction(2), Fraction(3, 2))),
    ),
    Indicator(
        "B1.1",
        "B",
        "平台到位",
        Fraction(3),
        "checklist",
        items=(Item("机构到位", Fraction(1)), Item("场地到位", Fraction(2))),
    ),
    Indicator("B1.3", "B", "基础台账动态更新", Fraction(6), "deduct", per_case=Fraction(1)),
    Indicator("B3.4", "B", "政策落实汇总", Fraction(3), "per_unit", per_unit=Fraction(3, 4)),
)
BONUS = (
    Indicator("C1", "C", "特色载体或品牌", Fraction(2), "manual"),
    Indicator(
        "C2",
        "C",
        "上级表彰",
        Fraction(3),
        "tier",
        tiers=(
            Tier(Fraction(3), Fraction(3), "国家"),
            Tier(Fraction(2), Fraction(2), "省"),
            Tier(Fraction(1), Fraction(1), "市"),
        ),
    ),
)
SCHEME = Scheme(
    "sample",
    "自拟示例",
    pass_line=Fraction(28),
    recommend_line=Fraction(30),
    bonus_cap=Fraction(4),
    indicators=INDICATORS,
    bonus=BONUS,
    vetoes=(Veto("V1", "零就业家庭未消除"), Veto("V2", "弄虚作假")),
)
"""Parts A (21 points) and B (12 points), a bonus of at most 4."""

ROSTER = (
    Column("household", "户编号", "text", "optional"),
    Column("name", "姓名", "text", "required"),
    Column("id_number", "身份证号", "id_number", "required"),
    Column("sex", "性别", "text", "automatic"),
    Column("age", "年龄", "integer", "automatic"),
    Column("able", "劳动能力与意愿", "choice", "required", (ABLE, "在校学生")),
    Column("status", "就业状态", "choice", "required", ("已就业", "登记失业")),
    Column("industry", "产业", "choice", "conditional", ("一", "二", "三"), ("status", ("已就业",))),
    Column("groups", "重点群体", "choices", "optional", ("高校毕业生", "残疾人")),
    Column("proof", "残疾证号", "text", "conditional", (), ("groups", ("残疾人", "低保"))),
    Column("surveyed", "调查日期", "date", "required"),
    Column("note", "备注", "text", "conditional"),
    Column("explanation", "特殊情况说明", "text", "optional"),
)
FORMS = Forms(
    "2020.1",
    SHEETS,
    ROSTER,
    survey=(
        Field("able_total", "有能力有意愿人数", "integer", count="able_and_willing"),
        Field("jobs_created", "创业带动人数", "integer"),
        Field("self_started", "创业人数", "integer"),
        Field("reasons", "不一致的原因", "paragraph", need="optional"),
    ),
    recommendation=(
        Field("head", "负责人", "text"),
        Field("total", "合计得分", "number"),
        Field("score_a", "基本数据得分", "number", need="optional"),
    ),
    counts=(
        Count("able_and_willing", "有能力有意愿", (("able", (ABLE,)),)),
        Count("employed", "已就业", (("able", (ABLE,)), ("status", ("已就业",)))),
        Count("graduate", "高校毕业生", (("groups", ("高校毕业生",)),)),
        Count("graduate_employed", "就业高校毕业生", (("groups", ("高校毕业生",)), ("status", ("已就业",)))),
    ),
)
STAGES = (
    StagePlan("survey", "调查摸底", date(2020, 10, 20), date(2020, 10, 23)),
    StagePlan("submission", "汇总上报", date(2020, 10, 24), date(2020, 11, 15), grace_days=3),
    StagePlan("verification", "核查认定", date(2020, 11, 16), date(2020, 11, 25)),
    StagePlan("recommendation", "择优推荐", date(2020, 11, 26), date(2020, 11, 30)),
)
LADDER = Ladder(
    "dossier",
    (
        Rung("week", -7, "town_clerk", "dossier_reminder"),
        Rung("eve", 0, "town_clerk", "dossier_reminder", on_last_workday=True),
        Rung("late", 1, "deputy_head", "dossier_late"),
    ),
    repeat_days=2,
)
RECOGNITION = GatePlan(
    "recognition",
    1,
    "认定意见",
    (Seat("a", "reviewer"), Seat("b", "reviewer"), Seat("leader", "bureau_leader")),
    quorum=2,
    answers=(("recognise", "认定"), ("return", "退回补正"), ("refuse", "不予认定")),
    workdays=3,
    ladder="dossier",
    reason_needed=("return", "refuse"),
)
PEOPLE = (
    Person("r1", "审核甲", "r1@example.invalid", ("reviewer",), conflicts=("331181102",)),
    Person("r2", "审核乙", "r2@example.invalid", ("reviewer",)),
    Person("l1", "领导丙", "l1@example.invalid", ("bureau_leader",)),
    Person("t1", "经办丁", "t1@example.invalid", ("town_clerk",), town_code="331181101"),
)
CAMPAIGN = Campaign(
    id="sample-2020",
    title="2020年示例活动",
    county="示例市",
    county_code="331199",
    year=2020,
    time_zone="Asia/Shanghai",
    notice="示例",
    survey_day=date(2020, 10, 31),
    taking_part=1,
    recognised_at_least=1,
    quota_upward=1,
    award_policy="difference",
    correction_workdays=5,
    visit_workdays=5,
    stages=STAGES,
    towns=(Town("331181101", "示例镇", ("示例乡",)), Town("331181102", "邻镇")),
    villages=(Village("331181101201", "第一村", "331181101", ("一村",)),),
    scheme=SCHEME,
    forms=FORMS,
    gates=(RECOGNITION,),
    ladders=(LADDER,),
    duty_ladders=(("dossier", "dossier"),),
    awards=(
        AwardLevel("county", "龙泉市级", 10000),
        AwardLevel("city", "丽水市级", 15000),
        AwardLevel("province", "省级", 20000),
    ),
    people=PEOPLE,
)

CALENDAR = Calendar(
    holidays=frozenset(date(2020, 10, 1) + timedelta(days=n) for n in range(8)) | {date(2021, 1, 1)},
    makeup_workdays=frozenset({date(2020, 9, 27), date(2020, 10, 10)}),
    published_until=date(2021, 1, 31),
)
"""National Day 2020 (1 to 8 October, with make-up Sunday and Saturday) and New Year 2021."""


def local(month: int, day: int, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    """An instant of 2020 in the campaign's zone."""
    return datetime(2020, month, day, hour, minute, second, tzinfo=ZONE)


def id_number(serial: int, *, born: str = "19900307") -> str:
    """A right number with the unassigned prefix 331199; an odd ``serial`` is a man."""
    seventeen = f"331199{born}{serial:03}"
    return seventeen + check_digit(seventeen)


def cell(value: Value, ref: str = "", *, sheet: str = "roster", kind: str = "", formula: str = "") -> Cell:
    plain = "blank" if value is None else "text" if isinstance(value, str) else "number"
    return Cell(dict(SHEETS)[sheet], ref, value, kind or plain, formula)


def row(number: int, **changed: Cell | Value) -> RosterRow:
    """A person at work, one per household; ``changed`` replaces cells or their values."""
    values: dict[str, Cell | Value] = {
        "household": f"{number}",
        "name": "测试人员",
        "id_number": id_number(2 * number + 1),
        "able": ABLE,
        "status": "已就业",
        "industry": "二",
        "groups": None,
        "surveyed": date(2020, 10, 22),
    }
    return RosterRow(number, {key: located(v, key, number) for key, v in {**values, **changed}.items()})


def located(value: Cell | Value, key: str, number: int) -> Cell:
    if isinstance(value, Cell):
        return replace(value, ref=f"{key}{number}")
    kind = "date" if isinstance(value, date) else ""
    return cell(value, f"{key}{number}", kind=kind)


def cells(sheet: str, values: Mapping[str, Cell | Value]) -> dict[str, Cell]:
    return {
        key: value if isinstance(value, Cell) else cell(value, f"@{key}", sheet=sheet)
        for key, value in values.items()
    }


RIGHT: Mapping[str, Value] = {
    "B1.1/1": "是",
    "B1.1/2": "是",
    "B1.3": 1,
    "B3.4": 4,
    "C1": 2,
    "C2": "省",
    "A1.1:score": 14,
    "A1.4:score": 4,
    "A4.2:score": 1.5,
    "B1.1:score": 3,
    "B1.3:score": 5,
    "B3.4:score": 3,
    "V1": "否",
    "V2": "否",
}
"""What a right annex 1 says: 19.5 + 11 + 4 (bonus) = 34.5."""


def dossier(
    roster: tuple[RosterRow, ...] = (row(5), row(6)),
    *,
    identity: Mapping[str, Value] | None = None,
    claims: Mapping[str, Cell | Value] | None = None,
    survey: Mapping[str, Cell | Value] | None = None,
    recommendation: Mapping[str, Cell | Value] | None = None,
    missing_sheets: tuple[str, ...] = (),
    missing_columns: tuple[str, ...] = (),
) -> Dossier:
    """A right dossier of 第一村 with two people at work; each argument changes part of it."""
    whose = {"campaign": "sample-2020", "form_version": "2020.1", "town_code": "331181101"}
    figures = {"able_total": len(roster), "jobs_created": 4, "self_started": 2, "reasons": None}
    recommended = {"head": "测试", "total": 34.5, "score_a": None}
    return Dossier(
        identity=cells("scores", {**whose, "village_code": "331181101201", **(identity or {})}),
        roster=roster,
        claims=cells("scores", {**RIGHT, **(claims or {})}),
        survey=cells("survey", {**figures, **(survey or {})}),
        recommendation=cells("recommendation", {**recommended, **(recommendation or {})}),
        missing_sheets=missing_sheets,
        missing_columns=missing_columns,
    )
