"""A village's dossier: template, upload, findings, versions and returns on one page."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from actions.dossiers import uploads
from actions.dossiers.annotated_copy import annotated_copy
from actions.dossiers.originals import open_original
from actions.dossiers.prefilled_template import prefilled_template
from actions.dossiers.withdrawal import standing_of
from actions.duties.clocks import clocks_of
from actions.runs.why_waiting import why_owed
from actions.steps import subject_of
from portal.dossiers.findings import TONES, findings_view, read_back_of
from portal.dossiers.town import village_line
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, as_file, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from portal.web.security import DOSSIER
from records import clock
from records.dossiers.files import erased_among
from records.dossiers.uploads import uploads_of
from records.duties.duties import open_duties
from records.duties.extensions import requests_of
from records.people.people import Names
from records.review.blindness import sealed_from
from records.review.scores import newest_sheet
from records.store import Session
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from rules.campaign.campaign import Campaign
from rules.dossiers.checks.annotation import SINCE
from rules.dossiers.withdrawal import refuse_withdrawal
from rules.refusals import Refused
from workbooks.file.guard import MAX_BYTES
from workbooks.template.template import make_template

UPLOAD_STATES = {
    "received": "正在校验",
    "accepted": "校验通过",
    "returned": "未通过",
    "superseded": "已被新版取代",
    "withdrawn": "已撤回",
}


def show_village(asked: Asked) -> Response:
    return _village_page(asked)


def _village_page(asked: Asked, refused: Refused | None = None) -> Response:
    campaign, village = need(asked.found.campaign), need(asked.found.village)
    with asked.store.reading() as session:
        duties = open_duties(session, campaign.id, village_code=village.code)
        line = village_line(session, village, duties, now=asked.now)
        requests = requests_of(session, line.duty.id) if line.duty else []
        uploads = list(reversed(uploads_of(session, village)))
        facts = {
            "refused": refused,
            "zone": campaign.zone,
            "town": campaign.town(village.town_code),
            "village": village,
            "line": line,
            "read_back": read_back_of(session, campaign, line.upload) if line.upload else (),
            "found": findings_view(session, line.upload) if line.upload else None,
            "why_returned": []
            if subject_of(campaign.id, village.code) in sealed_from(session, asked.person.id)
            else line.duty.facts.get("reasons", [])
            if line.duty
            else [],
            "since": SINCE,
            "tones": TONES,
            "uploads": uploads,
            "erased": erased_among(session, (one.blob_id for one in uploads)),
            "upload_states": UPLOAD_STATES,
            "names": Names(session),
            "sheet": newest_sheet(session, line.upload, "town") if line.upload else None,
            "requests": requests,
            "asking": next((one for one in requests if one.answer is None), None),
            "clocks": clocks_of(session, campaign, village.code, now=asked.now),
            "whys": [why_owed(session, campaign, duty, now=asked.now) for duty in duties],
            "may_hand_in": asked.may("village.hand_in") and line.duty is not None,
            "may_withdraw": asked.may("upload.withdraw")
            and _may_be_withdrawn(session, campaign, village, asked),
            "most_megabytes": MAX_BYTES // 2**20,
        }
        return show(asked, "dossiers/village.html", facts, status=UNPROCESSABLE if refused else 200)


def show_check(asked: Asked) -> Response:
    """How far the newest upload is, for a page that follows its check."""
    with asked.store.reading() as session:
        newest = next(reversed(uploads_of(session, need(asked.found.village))), None)
    return JSONResponse({"version": newest.version, "state": newest.state} if newest else {})


def _may_be_withdrawn(session: Session, campaign: Campaign, village: VillageRow, asked: Asked) -> bool:
    standing = standing_of(session, campaign, village)
    return (
        standing is not None and refuse_withdrawal(standing, version=standing.version, now=asked.now) is None
    )


def _address(campaign: Campaign, village_code: str) -> str:
    return f"/campaigns/{campaign.id}/villages/{village_code}"


def send_template(asked: Asked) -> Response:
    campaign, village = need(asked.found.campaign), need(asked.found.village)
    name = f"{campaign.town(village.town_code).name}{village.name}申报材料.xlsx"
    return as_file(make_template(campaign, village.code), name=name)


def send_prefilled(asked: Asked) -> Response:
    """The template with last year's names in it: personal data, so it is asked for and noted."""
    campaign, village = need(asked.found.campaign), need(asked.found.village)
    made = prefilled_template(
        asked.store,
        campaign_id=campaign.id,
        village_code=village.code,
        by=asked.person.id,
        now=asked.now,
    )
    if isinstance(made, Refused):
        return _village_page(asked, made)
    return as_file(made, name=f"{campaign.town(village.town_code).name}{village.name}申报材料(预填).xlsx")


def receive(asked: Asked) -> Response:
    """Take a dossier in: what is no workbook is refused at once, everything else is checked later."""
    campaign, village = need(asked.found.campaign), need(asked.found.village)
    file = asked.form.get("dossier")
    if not isinstance(file, UploadFile) or not file.filename:
        return _village_page(asked, Refused("no_file", "请先选择要上传的文件(.xlsx)。"))
    data = file.file.read(MAX_BYTES + 1)
    done = uploads.hand_in(
        asked.store,
        campaign_id=campaign.id,
        village_code=village.code,
        data=data,
        by=asked.person.id,
        now=asked.now,
        host_now=clock.host_now(),
    )
    if isinstance(done, Refused):
        return _village_page(asked, done)
    return go(_address(campaign, village.code), said="handed_in")


def open_upload(asked: Asked) -> Response:
    """The bytes as they came, with everybody's ID numbers: by a right, outside the town also a reason."""
    campaign, upload = need(asked.found.campaign), need(asked.found.upload)
    done = open_original(asked.store, **_opening(asked, upload))
    if isinstance(done, Refused):
        return _village_page(asked, done)
    return as_file(done, name=_file_name(campaign, upload))


def open_annotated(asked: Asked) -> Response:
    """The same file with its findings marked: opened by the same right, for the same reason."""
    campaign, upload = need(asked.found.campaign), need(asked.found.upload)
    done = annotated_copy(asked.store, **_opening(asked, upload))
    if isinstance(done, Refused):
        return _village_page(asked, done)
    return as_file(done, name=_file_name(campaign, upload, "(标注)"))


class _Opening(TypedDict):
    upload_id: int
    by: str
    reason: str
    scanner: str
    now: datetime
    host_now: datetime


def _opening(asked: Asked, upload: UploadRow) -> _Opening:
    return {
        "upload_id": upload.id,
        "by": asked.person.id,
        "reason": asked.field("reason"),
        "scanner": asked.house.settings.clamd,
        "now": asked.now,
        "host_now": clock.host_now(),
    }


def _file_name(campaign: Campaign, upload: UploadRow, note: str = "") -> str:
    village = campaign.village(upload.village_code)
    return f"{campaign.town(village.town_code).name}{village.name}第{upload.version}版{note}.xlsx"


ROUTES = (
    Route("GET", "/campaigns/{campaign_id}/villages/{village_code}", "village.read", show_village),
    Route(
        "GET", "/campaigns/{campaign_id}/villages/{village_code}/template", "village.template", send_template
    ),
    Route("GET", "/campaigns/{campaign_id}/villages/{village_code}/check", "village.read", show_check),
    Route(
        "POST",
        "/campaigns/{campaign_id}/villages/{village_code}/template",
        "village.template",
        send_prefilled,
    ),
    Route(
        "POST",
        "/campaigns/{campaign_id}/villages/{village_code}/uploads",
        "village.hand_in",
        receive,
        DOSSIER,
    ),
    Route("POST", "/uploads/{upload_id}/file", "upload.open", open_upload),
    Route("POST", "/uploads/{upload_id}/annotated", "upload.open", open_annotated),
)
