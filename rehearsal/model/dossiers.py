"""Dossiers as towns hand them in, and what the reading process would say of them: nothing is read here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from fractions import Fraction
from io import BytesIO
from zipfile import ZipFile, ZipInfo

from rehearsal.people.rosters import PREFIX
from rules.campaign import scoring
from rules.campaign.campaign import Campaign
from rules.campaign.facts import fact_key, item_key
from rules.campaign.scheme import Indicator
from rules.dossiers.checks.findings import found
from rules.dossiers.dossier import Cell, Understood

PEOPLE = 100
Facts = dict[str, Fraction | int]

STRENGTHS = ("strong", "doubtful", "weak", "faulty")
"""Far above the passing line, so near it that two must look, below it; and one that the checks return."""


@dataclass
class Dossiers:
    """Each is small, and unlike every other by its number; what is in it was understood beforehand."""

    campaign: Campaign
    _understood: dict[str, Understood] = field(default_factory=dict)
    _facts: dict[str, Facts] = field(default_factory=dict)

    def fill(self, village_code: str, *, strength: str, number: int) -> bytes:
        """Bytes that pass for a workbook as long as nobody opens it."""
        file = BytesIO()
        with ZipFile(file, "w") as parts:
            parts.writestr(ZipInfo("_rels/.rels"), "")
            parts.writestr(ZipInfo("xl/workbook.xml"), f"{village_code} {strength} {number}")
        data = file.getvalue()
        self._understood[hashlib.sha256(data).hexdigest()] = self._examined(village_code, strength)
        return data

    def understood(self, sha256: str) -> Understood:
        """What the checks make of a dossier that was filled here."""
        return self._understood[sha256]

    def _examined(self, village_code: str, strength: str) -> Understood:
        if strength == "faulty":
            too_large = found("workbook_too_large", Cell("", "", None, "blank"))
            return Understood(findings=(too_large,), acceptable=False, facts={})
        own = int(village_code[-4:])
        people = ((5, f"{PREFIX}{own:012d}"), (6, f"{PREFIX}{0:012d}"))
        return Understood(
            findings=(), acceptable=True, facts=facts_of(self.campaign, strength), people=people
        )


def facts_of(campaign: Campaign, strength: str) -> Facts:
    """Everything that scoring asks for, then less and less of it until the total is what was wanted."""
    scheme, facts = campaign.scheme, _best(campaign)
    most = {
        "strong": Fraction(1000),
        "doubtful": scheme.pass_line + scheme.second_review_within,
        "weak": scheme.pass_line - 2 * scheme.second_review_within,
    }[strength]
    for key in [key for key in facts if "/" in key and facts[key] == 1]:
        if scoring.score(scheme, facts).total <= most:
            break
        facts[key] = 0
    return facts


def _best(campaign: Campaign) -> Facts:
    facts: Facts = dict.fromkeys(sorted(scoring.fact_keys(campaign.scheme)), PEOPLE)
    facts["able_and_willing"] = PEOPLE
    for indicator in (*campaign.scheme.indicators, *campaign.scheme.bonus):
        facts.update(_best_of(indicator))
    return {**facts, **{veto.id: 0 for veto in campaign.scheme.vetoes}, "jobs_created": 3 * PEOPLE}


def _best_of(indicator: Indicator) -> Facts:
    worth = 0 if indicator.kind == "deduct" else 1
    items: Facts = {item_key(indicator, number): worth for number in range(1, len(indicator.items) + 1)}
    if items or indicator.denominator:
        return items
    return {fact_key(indicator): 0 if indicator.kind in ("deduct", "ceiling") else indicator.maximum}
