"""The workbooks that simulated town clerks fill, with the mistakes that real ones make."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from rehearsal.people.any_county import any_filling, any_roster
from rehearsal.people.rosters import ANSWERS, COLUMNS, make_roster
from rules.campaign import scoring
from rules.campaign.campaign import Campaign
from rules.campaign.facts import fact_key
from rules.campaign.scheme import Indicator
from rules.dossiers.dossier import Cell, RosterRow
from rules.dossiers.roster import count
from workbooks.template.fill import Answers, Filling, fill
from workbooks.template.template import make_template

ROWS = (350, 1050)
FEWER = 5
"""Elsewhere than in the sample villages are so many times smaller."""


def fill_dossier(
    campaign: Campaign, village_code: str, *, plot: str, version: int, seed: int, rows: tuple[int, int] = ROWS
) -> bytes:
    """Version ``version`` of a village's dossier; the same arguments give the same bytes.

    A first upload of the plot ``mistakes`` has an ID typed wrongly, a blank required cell and a
    figure that disagrees with the roster; every version differs from the one before it.
    """
    dice = random.Random(f"{seed}:dossier:{village_code}")
    strength = "weak" if plot == "weak" else "strong"
    filling = (
        _sample(campaign, village_code, version, dice=dice, strength=strength, rows=rows)
        if has_the_samples_forms(campaign)
        else _any(campaign, village_code, version, dice=dice, strength=strength, rows=rows)
    )
    if plot == "mistakes" and version == 1:
        filling = _spoiled(filling)
    return fill(make_template(campaign, village_code), filling)


SAMPLE = (*COLUMNS, "explanation")
SAMPLE_SURVEY = (
    "village", "village_code", "households", "population", "zero_found", "zero_cleared", "zero_now", "startups",
    "jobs_created", "public_posts", "trainings", "visits", "referrals", "publicity", "platform_staff",
    "platform_area", "startup_loans", "filled_by", "checked_by", "filled_on",
)  # fmt: skip
SAMPLE_RECOMMENDATION = (
    "village", "town", "head", "phone", "level", "score_a", "score_b", "bonus", "total", "achievements",
)  # fmt: skip


def has_the_samples_forms(campaign: Campaign) -> bool:
    """Whether a folder asks what the sample asks, whose villages have shares of their own."""
    forms = campaign.forms
    asked = [
        [one.key for one in forms.roster if one.need != "automatic"],
        [one.key for one in forms.survey if one.need == "required" and not one.count],
        [one.key for one in forms.recommendation if one.need == "required"],
    ]
    filled = (SAMPLE, SAMPLE_SURVEY, SAMPLE_RECOMMENDATION)
    offered = {choice for column in forms.roster for choice in column.choices}
    return (
        all(set(keys) <= set(known) for keys, known in zip(asked, filled, strict=True))
        and set(SAMPLE) == {one.key for one in forms.roster}
        and set(SAMPLE_SURVEY) <= {one.key for one in forms.survey}
        and set(SAMPLE_RECOMMENDATION) <= {one.key for one in forms.recommendation}
        and set(ANSWERS) <= offered
        and {"listed", "self_started"} <= {one.key for one in forms.counts}
    )


def _sample(
    campaign: Campaign, code: str, version: int, *, dice: random.Random, strength: str, rows: tuple[int, int]
) -> Filling:
    roster = make_roster(dice, rows=dice.randint(*rows), strength=strength, survey_day=campaign.survey_day)
    roster[0]["wishes"] = "" if version == 1 else f"第{version}版补充"
    return complete(campaign, code, roster, dice=dice, strength=strength)


def _any(
    campaign: Campaign, code: str, version: int, *, dice: random.Random, strength: str, rows: tuple[int, int]
) -> Filling:
    """A later version has a person more, so that no two are alike."""
    few = tuple(max(8, number // FEWER) for number in rows)
    number = dice.randint(*few) + version - 1
    roster = any_roster(campaign, dice, rows=number, strength=strength)
    return any_filling(campaign, code, roster, strength=strength)


def complete(
    campaign: Campaign, village_code: str, roster: Sequence[Answers], *, dice: random.Random, strength: str
) -> Filling:
    """The other three annexes that go with a roster."""
    counts = count(campaign.forms, [_as_row(row, number) for number, row in enumerate(roster, 1)])
    claims = _claims(campaign, counts, dice, strength=strength)
    facts: dict[str, Fraction | int] = {
        **counts,
        **{key: Fraction(str(value)) for key, value in claims.items()},
    }
    read_as = {one.id: fact_key(one) for one in campaign.scheme.indicators}
    facts.update({read_as[key]: facts[key] for key in claims if key in read_as})
    survey = _survey(campaign, village_code, counts)
    facts["jobs_created"] = int(str(survey["jobs_created"]))
    sheet = scoring.score(campaign.scheme, facts)
    scores = {f"{line.indicator_id}:score": float(line.points) for line in sheet.lines}
    return Filling(
        roster=roster,
        claims={**claims, **scores},
        survey=survey,
        recommendation=_recommendation(campaign, village_code, sheet),
    )


def _as_row(row: Answers, number: int) -> RosterRow:
    cells = {key: Cell("", "", str(value), "text") for key, value in row.items() if value is not None}
    return RosterRow(number, cells)


def _claims(
    campaign: Campaign, counts: Mapping[str, int], dice: random.Random, *, strength: str
) -> dict[str, str | int | float]:
    """What the town says of its own work: everything for a strong village, about half for a weak one."""
    claims: dict[str, str | int | float] = {}
    for indicator in campaign.scheme.indicators:
        if indicator.kind == "checklist":
            for number in range(1, len(indicator.items) + 1):
                claims[f"{indicator.id}/{number}"] = 1 if strength == "strong" or dice.random() < 0.7 else 0
        elif indicator.denominator == "" and indicator.numerator not in counts:
            claims[indicator.id] = _number(indicator, dice, strength=strength)
    return claims


def _number(indicator: Indicator, dice: random.Random, *, strength: str) -> int:
    if indicator.kind == "deduct":
        return dice.randint(0, 1) if strength == "strong" else dice.randint(2, 4)
    return dice.randint(4, 6) if strength == "strong" else 2


def _survey(campaign: Campaign, village_code: str, counts: Mapping[str, int]) -> dict[str, str | int | date]:
    village = campaign.village(village_code)
    fixed: dict[str, str | int | date] = {
        "village": village.name,
        "village_code": village_code,
        "households": counts["listed"] // 3 + 1,
        "population": counts["listed"] * 3 // 2,
        "zero_found": 1,
        "zero_cleared": 1,
        "zero_now": 0,
        "startups": counts["self_started"],
        "jobs_created": counts["self_started"] * 3,
        "public_posts": 2,
        "trainings": 40,
        "visits": 60,
        "referrals": 80,
        "publicity": 5,
        "platform_staff": 2,
        "platform_area": 45,
        "startup_loans": 3,
        "filled_by": "经办人",
        "checked_by": "审核人",
        "filled_on": campaign.survey_day,
    }
    computed = {field.key: counts[field.count] for field in campaign.forms.survey if field.count}
    return {**fixed, **computed}


def _recommendation(
    campaign: Campaign, village_code: str, sheet: scoring.ScoreSheet
) -> dict[str, str | float]:
    village = campaign.village(village_code)
    return {
        "village": village.name,
        "town": campaign.town(village.town_code).name,
        "head": "负责人",
        "phone": "0578-7000000",
        "level": campaign.awards[0].title,
        "score_a": float(sheet.part("A")),
        "score_b": float(sheet.part("B")),
        "bonus": float(sheet.bonus),
        "total": float(sheet.total),
        "achievements": "建立人力资源台账，定期走访，推荐岗位，组织培训。",
    }


def _spoiled(filling: Filling) -> Filling:
    roster = [dict(row) for row in filling.roster]
    number = str(roster[4]["id_number"])
    roster[4]["id_number"] = number[:-1] + ("1" if number[-1] != "1" else "2")
    if "education" in roster[-1]:
        roster[9]["education"] = ""
    if "employed" not in filling.survey:
        return replace(filling, roster=roster)
    employed = int(str(filling.survey["employed"]))
    return replace(filling, roster=roster, survey={**filling.survey, "employed": employed + 7})
