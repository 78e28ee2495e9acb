"""The workbooks that simulated town clerks fill, with the mistakes that real ones make."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from rehearsal.people.rosters import make_roster
from rules.campaign import scoring
from rules.campaign.campaign import Campaign
from rules.campaign.facts import fact_key
from rules.campaign.scheme import Indicator
from rules.dossiers.dossier import Cell, RosterRow
from rules.dossiers.roster import count
from workbooks.template.fill import Answers, Filling, fill
from workbooks.template.template import make_template

ROWS = (350, 1050)


def fill_dossier(
    campaign: Campaign, village_code: str, *, plot: str, version: int, seed: int, rows: tuple[int, int] = ROWS
) -> bytes:
    """Version ``version`` of a village's dossier; the same arguments give the same bytes.

    A first upload of the plot ``mistakes`` has an ID typed wrongly, a blank required cell and a
    figure that disagrees with the roster; every version differs from the one before it.
    """
    dice = random.Random(f"{seed}:dossier:{village_code}")
    strength = "weak" if plot == "weak" else "strong"
    roster = make_roster(dice, rows=dice.randint(*rows), strength=strength, survey_day=campaign.survey_day)
    roster[0]["wishes"] = "" if version == 1 else f"第{version}版补充"
    filling = complete(campaign, village_code, roster, dice=dice, strength=strength)
    if plot == "mistakes" and version == 1:
        filling = _spoiled(filling)
    return fill(make_template(campaign, village_code), filling)


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
    roster, employed = [dict(row) for row in filling.roster], int(str(filling.survey["employed"]))
    number = str(roster[4]["id_number"])
    roster[4]["id_number"] = number[:-1] + ("1" if number[-1] != "1" else "2")
    roster[9]["education"] = ""
    return replace(filling, roster=roster, survey={**filling.survey, "employed": employed + 7})
