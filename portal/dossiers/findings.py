"""The findings of a version as a page shows them: in groups, each with what became of it since the version before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from actions.dossiers.progress import FollowUp, follow_up
from records.dossiers.findings import as_rule, findings_of
from records.store import Session
from records.tables.dossiers import UploadRow
from rules.campaign.campaign import Campaign
from rules.dossiers import read_back
from rules.dossiers.checks.annotation import TITLES
from rules.dossiers.checks.progress import FIXED, NEW, STILL
from rules.dossiers.dossier import Finding

MOST_SHOWN = 200
"""Findings on the page; all of them stand in the annotated copy and the mail."""
TONES = {FIXED: "good", STILL: "wait", NEW: "late"}
"""In what tone a page tells what became of a finding."""


@dataclass(frozen=True, slots=True)
class Line:
    """One finding. ``since`` is a key of ``rules.dossiers.checks.annotation.SINCE`` or empty."""

    message: str
    since: str


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one kind on one sheet."""

    severity: str
    code: str
    title: str
    sheet: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class FindingsView:
    """``total`` findings, of which ``hidden`` are not shown; ``fixed`` are those of the version before."""

    groups: Sequence[Group]
    total: int
    hidden: int
    earlier: int
    counts: Sequence[tuple[str, str, int]]
    """(what became of them, tone, how many), empty for a first version."""
    fixed: Sequence[str]


def findings_view(session: Session, upload: UploadRow) -> FindingsView:
    findings = [as_rule(one) for one in findings_of(session, upload.id)]
    since = follow_up(session, upload, findings) if upload.checked_at is not None else None
    words = since.progress.since if since else ("",) * len(findings)
    shown = list(zip(findings, words, strict=True))[:MOST_SHOWN]
    return FindingsView(
        groups=in_groups(shown),
        total=len(findings),
        hidden=len(findings) - len(shown),
        earlier=since.earlier if since else 0,
        counts=_counts(since),
        fixed=[one.message for one in since.progress.fixed][:MOST_SHOWN] if since else [],
    )


def read_back_of(session: Session, campaign: Campaign, upload: UploadRow) -> Sequence[read_back.Line]:
    """What was understood of an accepted version; nothing of another."""
    if upload.state != "accepted":
        return ()
    facts = {key: Fraction(value) for key, value in upload.facts.items()}
    findings = [as_rule(one) for one in findings_of(session, upload.id)]
    return read_back.read_back(campaign, facts, findings, rows=upload.rows)


def in_groups(findings: Sequence[tuple[Finding, str]]) -> list[Group]:
    """What must be put right first, then by sheet and kind."""
    order = list(TITLES)

    def kind(pair: tuple[Finding, str]) -> tuple[int, str, str]:
        return order.index(pair[0].severity), pair[0].sheet, pair[0].code

    return [
        Group(order[rank], code, TITLES[order[rank]], sheet, [Line(one.message, word) for one, word in pairs])
        for (rank, sheet, code), pairs in groupby(sorted(findings, key=kind), kind)
    ]


def _counts(since: FollowUp | None) -> list[tuple[str, str, int]]:
    return [(word, tone, since.progress.count(word)) for word, tone in TONES.items()] if since else []
