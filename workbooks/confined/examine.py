"""Everything a dossier's bytes say: read, checked, counted, and told as plain JSON. No database, no clock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction

from rules.campaign.campaign import Campaign
from rules.dossiers.checks import check
from rules.dossiers.checks.subject import id_column
from rules.dossiers.dossier import Finding, Understood
from rules.dossiers.id_numbers import normalise_id
from rules.dossiers.prefill import joined, masked_rows, places_asked
from rules.refusals import Refused
from workbooks.read.dossier import read_dossier


def examine(
    data: bytes,
    *,
    campaign: Campaign,
    town_code: str,
    village_code: str,
    earlier: Mapping[str, str] | None = None,
) -> Understood:
    """What the checks make of a dossier that should be this village's, in this process.

    A dossier with masked ID numbers is not checked without ``earlier`` ones by place: ``asks`` says which.
    """
    dossier = read_dossier(data, campaign)
    if isinstance(dossier, Refused):
        return unreadable(dossier)
    masked = masked_rows(dossier, id_column(campaign))
    asks = places_asked(masked)
    if asks and earlier is None:
        return Understood(findings=(), acceptable=False, facts={}, asks=asks)
    if masked:
        dossier = joined(dossier, id_column(campaign), earlier or {})
    findings = check.check(campaign, dossier, town_code=town_code, village_code=village_code)
    if not check.is_acceptable(findings):
        return Understood(findings=findings, acceptable=False, facts={})
    people = tuple((row.number, normalise_id(row.cells["id_number"].text)[0]) for row in dossier.roster)
    return Understood(
        findings=findings,
        acceptable=True,
        facts=check.facts(campaign, dossier),
        people=people,
        explained=check.explained_rows(dossier),
    )


def unreadable(refused: Refused) -> Understood:
    """A file that cannot be read has one finding: why not."""
    finding = Finding(refused.code, "error", "", "", refused.reason)
    return Understood(findings=(finding,), acceptable=False, facts={})


def to_json(understood: Understood) -> bytes:
    return json.dumps(
        {
            "findings": [
                [one.code, one.severity, one.sheet, one.ref, one.message] for one in understood.findings
            ],
            "acceptable": understood.acceptable,
            "facts": {key: str(value) for key, value in understood.facts.items()},
            "people": list(understood.people),
            "explained": list(understood.explained),
            "asks": list(understood.asks),
        }
    ).encode()


def from_json(text: bytes) -> Understood:
    """The counterpart of ``to_json``. Raises ``ValueError``, ``KeyError`` or ``TypeError`` for anything else."""
    told = json.loads(text)
    return Understood(
        findings=tuple(Finding(*map(str, one)) for one in told["findings"]),
        acceptable=told["acceptable"] is True,
        facts={str(key): Fraction(value) for key, value in told["facts"].items()},
        people=tuple((int(row), str(number)) for row, number in told["people"]),
        explained=tuple(map(int, told["explained"])),
        asks=tuple(map(str, told["asks"])),
    )
