"""Dossiers of a county whose forms nobody has seen before: every answer is read from the folder itself."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from rehearsal.people.rosters import identity
from rules.campaign import scoring
from rules.campaign.campaign import Campaign
from rules.campaign.facts import fact_key
from rules.campaign.forms import Column, Field, Forms, Sum
from rules.dossiers.claims import claimed, score_key
from rules.dossiers.dossier import Cell, RosterRow
from rules.dossiers.roster import count
from workbooks.template.fill import Answers, Filling

Answer = str | int | float | date
Wanted = dict[str, str]
"""Roster column -> the answer that a row gives."""

JOB, OUT = "employed", "able_and_willing"
PLENTY, FEW = 6, 1
WORDS = "按要求办理,资料齐全。"


def any_roster(campaign: Campaign, dice: random.Random, *, rows: int, strength: str) -> list[Answers]:
    """``rows`` people: most employed, every eighth out of the labour force; a weak village has more without work."""
    taken = set[str]()
    return [
        _person(campaign, dice, place, _profile(campaign, place, strength), taken) for place in range(rows)
    ]


def _profile(campaign: Campaign, place: int, strength: str) -> Wanted:
    """What one person's answers must be, so that the counts come out as the village's strength wants them."""
    forms = campaign.forms
    if place % 8 == 7:
        return _but_not(forms, {}, OUT)
    if strength == "weak" and place % 3 == 2:
        return _but_not(forms, _meeting(forms, {}, OUT), JOB)
    wanted = _meeting(forms, _meeting(forms, {}, OUT), JOB)
    for key in _counts_to_reach(campaign) if strength == "strong" else ():
        wanted = _meeting(forms, wanted, key)
    return wanted


def _counts_to_reach(campaign: Campaign) -> Iterator[str]:
    """Counts of which a good village has many: numerators, but of what must stay low."""
    for indicator in campaign.scheme.indicators:
        if indicator.denominator and indicator.kind != "ceiling":
            yield indicator.numerator


def _where(forms: Forms, key: str) -> Mapping[str, tuple[str, ...]]:
    return next((dict(one.where) for one in forms.counts if one.key == key), {})


def _meeting(forms: Forms, wanted: Wanted, key: str) -> Wanted:
    """Also counted under ``key``, unless an answer given already forbids it."""
    where = _where(forms, key)
    if any(column in wanted and wanted[column] not in values for column, values in where.items()):
        return wanted
    return {**wanted, **{column: values[0] for column, values in where.items() if column not in wanted}}


def _but_not(forms: Forms, wanted: Wanted, key: str) -> Wanted:
    """Not counted under ``key``, by the first column that offers another answer and is free to."""
    columns = {column.key: column for column in forms.roster}
    for column, values in _where(forms, key).items():
        others = [choice for choice in columns[column].choices if choice not in values]
        if column not in wanted and others:
            return {**wanted, column: others[0]}
    return _meeting(forms, wanted, key)


def _person(campaign: Campaign, dice: random.Random, place: int, wanted: Wanted, taken: set[str]) -> Answers:
    known = identity(dice, place, taken=taken, survey_day=campaign.survey_day)
    answers: dict[str, Answer] = {}
    left = [one for one in campaign.forms.roster if one.need != "automatic" or one.key in known]
    for _ in range(len(left)):
        for column in [one for one in left if one.key not in answers]:
            value = _answer(column, campaign, wanted, known, answers)
            if value is not None:
                answers[column.key] = value
    return answers


def _answer(
    column: Column,
    campaign: Campaign,
    wanted: Wanted,
    known: Mapping[str, Answer],
    answers: Mapping[str, Answer],
) -> Answer | None:
    """What a column holds; None where it is left empty, or where what it hangs on is not answered yet."""
    if column.key in wanted:
        return wanted[column.key]
    if column.key in known:
        return known[column.key]
    if column.needed_when is not None:
        on, values = column.needed_when
        if str(answers.get(on, "")) not in values:
            return None
    elif column.need != "required":
        return None
    return _plain(column.kind, column.choices, campaign.survey_day)


def _plain(kind: str, choices: Sequence[str], day: date) -> Answer:
    if choices:
        return choices[0]
    by_kind: dict[str, Answer] = {"date": day, "integer": FEW, "number": FEW}
    return by_kind.get(kind, WORDS)


def any_filling(
    campaign: Campaign, village_code: str, roster: Sequence[Answers], *, strength: str
) -> Filling:
    """The annexes that go with a roster, scored as the folder scores them."""
    counts = count(campaign.forms, [_as_row(row, number) for number, row in enumerate(roster, 1)])
    survey = _survey(campaign, village_code, counts, people=len(roster), strength=strength)
    claims = dict(_claims(campaign, strength))
    figures = {key: Fraction(str(value)) for key, value in survey.items() if isinstance(value, int | float)}
    facts: dict[str, Fraction | int] = {**claimed(campaign.scheme, _cells(claims)), **figures, **counts}
    sheet = scoring.score(campaign.scheme, facts)
    scores = {score_key(line.indicator_id): float(line.points) for line in sheet.lines}
    own: dict[str, Answer] = {key: float(points) for key, points in sheet.figures.items()}
    recommendation: dict[str, Answer | None] = {
        field.key: own[field.key] if field.key in own else _field(campaign, village_code, field)
        for field in campaign.forms.recommendation
        if field.key in own or field.need == "required"
    }
    return Filling(
        roster=roster, claims={**claims, **scores}, survey=survey, recommendation=_filled(recommendation)
    )


def _filled(answers: Mapping[str, Answer | None]) -> dict[str, Answer]:
    return {key: value for key, value in answers.items() if value is not None}


def _cells(answers: Mapping[str, object]) -> dict[str, Cell]:
    return {key: Cell("", "", str(value), "text") for key, value in answers.items()}


def _as_row(row: Answers, number: int) -> RosterRow:
    return RosterRow(number, _cells({key: value for key, value in row.items() if value is not None}))


def _claims(campaign: Campaign, strength: str) -> Iterator[tuple[str, Answer]]:
    """What the town says of its own work: all of it for a strong village, little for a weak one."""
    good = strength == "strong"
    counted = {one.key for one in campaign.forms.counts} | {field.key for field in campaign.forms.survey}
    for indicator in campaign.scheme.indicators:
        for n in range(1, len(indicator.items) + 1):
            is_there = good or n == 1
            yield f"{indicator.id}/{n}", int(is_there if indicator.kind == "checklist" else not good)
        if indicator.items or indicator.denominator:
            continue
        if indicator.kind == "deduct":
            yield indicator.id, 0 if good else FEW + 1
        elif indicator.kind == "manual":
            yield indicator.id, int(indicator.maximum) if good else 0
        elif labels := [step.label for step in indicator.tiers if step.label]:
            yield indicator.id, labels[0 if good else -1]
        elif fact_key(indicator) not in counted:
            yield indicator.id, PLENTY if good else FEW


def _survey(
    campaign: Campaign, village_code: str, counts: Mapping[str, int], *, people: int, strength: str
) -> dict[str, Answer]:
    known: dict[str, Answer] = {"households": people // 3 + 1, "population": people * 2}
    answers: dict[str, Answer] = {}
    for field in campaign.forms.survey:
        if field.count:
            answers[field.key] = counts[field.count]
        elif field.kind in ("integer", "number"):
            answers[field.key] = known.get(field.key, PLENTY if strength == "strong" else FEW)
        elif field.need == "required":
            value = _field(campaign, village_code, field)
            answers |= _filled({field.key: value})
    _add_up(campaign.forms, answers)
    return answers


def _field(campaign: Campaign, village_code: str, field: Field) -> Answer | None:
    village = campaign.village(village_code)
    places: dict[str, Answer] = {
        "village": village.name,
        "village_code": village_code,
        "town": campaign.town(village.town_code).name,
        "level": campaign.awards[0].title,
    }
    if field.kind == "stamp":
        return None
    return places.get(field.key) or _plain(field.kind, (), campaign.survey_day)


def _add_up(forms: Forms, answers: dict[str, Answer]) -> None:
    """Move figures that no count fixes until every sum of annex 3 is right."""
    fixed = {field.key for field in forms.survey if field.count}
    for _ in forms.sums:
        for one in forms.sums:
            _settle(one, answers, fixed)


def _settle(one: Sum, answers: dict[str, Answer], fixed: set[str]) -> None:
    number = {key: int(str(answers[key])) for key in one.figures()}
    parts = sum(number[key] for key in one.plus) - sum(number[key] for key in one.minus)
    free = [key for key in one.figures() if key not in fixed]
    if parts == number[one.total] or not free:
        return
    if one.total in free and parts >= 0:
        answers[one.total] = parts
        return
    missing = number[one.total] - parts
    more = [key for key in free if (key in one.plus) == (missing > 0) and key != one.total]
    if more:
        answers[more[0]] = number[more[0]] + abs(missing)
        return
    for key in free:
        taken = min(number[key], abs(missing)) if key != one.total else 0
        answers[key], missing = number[key] - taken, abs(missing) - taken
