"""What a town owes, by when, and what is missing: rows put into the order in which its clerk needs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from records.campaign.villages import villages_of
from records.dossiers.findings import count_errors
from records.dossiers.uploads import uploads_of
from records.duties.duties import duty_with_key, open_duties
from records.store import Session
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow
from rules.campaign.campaign import Campaign

OWES_DOSSIER = ("correction", "dossier")
STEPS = {
    "checking": "正在校验，请稍候",
    "wrong": "校验发现%(n)s处错误，请修改后重新上传",
    "correct": "审核退回，请按退回理由补正后上传",
    "hand_in": "请下载模板，填写后上传",
    "hand_in_again": "已撤回，请修改后重新上传",
}
"""What a village has to do next."""
SETTLED_WELL = ("submitted", "under_review", "recognised")


@dataclass(frozen=True, slots=True)
class VillageLine:
    """One village as its clerk sees it: where it stands, what to do next, until when."""

    village: VillageRow
    duty: DutyRow | None
    upload: UploadRow | None
    errors: int
    late: bool

    @property
    def next_step(self) -> str:
        """A sentence to be said with ``n``, the number of errors."""
        if self.upload is not None and self.upload.state == "received":
            return STEPS["checking"]
        if self.duty is None:
            return ""
        if self.upload is not None and self.upload.state == "returned":
            return STEPS["wrong"]
        if self.upload is not None and self.upload.state == "withdrawn":
            return STEPS["hand_in_again"]
        return STEPS["correct" if self.duty.kind == "correction" else "hand_in"]

    @property
    def tone(self) -> str:
        if self.duty is not None:
            return "late" if self.late or self.duty.kind == "correction" else "wait"
        return "good" if self.village.state in SETTLED_WELL else ""


@dataclass(frozen=True, slots=True)
class TownView:
    """Everything on a town's page."""

    lines: tuple[VillageLine, ...]
    survey: DutyRow | None
    paper: DutyRow | None

    @property
    def owed(self) -> int:
        """How many things are still to be done."""
        open_ones = [duty for duty in (self.survey, self.paper) if duty is not None and duty.state == "open"]
        return len(open_ones) + sum(line.duty is not None for line in self.lines)

    @property
    def next_due(self) -> datetime | None:
        duties = [self.survey, self.paper, *(line.duty for line in self.lines)]
        return min(
            (duty.due_at for duty in duties if duty is not None and duty.state == "open"), default=None
        )


def town_view(session: Session, campaign: Campaign, town_code: str, *, now: datetime) -> TownView:
    duties = open_duties(session, campaign.id, town_code=town_code)
    villages = villages_of(session, campaign.id, town_code=town_code)
    return TownView(
        lines=tuple(village_line(session, village, duties, now=now) for village in villages),
        survey=duty_with_key(session, campaign.id, f"survey:{town_code}"),
        paper=duty_with_key(session, campaign.id, f"paper:{town_code}"),
    )


def village_line(
    session: Session, village: VillageRow, duties: Sequence[DutyRow], *, now: datetime
) -> VillageLine:
    """``duties`` are open ones, of this village or of its whole town."""
    mine = [one for one in duties if one.village_code == village.code and one.kind in OWES_DOSSIER]
    # A correction comes before the dossier itself, as in handing in.
    duty = min(mine, key=lambda one: OWES_DOSSIER.index(one.kind), default=None)
    upload = next(reversed(uploads_of(session, village)), None)
    errors = count_errors(session, upload.id) if upload is not None and upload.state == "returned" else 0
    return VillageLine(village, duty, upload, errors, late=duty is not None and now > duty.due_at)
