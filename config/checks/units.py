"""What must hold in ``towns.csv`` and ``villages.csv``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from config.checks.conditions import Draft, holds, unique
from config.mistakes import Mistake
from rules.campaign import Town, Village


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
