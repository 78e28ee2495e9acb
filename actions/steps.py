"""Steps of runs: whose they are (a campaign, or a unit of one, as ``campaign/code``), and whether one is due."""

from __future__ import annotations

from enum import Enum


def subject_of(campaign_id: str, code: str = "") -> str:
    return f"{campaign_id}/{code}" if code else campaign_id


def split_subject(subject: str) -> tuple[str, str]:
    """(campaign id, unit code or empty)."""
    campaign_id, _, code = subject.partition("/")
    return campaign_id, code


class Step(Enum):
    """What a step of a run has come to, where it is no answer yet: looked at first, and again under its lock."""

    DUE = "due"
