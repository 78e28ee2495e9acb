"""Checking a dossier in stages: whose it is, whether it is whole, cells, rows, the roster, its sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from rules.campaign.campaign import Campaign
from rules.campaign.forms import Field
from rules.dossiers.cell_values import read_number
from rules.dossiers.checks.cells import check_cells, check_rows
from rules.dossiers.checks.findings import found, gravest_first, instead_of, is_acceptable, on_trial, places
from rules.dossiers.checks.roster import check_people
from rules.dossiers.checks.subject import Checked, Stage, is_explained, judge_numbers
from rules.dossiers.checks.sums.sums import check_sums
from rules.dossiers.checks.whose import check_identity, check_places
from rules.dossiers.claims import claimed
from rules.dossiers.dossier import Cell, Dossier, Finding
from rules.dossiers.roster import count, table_of

__all__ = ["check", "explained_rows", "facts", "findings_of", "is_acceptable", "worked_out"]


def check(campaign: Campaign, dossier: Dossier, *, town_code: str, village_code: str) -> tuple[Finding, ...]:
    """All findings of a dossier that should be this village's, the gravest first.

    A dossier of another village, campaign or form version, or one with parts missing, gets only
    the findings that say so: the rest could not be trusted.
    """
    return findings_of(worked_out(campaign, dossier, town_code=town_code, village_code=village_code))


def worked_out(campaign: Campaign, dossier: Dossier, *, town_code: str, village_code: str) -> Checked:
    """What all stages look at, worked out once."""
    table = table_of(dossier.roster, [column.key for column in campaign.forms.roster])
    counts, judged = count(campaign.forms, dossier.roster, table), judge_numbers(campaign, dossier)
    return Checked(campaign, dossier, town_code, village_code, counts, judged, table)


def findings_of(checked: Checked) -> tuple[Finding, ...]:
    """As ``check`` gives them."""
    findings: list[Finding] = []
    for stage, stops in STAGES:
        findings += stage(checked)
        if stops and not is_acceptable(findings):
            break
    return gravest_first(on_trial(findings, checked.campaign.forms.trial))


def facts(
    campaign: Campaign, dossier: Dossier, counts: Mapping[str, int] | None = None
) -> dict[str, Fraction | int]:
    """What scoring needs: annex 1's claims, annex 3's own figures and, over all, the roster's counts."""
    own = {field.key: read_number(dossier.survey[field.key]) for field in own_figures(campaign, dossier)}
    return {
        **claimed(campaign.scheme, dossier.claims),
        **{key: number for key, number in own.items() if number is not None},
        **(count(campaign.forms, dossier.roster) if counts is None else counts),
    }


def own_figures(campaign: Campaign, dossier: Dossier) -> Iterator[Field]:
    for field in campaign.forms.survey:
        if field.key in dossier.survey and field.kind in ("integer", "number") and not field.count:
            yield field


def explained_rows(dossier: Dossier) -> tuple[int, ...]:
    """The rows in which the town has explained what is odd about a number."""
    return tuple(row.number for row in dossier.roster if is_explained(row))


# --- whether it is whole ---------------------------------------------------------------------------


def check_structure(checked: Checked) -> Iterator[Finding]:
    forms, dossier = checked.campaign.forms, checked.dossier
    for sheet in dossier.missing_sheets:
        likely = dossier.likely_sheets.get(sheet)
        instead = f"“{likely}”像是这张表，页名被改过" if likely else "文件里没有与它相像的工作表"
        where = Cell(dict(forms.sheets).get(sheet, sheet), "", None, "blank")
        yield found("missing_sheet", where, instead=instead)
    yield from check_columns(checked)
    for oddity in dossier.oddities:
        where = Cell(oddity.sheet, oddity.refs[0] if oddity.refs else "", None, "blank")
        yield found(
            oddity.code,
            where,
            what=oddity.what,
            value=str(oddity.count or len(oddity.refs)),
            places=places(oddity.refs),
        )


def check_columns(checked: Checked) -> Iterator[Finding]:
    """One finding for all missing columns that must be there, one for those that may be; and what stands instead."""
    known = {one.key: one for one in checked.campaign.forms.roster}
    titled = {one.title: one for one in checked.campaign.forms.roster}
    missing: dict[str, list[str]] = {}
    for name in checked.dossier.missing_columns:
        column = known.get(name) or titled.get(name)
        optional = column is not None and column.need in ("optional", "automatic")
        code = "missing_optional_column" if optional else "missing_column"
        missing.setdefault(code, []).append(f"“{column.title if column else name}”")
    for code, titles in missing.items():
        strangers = checked.dossier.strangers.get("roster", ())
        yield found(code, checked.blank("roster"), title="、".join(titles), instead=instead_of(strangers))


STAGES: tuple[tuple[Stage, bool], ...] = (
    (check_identity, True),
    (check_structure, True),
    (check_places, False),
    (check_cells, False),
    (check_rows, False),
    (check_people, False),
    (check_sums, False),
)
"""The stages in order, and whether errors in one end the check."""
