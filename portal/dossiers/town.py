"""The town's page: what it owes, its survey, its paper copies, and asking for more time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from actions.campaign.survey import confirm_survey
from actions.dossiers.paper import announce_paper, record_paper
from actions.duties.extension_requests import ask_extension
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from records.campaign.villages import villages_of
from records.dossiers.findings import count_errors
from records.dossiers.uploads import uploads_of
from records.duties.duties import duty_with_key, open_duties
from records.duties.extensions import unanswered_requests
from records.store import Session
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow
from rules.campaign import states
from rules.campaign.campaign import Campaign
from rules.entries import read_day
from rules.refusals import Refused

OWES_DOSSIER = ("correction", "dossier")
STEPS = {
    "checking": "正在校验，请稍候",
    "wrong": "校验发现%(n)s处错误，请修改后重新上传",
    "correct": "审核退回，请按退回理由补正后上传",
    "hand_in": "请下载模板，填写后上传",
    "hand_in_again": "已撤回，请修改后重新上传",
}
"""What a village has to do next."""
CHECKING, WITHDRAWN = "正在校验", "已撤回"
SETTLED_WELL = ("submitted", "under_review", "recognised")


def show_town(asked: Asked) -> Response:
    return _town_page(asked)


def _town_page(asked: Asked, refused: Refused | None = None) -> Response:
    campaign, code = need(asked.found.campaign), asked.found.town_code
    with asked.store.reading() as session:
        view = town_view(session, campaign, code, now=asked.now)
        asking = unanswered_requests(session, campaign.id, town_code=code)
        facts = {
            "refused": refused,
            "town": campaign.town(code),
            "view": view,
            "asking": {duty.id: request for request, duty in asking},
            "zone": campaign.zone,
        }
        return show(asked, "dossiers/town.html", facts, status=UNPROCESSABLE if refused else 200)


def _address(asked: Asked) -> str:
    return f"/campaigns/{need(asked.found.campaign).id}/towns/{asked.found.town_code}"


def confirm(asked: Asked) -> Response:
    """Which villages take part; none at all has to be said with a tick of its own."""
    chosen = [value for value in asked.form.getlist("village") if isinstance(value, str)]
    if not chosen and not asked.field("none"):
        return _town_page(
            asked, Refused("nothing_chosen", "请勾选参与的社区(村)；确实都不参与的，请勾选“均不参与”。")
        )
    refused = confirm_survey(
        asked.store,
        campaign_id=need(asked.found.campaign).id,
        town_code=asked.found.town_code,
        villages=chosen,
        by=asked.person.id,
        now=asked.now,
    )
    return _town_page(asked, refused) if refused else go(_address(asked), said="survey_confirmed")


def announce(asked: Asked) -> Response:
    refused = announce_paper(
        asked.store,
        campaign_id=need(asked.found.campaign).id,
        town_code=asked.found.town_code,
        how=asked.field("how"),
        by=asked.person.id,
        now=asked.now,
    )
    return _town_page(asked, refused) if refused else go(_address(asked), said="paper_announced")


def ask_for_time(asked: Asked) -> Response:
    """A request about any duty of the town; answered on the page from which it came."""
    wanted = end_of_day(need(asked.found.campaign), asked.field("wanted_due"))
    if isinstance(wanted, Refused):
        return _town_page(asked, wanted)
    done = ask_extension(
        asked.store,
        duty_id=need(asked.found.duty).id,
        by=asked.person.id,
        wanted_due=wanted,
        reason=asked.field("reason"),
        now=asked.now,
    )
    return (
        _town_page(asked, done) if isinstance(done, Refused) else go(_address(asked), said="extension_asked")
    )


def end_of_day(campaign: Campaign, text: str) -> datetime | Refused:
    """The last second of a day that was typed or picked."""
    day = read_day(text)
    return day if isinstance(day, Refused) else campaign.end_of(day)


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
    def is_checking(self) -> bool:
        """Whether the newest version waits for its checks: then nobody owes anything, and nothing has failed yet."""
        return self.upload is not None and self.upload.state == "received"

    @property
    def standing(self) -> str:
        """The one word for where the village stands, which nothing beside it may contradict."""
        if self.is_checking:
            return CHECKING
        withdrawn = self.upload is not None and self.upload.state == "withdrawn"
        return (
            WITHDRAWN if withdrawn and self.duty is not None else states.TITLES["village", self.village.state]
        )

    @property
    def due_at(self) -> datetime | None:
        """Until when something has to be done; None while there is nothing to do."""
        return None if self.duty is None or self.is_checking else self.duty.due_at

    @property
    def tone(self) -> str:
        if self.is_checking:
            return "wait"
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
        return len(open_ones) + sum(line.due_at is not None for line in self.lines)

    @property
    def next_due(self) -> datetime | None:
        duties = [duty for duty in (self.survey, self.paper) if duty is not None and duty.state == "open"]
        owed = [*(duty.due_at for duty in duties), *(line.due_at for line in self.lines)]
        return min((due for due in owed if due is not None), default=None)


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


def receive_paper(asked: Asked) -> Response:
    campaign, town = need(asked.found.campaign), asked.found.town_code
    refused = record_paper(
        asked.store, campaign_id=campaign.id, town_code=town, by=asked.person.id, now=asked.now
    )
    if refused:
        facts = {"title": "没有签收", "sentence": refused.reason, "reference": ""}
        return show(asked, "error.html", facts, status=UNPROCESSABLE)
    return go(f"/campaigns/{campaign.id}/towns/{town}", said="paper_received")


ROUTES = (
    Route("GET", "/campaigns/{campaign_id}/towns/{town_code}", "town.read", show_town),
    Route("POST", "/campaigns/{campaign_id}/towns/{town_code}/survey", "town.confirm_survey", confirm),
    Route("POST", "/campaigns/{campaign_id}/towns/{town_code}/paper", "town.announce_paper", announce),
    Route(
        "POST",
        "/campaigns/{campaign_id}/towns/{town_code}/paper-receipt",
        "town.receive_paper",
        receive_paper,
    ),
    Route("POST", "/duties/{duty_id}/extension-requests", "duty.ask_extension", ask_for_time),
)
