"""A campaign as canonical text and back: what the database keeps when a campaign opens."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction

from config.from_plain import Plain, Shaper
from config.mistakes import CampaignMistakes
from rules.campaign.campaign import Campaign


def freeze(campaign: Campaign) -> str:
    """Canonical JSON: sorted keys, no blanks, fractions as "n/d"; equal campaigns give equal text."""
    return json.dumps(plain(campaign), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def thaw(text: str) -> Campaign:
    """The campaign that ``freeze`` wrote; raises ``CampaignMistakes`` for any other text."""
    shaper = Shaper("frozen")
    campaign = shaper.build(Campaign, json.loads(text))
    if shaper.mistakes:
        raise CampaignMistakes(tuple(shaper.mistakes))
    assert isinstance(campaign, Campaign)
    return campaign


def plain(value: Plain) -> Plain:
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return value.isoformat() if isinstance(value, date) else value
