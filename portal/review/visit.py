"""The visit to a village, filled in on a telephone: what is to be seen, photos, whom one met, notes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from starlette.responses import Response

from actions.review.planning.signatures import digest_of, sign_visit, visit_owed
from actions.review.score_lines import facts_behind, flags, plain, titles
from actions.review.visits import Photo, add_photos, record_visit, save_draft
from portal.review.pictures import photos_by_visit
from portal.review.score_form import changed, typed
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from portal.web.security import VISIT_BYTES, Body
from records.dossiers.pictures import draft_of
from records.dossiers.uploads import accepted_facts
from records.people.people import names_of
from records.review.scores import final_score
from records.review.visit_plans import signatures_of
from records.review.visits import visits_to
from records.tables.duties import DutyRow
from rules.campaign.campaign import Campaign
from rules.entries import read_whole
from rules.refusals import Refused
from rules.review.visits import MET, MOST_PHOTOS, PHOTO_MEGABYTES, PHOTOS_AT_ONCE

PHOTOS = ("camera", "album")
"""The fields that bring photos: one opens the camera, the other what was photographed before."""
MET_FIELD = "met:"
KEPT = ("notes", "position")
LONGEST_NAME = 60
SAVE = "save"


def show_visit(asked: Asked) -> Response:
    return _visit_page(asked)


def _visit_page(asked: Asked, refused: Refused | None = None) -> Response:
    campaign, village = need(asked.found.campaign), need(asked.found.village)
    with asked.store.reading() as session:
        duty = visit_owed(session, campaign.id, village.code)
        claimed = accepted_facts(session, village) if duty else {}
        draft = draft_of(session, campaign.id, village.code, asked.person.id)
        photos = photos_by_visit(session, campaign.id, village.code)
        visits = visits_to(session, campaign.id, village.code)
        facts = {
            "refused": refused,
            "zone": campaign.zone,
            "village": village,
            "town": campaign.town(village.town_code),
            "duty": duty,
            "visits": visits,
            "signatures": signatures_of(session, [one.id for one in visits]),
            "digest": digest_of(session, visits[-1]) if visits else "",
            "mine": duty is not None and _may_write(duty, asked.person.id),
            "photos": photos,
            "room": MOST_PHOTOS - sum(map(len, photos.values())),
            "at_once": PHOTOS_AT_ONCE,
            "megabytes": PHOTO_MEGABYTES,
            "roles_met": MET,
            "names": names_of(session),
            "checks": checklist(campaign, claimed),
            "fact_titles": titles(campaign),
            "typed": _fields(asked) or (draft.typed if draft else {}),
            "draft": draft,
            "final": final_score(session, village),
        }
        return show(asked, "review/visit.html", facts, status=UNPROCESSABLE if refused else 200)


def _may_write(duty: DutyRow, person_id: str) -> bool:
    """Either of the two while the visit is owed, only the other once it is written."""
    return duty.state == "open" and (duty.kind == "visit" or duty.person_id == person_id)


def sign(asked: Asked) -> Response:
    campaign, village = need(asked.found.campaign), need(asked.found.village)
    refused = sign_visit(
        asked.store,
        campaign_id=campaign.id,
        village_code=village.code,
        by=asked.person.id,
        seen=asked.field("digest"),
        now=asked.now,
    )
    return _visit_page(asked, refused) if refused else go(f"/campaigns/{campaign.id}/inbox", said="signed")


def checklist(
    campaign: Campaign, claimed: Mapping[str, str]
) -> list[tuple[str, list[tuple[str, str, str, bool]]]]:
    """(indicator, [(fact, title, claimed, yes or no)]) of all that can be seen on the spot."""
    named, yes_no = titles(campaign), flags(campaign.scheme)
    seen = [one for one in campaign.scheme.indicators if one.items or one.kind == "deduct"]
    return [
        (
            one.name,
            [
                (key, named.get(key, key), plain(claimed.get(key, "0")), key in yes_no)
                for key in facts_behind(one)
            ],
        )
        for one in seen
    ]


def _fields(asked: Asked) -> dict[str, str]:
    """What was typed, by field; only what the form asks."""
    names = (name for name in asked.form if name in KEPT or name.startswith(("fact:", MET_FIELD)))
    return {name: asked.field(name) for name in names if asked.field(name)}


def save_visit(asked: Asked) -> Response:
    """Photos first, all or none; then what was typed is kept, or the visit recorded."""
    campaign, village = need(asked.found.campaign), need(asked.found.village)
    refused = _keep_photos(asked)
    if refused is None and asked.field("act") == SAVE:
        refused = save_draft(
            asked.store,
            campaign_id=campaign.id,
            village_code=village.code,
            by=asked.person.id,
            typed=_fields(asked),
            now=asked.now,
        )
        if refused is None:
            return go(f"/campaigns/{campaign.id}/villages/{village.code}/visit", said="visit_saved")
    refused = refused or _record(asked)
    return _visit_page(asked, refused) if refused else go(f"/campaigns/{campaign.id}/inbox", said="visited")


def _keep_photos(asked: Asked) -> Refused | None:
    campaign, village = need(asked.found.campaign), need(asked.found.village)
    photos = _photos(asked)
    if not photos:
        return None
    done = add_photos(
        asked.store,
        campaign_id=campaign.id,
        village_code=village.code,
        by=asked.person.id,
        photos=photos,
        now=asked.now,
    )
    return done if isinstance(done, Refused) else None


def _photos(asked: Asked) -> list[Photo]:
    """The chosen files; of one that is too large only so much that it shows."""
    most = PHOTO_MEGABYTES * 2**20 + 1
    return [(_name(one.filename), one.file.read(most)) for field in PHOTOS for one in asked.files(field)]


def _name(name: str | None) -> str:
    """A file's name without the folders some browsers send, short enough for a sentence."""
    return PurePosixPath((name or "").replace("\\", "/")).name[-LONGEST_NAME:] or "照片"


def _record(asked: Asked) -> Refused | None:
    campaign, village = need(asked.found.campaign), need(asked.found.village)
    with asked.store.reading() as session:
        duty = visit_owed(session, campaign.id, village.code)
        claimed = accepted_facts(session, village) if duty else {}
    met = {role: read_whole(number) for role, number in typed(asked, MET_FIELD).items()}
    odd = [MET.get(role, role) for role, number in met.items() if number is None]
    if odd:
        return Refused("met", f"会见人数请填整数：{'、'.join(odd)}。")
    return record_visit(
        asked.store,
        campaign_id=campaign.id,
        village_code=village.code,
        by=asked.person.id,
        notes=asked.field("notes"),
        adjustments=changed(asked, claimed),
        now=asked.now,
        met={role: number for role, number in met.items() if number is not None},
        position=asked.field("position"),
        read=asked.number("read"),
    )


VISIT = Body(VISIT_BYTES, files=MOST_PHOTOS + len(PHOTOS), told="photos_too_large")
ADDRESS = "/campaigns/{campaign_id}/villages/{village_code}/visit"

ROUTES = (
    Route("GET", ADDRESS, "village.visit", show_visit),
    Route("POST", f"{ADDRESS}/signature", "village.visit", sign),
    Route("POST", ADDRESS, "village.visit", save_visit, VISIT),
)
