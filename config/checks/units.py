"""What must hold in ``towns.csv`` and ``villages.csv``."""

from __future__ import annotations

from collections import Counter

from config.checks.conditions import Draft, Mistakes, digits, holds, unique
from rules.campaign.campaign import Town, Village

TOWNS, VILLAGES = "towns.csv", "villages.csv"


def check_town_rows(draft: Draft) -> Mistakes:
    rows: list[tuple[int, Town]] = draft["rows:towns"]
    yield from unique(TOWNS, "code", (town.code for _, town in rows))
    yield from unique(
        TOWNS, "name、aliases", (name for _, town in rows for name in {town.name, *town.aliases})
    )
    for line, town in rows:
        start = draft.get("county_code", "")
        yield from digits(TOWNS, f"第{line}行.code", town.code, length=9, start=start)
        within = 0 <= town.recognised <= town.taking_part
        yield from holds(within, TOWNS, f"第{line}行.recognised", town.recognised, "须在0与 taking_part 之间")


def town_codes(draft: Draft) -> Draft:
    """Towns by code for whoever refers to them, once every code can stand for one town."""
    towns: tuple[Town, ...] = draft.get("towns", ())
    by_code = {town.code: town for town in towns if len(town.code) == 9 and town.code.isdecimal()}
    return {"town_codes": by_code} if towns and len(by_code) == len(towns) else {}


def check_town_sums(draft: Draft) -> Mistakes:
    """The split per town adds up to what the notice asks of the county (annex 5)."""
    towns: tuple[Town, ...] = draft["towns"]
    total, wanted = sum(town.taking_part for town in towns), draft["taking_part"]
    yield from holds(total == wanted, TOWNS, "taking_part", total, f"各乡镇合计须为 campaign.yaml 的{wanted}")
    built, least = sum(town.recognised for town in towns), draft["recognised_at_least"]
    yield from holds(
        built >= least, TOWNS, "recognised", built, f"各乡镇合计不得少于 campaign.yaml 的{least}"
    )


def check_village_rows(draft: Draft) -> Mistakes:
    rows: list[tuple[int, Village]] = draft["rows:villages"]
    before = [code for _, village in rows for code in village.predecessors]
    yield from unique(VILLAGES, "code", (village.code for _, village in rows))
    yield from unique(VILLAGES, "name", (f"{village.town_code} {village.name}" for _, village in rows))
    yield from unique(VILLAGES, "predecessors", before)
    for line, village in rows:
        at = f"第{line}行"
        yield from digits(VILLAGES, f"{at}.code", village.code, length=12, start=village.town_code)
        for code in village.predecessors:
            yield from digits(VILLAGES, f"{at}.predecessors", code, length=12)
            other = code not in {one.code for _, one in rows}
            yield from holds(other, VILLAGES, f"{at}.predecessors", code, "不得为仍在 villages.csv 中的编码")


def check_villages_of_towns(draft: Draft) -> Mistakes:
    towns: dict[str, Town] = draft["town_codes"]
    rows: list[tuple[int, Village]] = draft["rows:villages"]
    for line, village in rows:
        known = village.town_code in towns
        at = f"第{line}行.town_code"
        yield from holds(known, VILLAGES, at, village.town_code, "须为 towns.csv 中的编码")


def check_village_numbers(draft: Draft) -> Mistakes:
    there = Counter(village.town_code for village in draft["villages"])
    for town in draft["town_codes"].values():
        enough = there[town.code] == town.taking_part
        allowed = f"{town.name}须列出 towns.csv 所写的{town.taking_part}个社区(村)"
        yield from holds(enough, VILLAGES, town.code, f"{there[town.code]}个", allowed)
