"""Everything a dossier's bytes say: read, checked, counted. No database, no clock."""

from __future__ import annotations

from collections.abc import Mapping

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
    checked = check.worked_out(campaign, dossier, town_code=town_code, village_code=village_code)
    findings = check.findings_of(checked)
    if not check.is_acceptable(findings):
        return Understood(findings=findings, acceptable=False, facts={})
    people = tuple((row.number, normalise_id(row.cells["id_number"].text)[0]) for row in dossier.roster)
    return Understood(
        findings=findings,
        acceptable=True,
        facts=check.facts(campaign, dossier, checked.counts),
        people=people,
        explained=check.explained_rows(dossier),
    )


def unreadable(refused: Refused) -> Understood:
    """A file that cannot be read has one finding: why not."""
    finding = Finding(refused.code, "error", "", "", refused.reason)
    return Understood(findings=(finding,), acceptable=False, facts={})
