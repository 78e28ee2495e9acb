"""Business data beside a roster: each number, the difference, and who is behind it; and importing an extract."""

from __future__ import annotations

from pathlib import PurePosixPath

from starlette.datastructures import UploadFile
from starlette.responses import Response

from actions.overview.business_data import Compared, compare, import_extract
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from portal.web.security import DOSSIER
from records.dossiers.extracts import newest_extracts
from records.people.people import Names
from rules.refusals import Refused
from workbooks.file.guard import MAX_BYTES

NOTHING = Compared((), {})
ADDRESS = "/campaigns/{campaign_id}/business"


def show_comparison(asked: Asked) -> Response:
    campaign, village, upload = (
        need(asked.found.campaign),
        need(asked.found.village),
        need(asked.found.upload),
    )
    found = compare(asked.store, upload_id=upload.id, by=asked.person.id)
    refused = found if isinstance(found, Refused) else None
    facts = {
        "refused": refused,
        "village": village,
        "town": campaign.town(village.town_code),
        "upload": upload,
        "compared": NOTHING if isinstance(found, Refused) else found,
        "indicators": {one.id: one.name for one in campaign.scheme.indicators},
        "zone": campaign.zone,
    }
    return show(asked, "dossiers/business.html", facts, status=UNPROCESSABLE if refused else 200)


def show_sources(asked: Asked) -> Response:
    return _sources_page(asked)


def _sources_page(asked: Asked, refused: Refused | None = None) -> Response:
    campaign = need(asked.found.campaign)
    with asked.store.reading() as session:
        facts = {
            "refused": refused,
            "sources": campaign.business,
            "newest": newest_extracts(session, campaign.id),
            "counts": {one.key: one.title for one in campaign.forms.counts},
            "names": Names(session),
            "zone": campaign.zone,
        }
        return show(asked, "dossiers/business_sources.html", facts, status=UNPROCESSABLE if refused else 200)


def receive_extract(asked: Asked) -> Response:
    campaign, file = need(asked.found.campaign), asked.form.get("extract")
    if not isinstance(file, UploadFile) or not file.filename:
        return _sources_page(asked, Refused("no_file", "请先选择要上传的文件(.xlsx)。"))
    done = import_extract(
        asked.store,
        campaign_id=campaign.id,
        source=asked.field("source"),
        name=PurePosixPath(file.filename).name,
        data=file.file.read(MAX_BYTES + 1),
        by=asked.person.id,
        now=asked.now,
    )
    if isinstance(done, Refused):
        return _sources_page(asked, done)
    return go(f"/campaigns/{campaign.id}/business", said="extract_imported")


ROUTES = (
    Route("GET", "/uploads/{upload_id}/business", "business.read", show_comparison),
    Route("GET", ADDRESS, "business.import", show_sources),
    Route("POST", ADDRESS, "business.import", receive_extract, DOSSIER),
)
