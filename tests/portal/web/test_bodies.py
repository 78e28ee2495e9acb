"""How much each form may bring: as its route declares it, and no form with a file is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.places import ROOT
from portal.app import ROUTES
from portal.web.rendering import FOLDER
from portal.web.routes import Route
from portal.web.security import DOCUMENT, DOSSIER, FORM, FORM_BYTES, Body
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID
from tests.portal.conftest import HERE, Portal

WITH_FILES = [route for route in ROUTES if route.body.files]


def test_every_page_with_a_file_field_belongs_to_a_route_that_takes_files_and_no_other_takes_any() -> None:
    pages = FOLDER / "templates"
    asking = {page for page in pages.rglob("*.html") if 'type="file"' in page.read_text(encoding="utf-8")}
    names = [f'"{page.relative_to(pages).as_posix()}"' for page in asking]

    showing = {
        file.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        for file in FOLDER.rglob("*.py")
        if any(name in file.read_text(encoding="utf-8") for name in names)
    }

    assert sorted(route.answer.__module__ for route in WITH_FILES) == sorted(showing)


@pytest.mark.parametrize("route", WITH_FILES, ids=lambda route: route.path)
def test_body_up_to_its_limit_is_let_in_and_one_beyond_is_told_how_much_it_may_be(
    portal: Portal, campaign: Campaign, at: Callable[[int, int], None], route: Route
) -> None:
    at(11, 16)
    browser = portal.as_("coordinator-1")
    browser.look("/account")
    path = route.path.format(campaign_id=CAMPAIGN_ID, village_code=campaign.villages[0].code)

    fits = browser.fill_in(path, files={"file": ("甲.pdf", b"x" * (route.body.most - FORM_BYTES))})
    beyond = browser.post(path, content=b"x" * (route.body.most + 1), headers={"Origin": HERE})

    assert fits.status_code != 413
    assert (beyond.status_code, str((route.body.most - FORM_BYTES) // 2**20) in beyond.text) == (413, True)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"/campaigns/{CAMPAIGN_ID}/ledger/results", DOCUMENT),
        (f"/campaigns/{CAMPAIGN_ID}/business", DOSSIER),
        ("/api/v1/campaigns/x/villages/y/uploads", DOSSIER),
        ("/login", FORM),
        ("/nothing/uploads", FORM),
    ],
)
def test_path_is_sent_what_its_route_declares(portal: Portal, path: str, body: Body) -> None:
    bodies: Any = next(one.kwargs["bodies"] for one in portal.app.user_middleware if "bodies" in one.kwargs)

    assert bodies.at(path) == body


def test_file_that_no_route_asked_for_is_refused(portal: Portal) -> None:
    browser = portal.as_("coordinator-1")
    browser.look("/account")

    answer = browser.fill_in("/account/conflicts", files={"file": ("甲.pdf", b"x")})

    assert answer.status_code == 400
