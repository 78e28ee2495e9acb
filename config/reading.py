"""A campaign folder as a ``Campaign``: all files read, all mistakes told at once; and a smaller one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

from config.checks.conditions import Draft
from config.checks.everything import check_all
from config.files import load
from config.mistakes import CampaignMistakes, Mistake
from config.shapes import BROKEN, Plain, Shaper, hints_of, is_required
from rules.campaign import Campaign, Scheme, Town

CAMPAIGNS = Path(__file__).parent / "campaigns"

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
        "paid_since", "stages", "awards",
    ),
    "gates.yaml": ("gates",),
    "ladders.yaml": ("ladders", "duty_ladders"),
}  # fmt: skip
"""YAML file -> the fields of ``Campaign`` that it holds."""

WHOLE: Mapping[str, str] = {"indicators.yaml": "scheme", "forms.yaml": "forms"}
"""YAML file -> the one field of ``Campaign`` that it is."""

PARTS = tuple[tuple[str, Fraction], ...]
"""Part of annex 1 -> the points its indicators sum to; a check on the file, not kept."""

FILES = (*PAGES, *WHOLE, *TABLES)


def campaign_folder(campaign_id: str) -> Path:
    """The folder of a campaign that ships with the software; raises ``CampaignMistakes`` if there is none."""
    there = sorted(folder.name for folder in CAMPAIGNS.iterdir() if folder.is_dir())
    if campaign_id not in there:
        allowed = f"现有活动:{'、'.join(there)}"
        raise CampaignMistakes((Mistake("config/campaigns", "", campaign_id, allowed),))
    return CAMPAIGNS / campaign_id


def read_campaign(folder: Path) -> Campaign:
    """The campaign in ``folder``; raises ``CampaignMistakes`` with everything that is wrong with it."""
    draft: dict[str, Any] = {}
    mistakes: list[Mistake] = []
    for file in FILES:
        built, wrong = read_file(folder, file)
        draft |= built
        mistakes += wrong
    sound = frozenset(FILES) - {mistake.file for mistake in mistakes}
    mistakes += check_all(draft, sound)
    if mistakes:
        raise CampaignMistakes(tuple(mistakes))
    return Campaign(**{name: value for name, value in draft.items() if name != "parts"})


def read_file(folder: Path, file: str) -> tuple[Draft, list[Mistake]]:
    """The fields of ``Campaign`` that ``file`` gives; none when it is broken."""
    content, mistakes = load(folder, file)
    if mistakes:
        return {}, mistakes
    shaper = Shaper(file)
    built = read_table(shaper, content) if file in TABLES else read_page(shaper, content)
    return ({} if shaper.mistakes else built), shaper.mistakes


def read_table(shaper: Shaper, rows: list[dict[str, Any]]) -> Draft:
    field = TABLES[shaper.file]
    kind = get_args(hints_of(Campaign)[field])[0]
    return {field: tuple(shaper.build(kind, row, f"第{line}行") for line, row in enumerate(rows, 2))}


def read_page(shaper: Shaper, content: Plain) -> Draft:
    if not isinstance(content, dict):
        shaper.refuse("", content, "须为映射(键: 值)")
        return {}
    if shaper.file == "indicators.yaml":
        return read_indicators(shaper, content)
    if shaper.file in WHOLE:
        field = WHOLE[shaper.file]
        return {field: shaper.build(hints_of(Campaign)[field], content)}
    hints = {name: hints_of(Campaign)[name] for name in PAGES[shaper.file]}
    required = [one.name for one in fields(Campaign) if one.name in hints and is_required(one)]
    built: Draft = shaper.named(hints, required, content, "")
    return built


def read_indicators(shaper: Shaper, content: dict[str, Any]) -> Draft:
    """The scheme, and the ``parts`` whose points its indicators must sum to."""
    required = [one.name for one in fields(Scheme) if is_required(one)]
    built = shaper.named({**hints_of(Scheme), "parts": PARTS}, [*required, "parts"], content, "")
    if built is BROKEN:
        return {}
    parts = built.pop("parts")
    return {"scheme": Scheme(**built), "parts": parts}


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
