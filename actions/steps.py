"""Subjects of carriers: a campaign, or a unit of one, written as ``campaign/code``."""

from __future__ import annotations

from enum import Enum
from typing import Final


def subject_of(campaign_id: str, code: str = "") -> str:
    return f"{campaign_id}/{code}" if code else campaign_id


def split_subject(subject: str) -> tuple[str, str]:
    """(campaign id, unit code or empty)."""
    campaign_id, _, code = subject.partition("/")
    return campaign_id, code


class Due(Enum):
    """Something is to be done now."""

    DUE = "due"


DUE: Final = Due.DUE
