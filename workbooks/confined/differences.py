"""Two versions of a dossier held against each other. No database, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rules.campaign.campaign import Campaign
from rules.dossiers.differences import Difference, difference
from rules.refusals import Refused
from workbooks.read.dossier import read_dossier

Compared = Difference | Refused
OUTCOMES: Sequence[type[Compared]] = (Difference, Refused)
"""Its types, for whoever reads one off the wire."""


def compare(before: bytes, after: bytes, *, campaign: Campaign) -> Compared:
    """What changed from one version to the other, in this process; or which of them cannot be read."""
    old = read_dossier(before, campaign)
    if isinstance(old, Refused):
        return replace(old, reason=f"旧的一版无法读取：{old.reason}")
    new = read_dossier(after, campaign)
    if isinstance(new, Refused):
        return replace(new, reason=f"新的一版无法读取：{new.reason}")
    return difference(campaign, old, new)
