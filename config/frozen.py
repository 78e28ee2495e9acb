"""A campaign, or a year, as canonical text and back: what the database keeps when it opens."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction

from config.from_plain import Plain, Shaper
from config.mistakes import CampaignMistakes
from rules.campaign.campaign import Campaign
from rules.year.opened import OpenedYear


def freeze(frozen: Campaign | OpenedYear) -> str:
    """Canonical JSON: sorted keys, no blanks, fractions as "n/d"; what is equal gives equal text."""
    return json.dumps(plain(frozen), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def thaw(text: str) -> Campaign:
    """The campaign that ``freeze`` wrote; raises ``CampaignMistakes`` for any other text."""
    campaign = built(Campaign, text)
    assert isinstance(campaign, Campaign)
    return campaign


def thaw_year(text: str) -> OpenedYear:
    """The year that ``freeze`` wrote; raises as ``thaw`` does."""
    year = built(OpenedYear, text)
    assert isinstance(year, OpenedYear)
    return year


def built(kind: type, text: str) -> Plain:
    shaper = Shaper("frozen")
    value = shaper.build(kind, json.loads(text))
    if shaper.mistakes:
        raise CampaignMistakes(tuple(shaper.mistakes))
    return value


def plain(value: Plain) -> Plain:
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return value.isoformat() if isinstance(value, date) else value
