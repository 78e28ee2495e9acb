"""A village's versions held against each other."""

from __future__ import annotations

from starlette.responses import Response

from actions.dossiers.differences import compare_versions
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, show
from portal.web.request import Asked
from portal.web.routes import Route
from records.dossiers.uploads import uploads_of
from records.review.scores import newest_sheet
from records.store import Session
from records.tables.dossiers import UploadRow
from records.tables.review import ScoreRow
from rules.entries import read_whole
from rules.refusals import Refused


def show_difference(asked: Asked) -> Response:
    """What changed between the two versions that the address names; without them between the newest two."""
    campaign, village = need(asked.found.campaign), need(asked.found.village)
    with asked.store.reading() as session:
        uploads = uploads_of(session, village)
        sheets = _totals(session, uploads)
    newest = [0, 0, *(upload.version for upload in uploads)][-2:]
    before, after = _number(asked, "from", default=newest[0]), _number(asked, "to", default=newest[1])
    found = None
    if len(uploads) > 1:
        found = compare_versions(
            asked.store, campaign_id=campaign.id, village_code=village.code, before=before, after=after
        )
    refused = found if isinstance(found, Refused) else None
    facts = {
        "refused": refused,
        "zone": campaign.zone,
        "village": village,
        "town": campaign.town(village.town_code),
        "uploads": uploads,
        "before": before,
        "after": after,
        "difference": None if refused else found,
        "old_sheet": sheets.get(before),
        "new_sheet": sheets.get(after),
    }
    return show(asked, "dossiers/difference.html", facts, status=UNPROCESSABLE if refused else 200)


def _totals(session: Session, uploads: list[UploadRow]) -> dict[int, ScoreRow]:
    """Version -> the town's own sheet, where the version got as far."""
    sheets = {upload.version: newest_sheet(session, upload, "town") for upload in uploads}
    return {version: sheet for version, sheet in sheets.items() if sheet is not None}


def _number(asked: Asked, name: str, *, default: int) -> int:
    typed = read_whole(asked.request.query_params.get(name, ""))
    return default if typed is None else typed


ROUTES = (
    Route("GET", "/campaigns/{campaign_id}/villages/{village_code}/diff", "village.read", show_difference),
)
