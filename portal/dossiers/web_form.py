"""A dossier typed on a page: annexes 1, 3 and 4 by field, the roster pasted or by row, the checks beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from actions.dossiers.online.web_form import check_form, hand_in_form, keep_form, typed_of
from portal.dossiers.findings import in_groups
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from portal.web.security import TYPED
from records import clock
from rules.campaign.campaign import Campaign
from rules.dossiers.dossier import Finding
from rules.dossiers.id_numbers import mask
from rules.refusals import Refused
from workbooks.layout import FIRST_ROW, score_rows
from workbooks.template.typed import Row, Typed, asked_fields, pasted_rows, typed_columns

CLAIM, SURVEY, RECOMMENDATION, NEW = "claim:", "survey:", "rec:", "new:"
"""How the fields of annexes 1, 3 and 4 begin, and those of one person; the key follows."""
MOST_SHOWN = 40
NO_ROW = Refused("no_such_row", "花名册里没有这一行，请填写左边列出的行号。")
EMPTY_ROW = Refused("empty_row", "这一行什么都没有填，没有加入花名册。")


def show_form(asked: Asked) -> Response:
    return _form_page(asked)


def _form_page(
    asked: Asked, refused: Refused | None = None, *, typed: Typed | None = None, person: Row | None = None
) -> Response:
    """``person`` is one row taken back to be changed; ``typed`` what was sent and could not be kept."""
    campaign, village = need(asked.found.campaign), need(asked.found.village)
    with asked.store.reading() as session:
        kept, saved_at = typed_of(session, asked.store, village, asked.person.id)
    shown = typed or kept
    found = check_form(campaign, village.code, shown) if saved_at or typed else ()
    findings = () if isinstance(found, Refused) else found
    facts: dict[str, Any] = {
        "refused": refused or (found if isinstance(found, Refused) else None),
        "zone": campaign.zone,
        "village": village,
        "town": campaign.town(village.town_code),
        "typed": shown,
        "saved_at": saved_at,
        "scores": [one for one in score_rows(campaign.scheme, campaign.forms) if one.fills],
        "survey": asked_fields(campaign.forms, "survey"),
        "recommendation": asked_fields(campaign.forms, "recommendation"),
        "levels": [one.title for one in campaign.awards],
        "columns": typed_columns(campaign.forms),
        "new": person or {},
        "rows": _shown_rows(campaign, shown.roster, findings),
        "groups": in_groups([(one, "") for one in findings]),
        "errors": sum(one.severity == "error" for one in findings),
        "paste": asked.field("paste") if refused else "",
    }
    return show(asked, "dossiers/web_form.html", facts, status=UNPROCESSABLE if refused else 200)


def _shown_rows(
    campaign: Campaign, roster: Sequence[Row], findings: Sequence[Finding]
) -> list[tuple[int, str, str, bool]]:
    """(row number in the workbook, name, masked number, whether anything is found there): what is found first."""
    title = campaign.forms.sheet("roster")
    odd = {
        int("".join(sign for sign in one.ref if sign.isdecimal()) or 0)
        for one in findings
        if one.sheet == title
    }
    rows = [
        (number, row.get("name", ""), mask(row.get("id_number", "")), number in odd)
        for number, row in enumerate(roster, FIRST_ROW)
    ]
    return sorted(sorted(rows, key=lambda row: -row[0]), key=lambda row: not row[3])[:MOST_SHOWN]


def save_form(asked: Asked) -> Response:
    """Whatever button was pressed, what stands in the fields is kept first."""
    campaign, village = need(asked.found.campaign), need(asked.found.village)
    with asked.store.reading() as session:
        kept, _ = typed_of(session, asked.store, village, asked.person.id)
    typed, person = _sent(asked, kept), None
    if asked.field("act") == "take":
        changed = _taken(asked, typed)
        if isinstance(changed, Refused):
            return _form_page(asked, changed, typed=typed)
        typed, person = changed
    else:
        roster = _roster(asked, campaign, typed.roster)
        if isinstance(roster, Refused):
            return _form_page(asked, roster, typed=typed)
        typed = replace(typed, roster=roster)
    refused = keep_form(
        asked.store,
        campaign_id=campaign.id,
        village_code=village.code,
        by=asked.person.id,
        typed=typed,
        now=asked.now,
    )
    if refused or person is not None:
        return _form_page(asked, refused, typed=typed, person=person)
    return (
        _hand_in(asked, typed) if asked.field("act") == "hand_in" else go(_address(asked), said="draft_kept")
    )


def _hand_in(asked: Asked, typed: Typed) -> Response:
    campaign, village = need(asked.found.campaign), need(asked.found.village)
    done = hand_in_form(
        asked.store,
        campaign_id=campaign.id,
        village_code=village.code,
        by=asked.person.id,
        typed=typed,
        now=asked.now,
        host_now=clock.host_now(),
    )
    if isinstance(done, Refused):
        return _form_page(asked, done)
    return go(f"/campaigns/{campaign.id}/villages/{village.code}", said="handed_in")


def _address(asked: Asked) -> str:
    return f"/campaigns/{need(asked.found.campaign).id}/villages/{need(asked.found.village).code}/form"


def _sent(asked: Asked, kept: Typed) -> Typed:
    """The fields as they were sent, for what the form asks; the roster as it was kept."""
    campaign = need(asked.found.campaign)
    claims = [one.key for one in score_rows(campaign.scheme, campaign.forms) if one.fills]
    survey = [one.key for one in asked_fields(campaign.forms, "survey")]
    recommendation = [one.key for one in asked_fields(campaign.forms, "recommendation")]
    return Typed(
        claims=_fields(asked, CLAIM, claims),
        survey=_fields(asked, SURVEY, survey),
        recommendation=_fields(asked, RECOMMENDATION, recommendation),
        roster=kept.roster,
    )


def _fields(asked: Asked, start: str, keys: Sequence[str]) -> Mapping[str, str]:
    return {key: asked.field(f"{start}{key}") for key in keys if asked.field(f"{start}{key}")}


def _roster(asked: Asked, campaign: Campaign, kept: Sequence[Row]) -> list[Row] | Refused:
    """The roster with what was pasted, and with the person whose fields were filled."""
    rows = [] if asked.field("replace") else list(kept)
    pasted = asked.form.get("paste", "")
    if isinstance(pasted, str) and pasted.strip():
        found = pasted_rows(campaign.forms, pasted.strip("\r\n"))
        if isinstance(found, Refused):
            return found
        rows += found
    person = _fields(asked, NEW, [one.key for one in typed_columns(campaign.forms)])
    if asked.field("act") == "add" and not person:
        return EMPTY_ROW
    return [*rows, person] if person else rows


def _taken(asked: Asked, typed: Typed) -> tuple[Typed, Row | None] | Refused:
    """The row whose number was given, out of the roster: to be changed and added again, or for good."""
    place = asked.number("row") - FIRST_ROW
    if not 0 <= place < len(typed.roster):
        return NO_ROW
    left = replace(typed, roster=[*typed.roster[:place], *typed.roster[place + 1 :]])
    return left, typed.roster[place]


ADDRESS = "/campaigns/{campaign_id}/villages/{village_code}/form"

ROUTES = (
    Route("GET", ADDRESS, "village.hand_in", show_form),
    Route("POST", ADDRESS, "village.hand_in", save_form, TYPED),
)
