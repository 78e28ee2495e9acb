"""What became of the findings of the version before, once a new one is checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from records.dossiers.findings import as_rule, findings_of
from records.dossiers.uploads import checked_before
from records.store import Session
from records.tables.dossiers import UploadRow
from rules.dossiers.checks.annotation import told_apart
from rules.dossiers.checks.progress import Progress, progress_of
from rules.dossiers.dossier import Finding


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The progress since the version ``earlier``."""

    earlier: int
    progress: Progress

    def sentence(self) -> str:
        return f"与第{self.earlier}版相比：{told_apart(self.progress)}。"


def follow_up(session: Session, upload: UploadRow, findings: Sequence[Finding]) -> FollowUp | None:
    """``findings`` of the upload held against those of the version before it; None for the first one."""
    earlier = checked_before(session, upload)
    if earlier is None:
        return None
    before = [as_rule(one) for one in findings_of(session, earlier.id)]
    return FollowUp(earlier.version, progress_of(before, findings))
