"""A campaign folder as a ``Campaign``: all files read, all mistakes told at once; and a smaller one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

from config.calendar import corrected, shape_corrections
from config.checks.all import CHECKS, HINTS, run
from config.checks.conditions import Draft
from config.checks.units import town_codes
from config.csv_rows import LIKE_SEPARATORS, LISTS, NOTE, SEPARATOR, Row, Table
from config.from_plain import BROKEN, Plain, Shaper, hints_of, is_required
from config.mistakes import CampaignMistakes, Mistake
from config.places import ROOT
from config.yaml_csv import load, with_lines
from rules.campaign.calendar import Calendar
from rules.campaign.campaign import Campaign, Town
from rules.campaign.forms import Forms
from rules.campaign.scheme import Scheme
from rules.year.plan import YearPlan

CAMPAIGNS = ROOT / "config" / "campaigns"

TABLES: Mapping[str, str] = {
    "towns.csv": "towns",
    "villages.csv": "villages",
    "people.csv": "people",
    "ledger.csv": "ledger",
}
"""CSV file -> the field of ``Campaign`` whose rows it holds."""

PAGES: Mapping[str, tuple[str, ...]] = {
    "campaign.yaml": (
        "id", "title", "county", "county_code", "year", "time_zone", "notice", "survey_day", "taking_part",
        "recognised_at_least", "quota_upward", "award_policy", "correction_workdays", "visit_workdays",
        "revision_workdays", "objection_workdays", "quiet_hours", "retention_months", "paid_since", "most_returns",
        "publicity_workdays", "outage_minutes", "visits", "business", "stages", "awards", "honour",
    ),
    "gates.yaml": ("gates",),
    "ladders.yaml": ("ladders", "duty_ladders"),
}  # fmt: skip
"""YAML file -> the fields of ``Campaign`` that it holds."""

WHOLE: Mapping[str, str] = {"indicators.yaml": "scheme", "forms.yaml": "forms"}
"""YAML file -> the one field of ``Campaign`` that it is."""

HUNDRED = Fraction(100)

SUMS: Mapping[str, Any] = {"parts": tuple[tuple[str, Fraction], ...], "full_marks": Fraction}
"""Part of annex 1 -> the points its indicators sum to, and their sum; checks on the file, not kept."""

CALENDAR = "calendar.yaml"

FILES = (*PAGES, *WHOLE, CALENDAR, *TABLES)

YEAR = "year.yaml"
"""The work between campaigns: a folder may do without, and it is no part of the ``Campaign``."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder says: the campaign and its calendar unless there are mistakes, and hints."""

    campaign: Campaign | None
    calendar: Calendar | None
    mistakes: tuple[Mistake, ...]
    hints: tuple[Mistake, ...]
    year_plan: YearPlan | None = None
    """What ``year.yaml`` says; None where there is none."""


def campaign_folder(campaign_id: str) -> Path:
    """The folder of a campaign that ships with the software; raises ``CampaignMistakes`` if there is none."""
    there = sorted(folder.name for folder in CAMPAIGNS.iterdir() if folder.is_dir())
    if campaign_id not in there:
        allowed = f"现有活动:{'、'.join(there)}"
        raise CampaignMistakes((Mistake("config/campaigns", "", campaign_id, allowed),))
    return CAMPAIGNS / campaign_id


def folder_of(place: str) -> Path:
    """A folder by its path, or that of a campaign that ships by its id."""
    return Path(place) if Path(place).is_dir() else campaign_folder(place)


def read_campaign(folder: Path) -> Campaign:
    """The campaign in ``folder``; raises ``CampaignMistakes`` with everything that is wrong with it."""
    reading = read_folder(folder)
    if reading.campaign is None:
        raise CampaignMistakes(reading.mistakes)
    return reading.campaign


def read_folder(folder: Path) -> Reading:
    """Everything that is wrong with a folder at once: each file by itself, then what holds between them.

    A value that cannot be read is told about; only the checks that need exactly this value wait for it.
    """
    files = files_in(folder)
    draft: dict[str, Any] = {"folder": folder, "files": files}
    mistakes: list[Mistake] = []
    hints: list[Mistake] = []
    for file in files:
        loaded = load(folder, file)
        built, wrong = read_file(file, loaded.content) if loaded.is_read else ({}, [])
        draft |= built
        mistakes += loaded.mistakes + wrong
        hints += loaded.hints
    draft |= {**calendar_in(draft), **town_codes(draft)}
    mistakes += run(CHECKS, draft)
    hints += run(HINTS, draft)
    mistakes, hints = with_lines(folder, mistakes), with_lines(folder, hints)
    campaign = None if mistakes else Campaign(**{name: draft[name] for name in NAMES & draft.keys()})
    plan = None if mistakes else draft.get("year_plan")
    return Reading(campaign, draft.get("calendar"), tuple(mistakes), tuple(hints), plan)


def files_in(folder: Path) -> tuple[str, ...]:
    """The files that are read: those that every folder has, and ``year.yaml`` where it stands."""
    return (*FILES, YEAR) if (folder / YEAR).exists() else FILES


NAMES = frozenset(one.name for one in fields(Campaign))


def calendar_in(draft: Draft) -> Draft:
    """The working calendar of the campaign's year and the next, when both files could be read."""
    if not {"year", "corrections"} <= draft.keys():
        return {}
    return {"calendar": corrected(draft["corrections"], (draft["year"], draft["year"] + 1))}


def read_file(file: str, content: Plain) -> tuple[Draft, list[Mistake]]:
    """What ``file`` says, by the names of ``config.checks.conditions.Draft``, and what is wrong with it."""
    if file == CALENDAR:
        corrections, mistakes = shape_corrections(content)
        return ({"corrections": corrections} if corrections else {}), mistakes
    shaper = Shaper(file)
    built = read_table(shaper, content) if file in TABLES else read_page(shaper, content)
    return built, shaper.mistakes


def read_table(shaper: Shaper, table: Table) -> Draft:
    """The rows that could be read with their lines, and all of them when every one could."""
    field = TABLES[shaper.file]
    kind = get_args(hints_of(Campaign)[field])[0]
    known = {one.name: is_required(one) for one in fields(kind)}
    refuse_table(shaper, table, known)
    if shaper.mistakes:
        return {}
    built = [(line, shaper.build(kind, row, f"第{line}行")) for line, row in table.rows]
    rows = [(line, one) for line, one in built if one is not BROKEN]
    whole = {field: tuple(one for _, one in rows)} if len(rows) == len(built) else {}
    return {f"rows:{field}": rows, **whole}


def refuse_table(shaper: Shaper, table: Table, known: Mapping[str, bool]) -> None:
    """Columns and cells that no row can be read by; ``known`` says which columns there must be."""
    absent = [one for one in known if one not in table.columns]
    meant = headline(table, known)
    if meant:
        shown, below = ",".join(table.columns), "列名比下面各行少,或有空白"
        shaper.refuse("第1行", shown, below, write=(",".join(meant),))
        return
    for unknown in [one for one in table.columns if one not in known and one != NOTE]:
        shaper.refuse(
            "第1行", unknown, f"可用的列:{'、'.join((*known, NOTE))}" if unknown else "列名不得为空或重复"
        )
    for missing in [one for one in absent if known[one]]:
        shaper.refuse("第1行", "缺少", f"须有 {missing} 列")
    for line, more in table.wide:
        allowed = f"多于{len(table.columns)}列;含逗号的单元格须加双引号"
        shaper.refuse(f"第{line}行", "、".join(more), allowed)
    for line, column, cell in table.broken:
        shown = re.sub(r"[\r\n\t]+", "⏎", cell)
        shaper.refuse(
            f"第{line}行.{column}", shown, "单元格内不得换行或有制表符", write=(shown.replace("⏎", ""),)
        )
    for line, row in table.rows:
        refuse_separators(shaper, line, row)


def headline(table: Table, known: Mapping[str, bool]) -> tuple[str, ...] | None:
    """The first line as it was before a column's name was deleted; None when none was."""
    there = [one for one in table.columns if one]
    blank = len(table.columns) - len(there)
    beyond = max((len(more) for _, more in table.wide), default=0) if is_short(table) else 0
    absent = sorted((one for one in known if one not in there), key=lambda one: not known[one])
    wanted = set(there) | set(absent[: blank + beyond])
    if not blank + beyond or len(absent) < blank + beyond or not set(there) <= {*known, NOTE}:
        return None
    return tuple(one for one in (*known, NOTE) if one in wanted)


def is_short(table: Table) -> bool:
    """Whether every row goes on beyond the last column, so that the first line is to blame."""
    return bool(table.rows) and len(table.wide) == len(table.rows)


def refuse_separators(shaper: Shaper, line: int, row: Row) -> None:
    for column in [one for one in LISTS if one in row]:
        joined = SEPARATOR.join(row[column])
        if LIKE_SEPARATORS.search(joined):
            mended = LIKE_SEPARATORS.sub(SEPARATOR, joined)
            shaper.refuse(f"第{line}行.{column}", joined, "多个值须用半角竖线 | 分隔", write=(mended,))


def read_page(shaper: Shaper, content: Plain) -> Draft:
    if not isinstance(content, dict):
        shaper.refuse("", content, "须为映射(键: 值)")
        return {}
    if shaper.file == "indicators.yaml":
        return read_indicators(shaper, content)
    if shaper.file == YEAR:
        plan = shaper.build(YearPlan, content)
        return {} if plan is BROKEN else {"year_plan": plan}
    if shaper.file in WHOLE:
        field = WHOLE[shaper.file]
        built = shaper.build(hints_of(Campaign)[field], content)
        return {} if built is BROKEN else {field: built}
    hints = {name: hints_of(Campaign)[name] for name in PAGES[shaper.file]}
    required = [one.name for one in fields(Campaign) if one.name in hints and is_required(one)]
    return shaper.known(hints, required, content, "")


def read_indicators(shaper: Shaper, content: dict[str, Any]) -> Draft:
    """The scheme, the ``parts`` whose points its indicators must sum to, and what those sum to."""
    required = [one.name for one in fields(Scheme) if is_required(one)]
    built = shaper.known({**hints_of(Scheme), **SUMS}, [*required, "parts"], content, "")
    sums = {"full_marks": HUNDRED} | {name: built.pop(name) for name in SUMS if name in built}
    scheme = {"scheme": Scheme(**built)} if set(required) <= built.keys() else {}
    return {**sums, **scheme}


def restrict(campaign: Campaign, villages: int) -> Campaign:
    """The campaign limited to ``villages``: towns in their order give two each, then whatever is left.

    Only towns that keep a village remain, with their people; targets shrink in proportion, never to 0.
    """
    if villages < 1:
        raise ValueError("a campaign needs at least one village")
    if villages >= len(campaign.villages):
        return campaign
    kept = frozenset(spread(campaign)[:villages])
    taking_part = {
        town.code: sum(code in kept for code in codes_of(campaign, town)) for town in campaign.towns
    }
    staying = frozenset(code for code, number in taking_part.items() if number)
    villages_left = tuple(village for village in campaign.villages if village.code in kept)
    codes_left = frozenset[str]().union(*(village.codes for village in villages_left))
    return replace(
        campaign,
        taking_part=villages,
        recognised_at_least=scaled(campaign.recognised_at_least, campaign, villages),
        quota_upward=scaled(campaign.quota_upward, campaign, villages),
        towns=tuple(smaller(town, taking_part[town.code]) for town in campaign.towns if town.code in staying),
        villages=villages_left,
        people=tuple(
            replace(person, conflicts=tuple(code for code in person.conflicts if code in staying))
            for person in campaign.people
            if not person.town_code or person.town_code in staying
        ),
        ledger=tuple(paid for paid in campaign.ledger if paid.village_code in codes_left),
    )


def codes_of(campaign: Campaign, town: Town) -> list[str]:
    return [village.code for village in campaign.villages if village.town_code == town.code]


def spread(campaign: Campaign) -> list[str]:
    """Village codes in the order in which a smaller campaign takes them."""
    by_town = [codes_of(campaign, town) for town in campaign.towns]
    return [code for codes in by_town for code in codes[:2]] + [
        code for codes in by_town for code in codes[2:]
    ]


def scaled(target: int, campaign: Campaign, villages: int) -> int:
    return min(villages, max(1, target * villages // len(campaign.villages)))


def smaller(town: Town, taking_part: int) -> Town:
    return replace(town, taking_part=taking_part, recognised=min(town.recognised, taking_part))


def read_indicators_file(file: Path, *, forms: Forms) -> Scheme:
    """An indicator table by itself, a draft of next year's; raises ``CampaignMistakes`` with everything that is
    wrong with it for these forms."""
    loaded = load(file.parent, file.name)
    built, wrong = read_file("indicators.yaml", loaded.content) if loaded.is_read else ({}, [])
    mistakes = loaded.mistakes + wrong
    mistakes = mistakes or run(CHECKS, {**built, "forms": forms})
    if mistakes or "scheme" not in built:
        raise CampaignMistakes(tuple(mistakes))
    scheme: Scheme = built["scheme"]
    return scheme
