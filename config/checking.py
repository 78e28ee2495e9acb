"""What must hold between the values of a campaign folder; each check names what is wrong and allowed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config.mistakes import Mistake
from rules.calendars import DIRECTIONS
from rules.campaign import (
    ROLES,
    STAGES,
    Column,
    Forms,
    GatePlan,
    Indicator,
    Ladder,
    Person,
    Scheme,
    StagePlan,
    Town,
    Village,
)
from rules.scoring import KINDS, NEEDS

Draft = Mapping[str, Any]
"""Fields of ``Campaign`` by name, those of broken files missing; and ``parts`` of annex 1."""

AWARD_POLICIES = ("difference", "once", "wait")
SHEETS = ("scores", "roster", "survey", "recommendation")
DUTY_KINDS = ("survey", "dossier", "paper", "correction", "visit", "gate")
HOLDER = "holder"
"""In a rung: whoever owes the duty."""
TOWN_ROLES = ("town_clerk", "deputy_head")
COLUMN_KINDS = ("text", "id_number", "choice", "choices", "date", "integer")
FIELD_KINDS = ("text", "paragraph", "integer", "number", "date", "stamp")
NEED_WORDS = ("required", "conditional", "optional", "automatic")
KEY_COLUMNS = ("name", "id_number")
HUNDRED = Fraction(100)


def check_all(draft: Draft, sound: frozenset[str]) -> list[Mistake]:
    """Every mistake between values, looking only at files that could be built."""
    return [mistake for check, files in CHECKS if sound.issuperset(files) for mistake in check(draft)]


def among(file: str, key: str, value: str, allowed: Iterable[str]) -> Iterator[Mistake]:
    known = tuple(allowed)
    if value not in known:
        yield Mistake(file, key, value, f"可用:{'、'.join(known)}")


def unique(file: str, key: str, values: Iterable[str]) -> Iterator[Mistake]:
    for value, times in Counter(values).items():
        if times > 1:
            yield Mistake(file, key, value, f"不得重复(出现{times}次)")


def holds(right: bool, file: str, key: str, value: object, allowed: str) -> Iterator[Mistake]:
    if not right:
        yield Mistake(file, key, str(value), allowed)


# --- campaign.yaml -----------------------------------------------------------------------------------


def check_page(draft: Draft) -> Iterator[Mistake]:
    file = "campaign.yaml"
    yield from among(file, "award_policy", draft["award_policy"], AWARD_POLICIES)
    yield from holds(
        is_zone(draft["time_zone"]), file, "time_zone", draft["time_zone"], "须为时区名,如 Asia/Shanghai"
    )
    for key in (
        "taking_part",
        "recognised_at_least",
        "quota_upward",
        "correction_workdays",
        "visit_workdays",
    ):
        yield from holds(draft[key] > 0, file, key, draft[key], "须大于0")
    within = draft["recognised_at_least"] <= draft["taking_part"]
    yield from holds(
        within, file, "recognised_at_least", draft["recognised_at_least"], "不得大于 taking_part"
    )
    yield from unique(file, "awards", (award.level for award in draft["awards"]))
    for n, award in enumerate(draft["awards"]):
        yield from holds(award.yuan > 0, file, f"awards[{n}].yuan", award.yuan, "须大于0")


def is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def check_stages(draft: Draft) -> Iterator[Mistake]:
    file = "campaign.yaml"
    stages: tuple[StagePlan, ...] = draft["stages"]
    names = tuple(stage.name for stage in stages)
    yield from holds(names == STAGES, file, "stages", "、".join(names), f"须依次为:{'、'.join(STAGES)}")
    for n, stage in enumerate(stages):
        key = f"stages[{n}]"
        yield from among(file, f"{key}.weekend", stage.weekend, DIRECTIONS)
        yield from holds(stage.due >= stage.opens, file, f"{key}.due", stage.due, "不得早于 opens")
        yield from holds(stage.grace_days >= 0, file, f"{key}.grace_days", stage.grace_days, "不得小于0")
    for n, (before, stage) in enumerate(pairwise(stages), 1):
        later = stage.opens > before.due
        yield from holds(
            later, file, f"stages[{n}].opens", stage.opens, f"须晚于上一阶段的截止日 {before.due}"
        )


# --- towns.csv, villages.csv, people.csv ---------------------------------------------------------------


def check_towns(draft: Draft) -> Iterator[Mistake]:
    file = "towns.csv"
    towns: tuple[Town, ...] = draft["towns"]
    county: str = draft["county_code"]
    yield from unique(file, "code", (town.code for town in towns))
    yield from unique(file, "name、aliases", (name for town in towns for name in {town.name, *town.aliases}))
    for line, town in enumerate(towns, 2):
        right = len(town.code) == 9 and town.code.isdecimal() and town.code.startswith(county)
        yield from holds(right, file, f"第{line}行.code", town.code, f"须为9位数字,以{county}开头")
        within = 0 <= town.recognised <= town.taking_part
        yield from holds(within, file, f"第{line}行.recognised", town.recognised, "须在0与 taking_part 之间")
    total = sum(town.taking_part for town in towns)
    yield from holds(
        total == draft["taking_part"], file, "taking_part", total, f"各乡镇合计须为{draft['taking_part']}"
    )
    built, least = sum(town.recognised for town in towns), draft["recognised_at_least"]
    yield from holds(built >= least, file, "recognised", built, f"各乡镇合计不得少于{least}")


def check_villages(draft: Draft) -> Iterator[Mistake]:
    file = "villages.csv"
    villages: tuple[Village, ...] = draft["villages"]
    towns: dict[str, Town] = {town.code: town for town in draft["towns"]}
    yield from unique(file, "code", (village.code for village in villages))
    yield from unique(file, "name", (f"{village.town_code} {village.name}" for village in villages))
    for line, village in enumerate(villages, 2):
        known = village.town_code in towns
        yield from holds(known, file, f"第{line}行.town_code", village.town_code, "须为 towns.csv 中的编码")
        right = (
            len(village.code) == 12
            and village.code.isdecimal()
            and village.code.startswith(village.town_code)
        )
        yield from holds(right, file, f"第{line}行.code", village.code, "须为12位数字,以乡镇编码开头")
    there = Counter(village.town_code for village in villages)
    for code, town in towns.items():
        enough = there[code] == town.taking_part
        yield from holds(
            enough, file, code, f"{there[code]}个", f"{town.name}须列出{town.taking_part}个社区(村)"
        )


def check_people(draft: Draft) -> Iterator[Mistake]:
    file = "people.csv"
    people: tuple[Person, ...] = draft["people"]
    towns = {town.code for town in draft["towns"]}
    ids = {person.id for person in people}
    yield from unique(file, "id", (person.id for person in people))
    for line, person in enumerate(people, 2):
        key = f"第{line}行"
        for role in person.roles:
            yield from among(file, f"{key}.roles", role, ROLES)
        of_town = not set(TOWN_ROLES).isdisjoint(person.roles)
        placed = person.town_code in towns if of_town or person.town_code else True
        yield from holds(placed, file, f"{key}.town_code", person.town_code, "须为 towns.csv 中的编码")
        for code in person.conflicts:
            yield from holds(code in towns, file, f"{key}.conflicts", code, "须为 towns.csv 中的编码")
        known = not person.deputy or (person.deputy in ids and person.deputy != person.id)
        yield from holds(known, file, f"{key}.deputy", person.deputy, "须为另一人的 id")
        yield from holds("@" in person.email, file, f"{key}.email", person.email, "须为邮箱地址")
    yield from check_posts(people, draft["towns"])


def check_posts(people: tuple[Person, ...], towns: tuple[Town, ...]) -> Iterator[Mistake]:
    """Every duty needs somebody who can act on it: nobody missing in any town or role."""
    there = {(role, person.town_code) for person in people for role in person.roles}
    for town in towns:
        for role in TOWN_ROLES:
            yield from holds((role, town.code) in there, "people.csv", town.code, "无", f"须有{ROLES[role]}")
    held = {role for role, _ in there}
    for role in set(ROLES) - set(TOWN_ROLES) - held:
        yield Mistake("people.csv", "roles", "无", f"须有{ROLES[role]}({role})")


# --- gates.yaml, ladders.yaml --------------------------------------------------------------------------


def check_gates(draft: Draft) -> Iterator[Mistake]:
    file = "gates.yaml"
    gates: tuple[GatePlan, ...] = draft["gates"]
    yield from unique(file, "gates", (gate.name for gate in gates))
    for n, gate in enumerate(gates):
        key = f"gates[{n}]"
        for seat in gate.seats:
            yield from among(file, f"{key}.seats.role", seat.role, ROLES)
        yield from unique(file, f"{key}.seats", (seat.name for seat in gate.seats))
        right = 1 <= gate.quorum <= len(gate.seats)
        yield from holds(right, file, f"{key}.quorum", gate.quorum, f"须在1与席位数{len(gate.seats)}之间")
        answers = [answer for answer, _ in gate.answers]
        yield from holds(len(answers) > 1, file, f"{key}.answers", "、".join(answers), "至少两项,同意在前")
        for answer in gate.reason_needed:
            yield from among(file, f"{key}.reason_needed", answer, answers)
        yield from holds(gate.workdays > 0, file, f"{key}.workdays", gate.workdays, "须大于0")


def check_gate_ladders(draft: Draft) -> Iterator[Mistake]:
    names = [ladder.name for ladder in draft["ladders"]]
    for n, gate in enumerate(draft["gates"]):
        yield from among("gates.yaml", f"gates[{n}].ladder", gate.ladder, names)


def check_ladders(draft: Draft) -> Iterator[Mistake]:
    file = "ladders.yaml"
    ladders: tuple[Ladder, ...] = draft["ladders"]
    yield from unique(file, "ladders", (ladder.name for ladder in ladders))
    for n, ladder in enumerate(ladders):
        key = f"ladders[{n}]"
        days = [rung.days for rung in ladder.rungs]
        yield from holds(
            bool(days) and days == sorted(days), file, f"{key}.rungs", days, "days 须由小到大,至少一档"
        )
        yield from unique(file, f"{key}.rungs", (rung.key for rung in ladder.rungs))
        yield from holds(ladder.repeat_days > 0, file, f"{key}.repeat_days", ladder.repeat_days, "须大于0")
        for m, rung in enumerate(ladder.rungs):
            yield from among(file, f"{key}.rungs[{m}].role", rung.role, (*ROLES, HOLDER))
    kinds = [kind for kind, _ in draft["duty_ladders"]]
    for missing in set(DUTY_KINDS) - set(kinds):
        yield Mistake(file, f"duty_ladders.{missing}", "缺少", "每种待办须有提醒档")
    for kind, name in draft["duty_ladders"]:
        yield from among(file, f"duty_ladders.{kind}", kind, DUTY_KINDS)
        yield from among(file, f"duty_ladders.{kind}", name, [ladder.name for ladder in ladders])


# --- forms.yaml ----------------------------------------------------------------------------------------


def check_forms(draft: Draft) -> Iterator[Mistake]:
    file = "forms.yaml"
    forms: Forms = draft["forms"]
    keys = tuple(key for key, _ in forms.sheets)
    yield from holds(keys == SHEETS, file, "sheets", "、".join(keys), f"须依次为:{'、'.join(SHEETS)}")
    yield from unique(file, "sheets", (title for _, title in forms.sheets))
    for _, title in forms.sheets:
        short = len(title) <= 31 and not set(title) & set("[]:*?/\\")
        yield from holds(short, file, "sheets", title, "工作表名不超过31字,不含 [ ] : * ? / \\")
    yield from check_columns(file, forms)
    yield from check_counts(file, forms)
    for form in ("survey", "recommendation"):
        yield from check_fields(file, forms, form)


def check_columns(file: str, forms: Forms) -> Iterator[Mistake]:
    yield from unique(file, "roster.key", (column.key for column in forms.roster))
    yield from unique(file, "roster.title", (column.title for column in forms.roster))
    for key in set(KEY_COLUMNS) - {column.key for column in forms.roster}:
        yield Mistake(file, f"roster.{key}", "缺少", "花名册须有姓名与身份证号两列")
    for n, column in enumerate(forms.roster):
        at = f"roster[{n}]"
        yield from among(file, f"{at}.kind", column.kind, COLUMN_KINDS)
        yield from among(file, f"{at}.need", column.need, NEED_WORDS)
        listed = bool(column.choices) == (column.kind in ("choice", "choices"))
        yield from holds(
            listed, file, f"{at}.choices", "、".join(column.choices), "choice、choices 须有选项,其他不得有"
        )
        if column.needed_when:
            yield from check_condition(file, f"{at}.needed_when", forms, column.needed_when)


def check_condition(
    file: str, at: str, forms: Forms, condition: tuple[str, tuple[str, ...]]
) -> Iterator[Mistake]:
    key, values = condition
    columns: dict[str, Column] = {column.key: column for column in forms.roster}
    yield from among(file, at, key, columns)
    for value in values if key in columns else ():
        yield from among(file, f"{at}.{key}", value, columns[key].choices)


def check_counts(file: str, forms: Forms) -> Iterator[Mistake]:
    yield from unique(file, "counts.key", (count.key for count in forms.counts))
    for n, count in enumerate(forms.counts):
        for condition in count.where:
            yield from check_condition(file, f"counts[{n}].where", forms, condition)


def check_fields(file: str, forms: Forms, form: str) -> Iterator[Mistake]:
    fields = getattr(forms, form)
    yield from unique(file, f"{form}.key", (field.key for field in fields))
    yield from unique(file, f"{form}.title", (field.title for field in fields))
    for n, field in enumerate(fields):
        yield from among(file, f"{form}[{n}].kind", field.kind, FIELD_KINDS)
        yield from among(file, f"{form}[{n}].need", field.need, NEED_WORDS)
        if field.count:
            yield from among(file, f"{form}[{n}].count", field.count, [count.key for count in forms.counts])


# --- indicators.yaml -----------------------------------------------------------------------------------


def check_scheme(draft: Draft) -> Iterator[Mistake]:
    file = "indicators.yaml"
    scheme: Scheme = draft["scheme"]
    everything = scheme.indicators + scheme.bonus
    yield from unique(file, "id", [one.id for one in everything] + [veto.id for veto in scheme.vetoes])
    for at, indicator in located(scheme):
        yield from check_indicator(file, at, indicator)
    yield from check_parts(file, scheme, draft["parts"])
    ordered = scheme.pass_line <= scheme.recommend_line <= HUNDRED + scheme.bonus_cap
    yield from holds(
        ordered, file, "recommend_line", scheme.recommend_line, "须在 pass_line 与满分(含加分)之间"
    )


def located(scheme: Scheme) -> Iterator[tuple[str, Indicator]]:
    for name, group in (("indicators", scheme.indicators), ("bonus", scheme.bonus)):
        for n, indicator in enumerate(group):
            yield f"{name}[{n}]({indicator.id})", indicator


def check_indicator(file: str, at: str, indicator: Indicator) -> Iterator[Mistake]:
    yield from among(file, f"{at}.kind", indicator.kind, KINDS)
    for need in NEEDS.get(indicator.kind, ()):
        yield from holds(
            getattr(indicator, need) not in (None, ()),
            file,
            f"{at}.{need}",
            "缺少",
            f"{indicator.kind} 须写明",
        )
    top = highest(indicator)
    yield from holds(
        top in (None, indicator.maximum),
        file,
        f"{at}.maximum",
        indicator.maximum,
        f"须等于各项合计或最高档 {top}",
    )
    points = [step.points for step in indicator.tiers]
    falling = points == sorted(points, reverse=True)
    yield from holds(falling, file, f"{at}.tiers", "、".join(map(str, points)), "须由高到低")


def highest(indicator: Indicator) -> Fraction | None:
    """The most points its items or tiers can give; None when the kind has neither."""
    if indicator.items:
        return sum((item.points for item in indicator.items), Fraction(0))
    return max((step.points for step in indicator.tiers), default=None)


def check_parts(file: str, scheme: Scheme, parts: tuple[tuple[str, Fraction], ...]) -> Iterator[Mistake]:
    declared = dict(parts)
    total = sum(declared.values(), Fraction(0))
    yield from holds(total == HUNDRED, file, "parts", total, "各部分合计须为100")
    for n, indicator in enumerate(scheme.indicators):
        yield from among(file, f"indicators[{n}].part", indicator.part, declared)
    for part, points in parts:
        found = sum((one.maximum for one in scheme.indicators if one.part == part), Fraction(0))
        yield from holds(found == points, file, f"parts.{part}", found, f"该部分各指标满分合计须为{points}")


def check_numbers(draft: Draft) -> Iterator[Mistake]:
    """A ratio takes its numbers from the roster's counts or from annex 3; a plain amount is claimed."""
    forms: Forms = draft["forms"]
    known = {count.key for count in forms.counts} | {
        field.key for field in forms.survey if field.kind in ("integer", "number")
    }
    for at, indicator in located(draft["scheme"]):
        names = (indicator.numerator, indicator.denominator) if indicator.denominator else ()
        for name in names:
            right = name in known
            yield from holds(right, "indicators.yaml", at, name, "须为 forms.yaml 的统计数或调查表数字项")


CHECKS: tuple[tuple[Callable[[Draft], Iterator[Mistake]], tuple[str, ...]], ...] = (
    (check_page, ("campaign.yaml",)),
    (check_stages, ("campaign.yaml",)),
    (check_towns, ("towns.csv", "campaign.yaml")),
    (check_villages, ("villages.csv", "towns.csv")),
    (check_people, ("people.csv", "towns.csv")),
    (check_gates, ("gates.yaml",)),
    (check_gate_ladders, ("gates.yaml", "ladders.yaml")),
    (check_ladders, ("ladders.yaml",)),
    (check_forms, ("forms.yaml",)),
    (check_scheme, ("indicators.yaml",)),
    (check_numbers, ("indicators.yaml", "forms.yaml")),
)
"""The checks, and the files each looks at: one that is broken is told about, not guessed at."""
