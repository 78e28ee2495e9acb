"""A list of people from outside a campaign folder: the same columns, judged with those who are there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from config.campaign_folder import read_file
from config.checks.people import FILE, check_deputies, check_people_rows, check_places
from config.mistakes import CampaignMistakes, Mistake
from config.yaml_csv import load
from rules.campaign.campaign import Person, Town

CHECKS = (check_people_rows, check_places, check_deputies)


def read_people(path: Path, *, towns: Iterable[Town], there: Sequence[Person]) -> tuple[Person, ...]:
    """The people in a CSV file; raises ``CampaignMistakes`` naming row, column, value and what is allowed.

    They may belong to ``towns``, and be deputised by each other or by those who are ``there`` already.
    """
    if path.suffix != ".csv":
        raise CampaignMistakes((Mistake(path.name, "", path.suffix or "无", "须为 .csv 文件"),))
    loaded = load(path.parent, path.name)
    built, wrong = read_file(FILE, loaded.content) if loaded.is_read else ({}, [])
    mistakes = [*loaded.mistakes, *wrong]
    if not mistakes:
        new: tuple[Person, ...] = built["people"]
        everybody = (*new, *there)
        draft = {**built, "people": everybody, "town_codes": {town.code: town for town in towns}}
        mistakes = [mistake for check in CHECKS for mistake in check(draft)]
    if mistakes:
        raise CampaignMistakes(tuple(replace(mistake, file=path.name) for mistake in mistakes))
    return new
