"""``docs/campaign-folder.md`` holds every key that the reader knows, in the section of its file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args

import pytest

from config.campaign_folder import CALENDAR, FILES, PAGES, SUMS, TABLES, WHOLE, YEAR
from config.checks.campaign import AWARD_POLICIES
from config.checks.forms import COLUMN_KINDS, FIELD_KINDS, NEED_WORDS, SHEETS
from config.checks.ladders import DUTY_KINDS, HOLDER, TEMPLATES
from config.checks.published import Corrections
from config.from_plain import hints_of
from config.places import ROOT
from rules.campaign.calendar import DIRECTIONS
from rules.campaign.campaign import ROLES, STAGES, Campaign
from rules.campaign.scoring import EMPTY, KINDS
from rules.review.gates import ANSWERS
from rules.year.plan import SERVED, YearPlan

PAGE = (ROOT / "docs" / "campaign-folder.md").read_text(encoding="utf-8")
WORDS = {
    "campaign.yaml": (*STAGES, *DIRECTIONS, *AWARD_POLICIES),
    "people.csv": tuple(ROLES),
    "indicators.yaml": (*KINDS, *EMPTY, *SUMS),
    "forms.yaml": (*SHEETS, *COLUMN_KINDS, *FIELD_KINDS, *NEED_WORDS),
    "gates.yaml": (*ANSWERS, *(answer for answers in ANSWERS.values() for answer in answers)),
    "ladders.yaml": (*DUTY_KINDS, *TEMPLATES, HOLDER),
    YEAR: tuple(SERVED),
}
"""The values that a file allows besides free ones."""


def keys_of(hint: Any) -> Iterator[str]:
    """The keys of a dataclass and of all that it holds."""
    if is_dataclass(hint):
        for one in fields(hint):
            yield one.name
            yield from keys_of(hints_of(hint)[one.name])
    for inner in get_args(hint):
        yield from keys_of(inner)


def keys_in(file: str) -> set[str]:
    hints = hints_of(Campaign)
    if file == CALENDAR:
        return set(keys_of(Corrections))
    if file == YEAR:
        return set(keys_of(YearPlan))
    names = PAGES.get(file, ()) or (WHOLE.get(file) or TABLES[file],)
    inside = {key for name in names for key in keys_of(hints[name])}
    return inside | set(PAGES.get(file, ()))


def section(file: str) -> set[str]:
    """The words set as code in the section of a file."""
    text = PAGE.split(f"\n## {file}\n")[1].split("\n## ")[0]
    return {word for code in re.findall(r"`([^`]+)`", text) for word in re.findall(r"\w+", code)}


@pytest.mark.parametrize("file", [*FILES, YEAR])
def test_page_names_every_key_and_every_allowed_word_of_a_file(file: str) -> None:
    known = keys_in(file) | set(WORDS.get(file, ()))

    assert sorted(known - section(file)) == []


def test_page_has_a_section_for_every_file_and_no_other() -> None:
    headings = re.findall(r"^## (.*)$", PAGE, flags=re.MULTILINE)

    assert set(headings) == {"通则", *FILES, YEAR}
