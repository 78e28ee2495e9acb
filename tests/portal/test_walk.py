"""Every route, pages and JSON alike, every role, own and foreign objects: only what the table allows answers."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from actions.dossiers import pictures, uploads
from actions.duties import absences, extension_requests
from actions.lists import papers
from actions.people.staff import import_people
from actions.review import verification
from portal.api.access import ApiRoute
from portal.api.routes import API_ROUTES
from portal.app import ROUTES
from portal.web.routes import Route
from records import clock
from records.duties.duties import duty_with_key
from records.review.assignments import assigned_to_gate
from records.review.gates import latest_gate
from records.runs import carriers
from records.store import Store
from records.tables.dossiers import UploadRow
from records.tables.duties import AbsenceRow
from records.tables.people import TokenRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from rules.duties.absences import Absence
from rules.people.rights import ANY, RIGHTS
from tests.actions.conftest import CAMPAIGN_ID, dossier_of, judge, local
from tests.portal.conftest import CLERK, HERE, Portal
from tests.workbooks.photos import photo
from workbooks.pictures.decode import made_safe

OWN, FOREIGN = "331181100", "331181103"
PEOPLE = {
    "town_clerk": CLERK,
    "deputy_head": "head-331181100",
    "coordinator": "coordinator-1",
    "bureau_leader": "leader-1",
    "finance": "finance-1",
    "auditor": "auditor-1",
}
LEAVING = {"/logout", "/logout-everywhere", "/account/telephone"}
"""Would end the session with which the walk goes on, or have it wait for a telephone."""
REASON = "331199199003070019"
"""Stands in everything that nobody else may see."""


Paths = dict[str, dict[str, str]]


@pytest.fixture
def paths(portal: Portal, at_desk: GateRow, campaign: Campaign, at: Callable[[int, int], None]) -> Paths:
    """Path parameters of objects of the first town and of another one, each with a village at its desk review."""
    at(11, 16)
    return {town: _objects(portal.store, campaign, town, at_desk) for town in (OWN, FOREIGN)}


def _objects(store: Store, campaign: Campaign, town: str, at_desk: GateRow) -> dict[str, str]:
    village = next(one.code for one in campaign.villages if one.town_code == town)
    gate = at_desk if town == OWN else _at_desk_too(store, campaign, village)
    return {
        "campaign_id": CAMPAIGN_ID,
        "town_code": town,
        "village_code": village,
        "person_id": "reviewer-6",
        "stage_name": "submission",
        "message_id": "1",
        "document_key": "list",
        "upload_id": str(gate.upload_id),
        "gate_id": str(gate.id),
        "token_id": str(_token(store)),
        "proposal_id": str(_proposal(store, campaign, by_town=town)),
        "absence_id": str(_absence(store, campaign, by_town=town)),
        **_asking(store, campaign, town),
    }


def _at_desk_too(store: Store, campaign: Campaign, village: str) -> GateRow:
    """Another town's village, accepted and at its desk review."""
    subject, town = f"{CAMPAIGN_ID}/{village}", campaign.village(village).town_code
    done = uploads.hand_in(
        store, campaign_id=CAMPAIGN_ID, village_code=village, data=dossier_of(village),
        by=f"clerk-{town}", now=local(campaign, 11, 2), host_now=local(campaign, 11, 2),
    )  # fmt: skip
    assert isinstance(done, UploadRow)
    judge(store, done, now=local(campaign, 11, 2, 11))
    with store.writing() as session:
        carriers.enlist(
            session, kind="verification", subject=subject, campaign_id=CAMPAIGN_ID, label="", tags=[],
            at=local(campaign, 11, 16),
        )  # fmt: skip
    assert verification.desk_review(store, subject=subject, now=local(campaign, 11, 16)) is None
    with store.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "desk_review", subject)
    assert gate is not None
    return gate


def _token(store: Store) -> int:
    """Somebody's token: nobody's who walks here."""
    with store.writing() as session:
        now = clock.host_now()
        row = TokenRow(
            person_id="reviewer-6", token_hash=str(now), name=REASON, scopes=[], made_by="reviewer-6",
            made_at=now, expires_at=now,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id


def _proposal(store: Store, campaign: Campaign, *, by_town: str) -> int:
    """A change of accounts that waits: of nobody who walks here."""
    person_id = "reviewer-6" if by_town == OWN else "reviewer-5"
    known = next(one for one in campaign.people if one.id == person_id)
    moved = replace(known, email=f"{REASON}-{by_town}@example.invalid")
    done = import_people(store, [moved], by="coordinator-2", now=local(campaign, 11, 16))
    assert isinstance(done, list)
    assert done[0].proposal is not None
    return done[0].proposal


def _absence(store: Store, campaign: Campaign, *, by_town: str) -> int:
    """Somebody's absence to come: of nobody who walks here."""
    day = date(2020, 12, 1 if by_town == OWN else 2)
    done = absences.record_absence(
        store, Absence("reviewer-6", "reviewer-1", day, day), by="reviewer-6", reason=REASON,
        now=local(campaign, 11, 16),
    )  # fmt: skip
    assert isinstance(done, AbsenceRow)
    return done.id


def _asking(store: Store, campaign: Campaign, town: str) -> dict[str, str]:
    """A duty of the town, its request for more time and a picture; the first town has a document as well."""
    village = next(one.code for one in campaign.villages if one.town_code == town)
    with store.writing() as session:
        duty = duty_with_key(session, CAMPAIGN_ID, f"paper:{town}")
        assert duty is not None
        if town == OWN:
            papers.keep_list(
                session, store, campaign, key="list", title=REASON, columns=["x"], rows=[["y"]],
                now=local(campaign, 11, 16),
            )  # fmt: skip
    request = extension_requests.ask_extension(
        store, duty_id=duty.id, by=f"clerk-{town}", wanted_due=local(campaign, 11, 29), reason=REASON,
        now=local(campaign, 11, 16),
    )  # fmt: skip
    assert isinstance(request, extension_requests.ExtensionRequestRow)
    source = pictures.Source(CAMPAIGN_ID, village, f"clerk-{town}", local(campaign, 11, 2))
    with store.writing() as session:
        picture = pictures.keep_picture(
            session, store, made_safe(photo(1), name=REASON), source=source, position=1
        )
    return {"duty_id": str(duty.id), "request_id": str(request.id), "picture_id": str(picture.id)}


OF_A_TOWN = {"town_code", "village_code", "duty_id", "request_id", "upload_id", "gate_id", "picture_id"}
OF_A_VILLAGE = {"village_code", "upload_id", "gate_id", "picture_id"}
"""Where a reviewer is asked."""


def expected(route: Route | ApiRoute, role: str, *, own: bool, asked: bool) -> bool:
    """Whether the table lets this role in, in the words of the table itself."""
    names = {part.strip("{}").partition(":")[0] for part in route.path.split("/") if part.startswith("{")}
    scope = RIGHTS[route.right].get(role)
    return {
        None: False,
        "any": True,
        "own_town": bool(names & OF_A_TOWN) and own,
        "assigned": bool(names & OF_A_VILLAGE) and asked,
    }[scope]


def filled(route: Route | ApiRoute, names: dict[str, str]) -> str:
    path = route.path.replace(":path}", "}")
    return path.format(**names)


def walker(portal: Portal, paths: Paths, role: str) -> tuple[str, dict[str, bool]]:
    """Somebody of this role, and of which town's gate they are a decider."""
    with portal.store.reading() as session:
        gates = {town: session.get_one(GateRow, int(paths[town]["gate_id"])) for town in paths}
        deciders = {town: assigned_to_gate(session, gate) for town, gate in gates.items()}
    person = PEOPLE.get(role) or min(deciders[OWN])
    return person, {town: person in deciders[town] for town in paths}


def traces(campaign: Campaign, paths: Paths) -> list[str]:
    """What stands on the pages of these objects and must stand in no refusal."""
    villages = [campaign.village(names["village_code"]) for names in paths.values()]
    towns = [campaign.town(town) for town in paths]
    return [REASON, "季文静", *(one.name for one in (*villages, *towns))]


@pytest.mark.parametrize("role", [*PEOPLE, "reviewer"])
def test_route_answers_only_whom_the_table_lets_in(
    portal: Portal, paths: Paths, campaign: Campaign, role: str
) -> None:
    person, asked = walker(portal, paths, role)
    browser, hidden = portal.as_(person), traces(campaign, paths)
    browser.look("/account")
    wrong = []

    for town in (OWN, FOREIGN):
        for route in ROUTES:
            if route.path in LEAVING:
                continue
            path = filled(route, paths[town])
            browser.look("/account")
            answer = browser.get(path) if route.method == "GET" else browser.fill_in(path)
            allowed = expected(route, role, own=town == OWN, asked=asked[town])
            refused = (
                answer.status_code == 404
                and "没有这个页面" in answer.text
                and not any(one in answer.text for one in hidden)
            )
            if refused is allowed or answer.status_code >= 500:
                wrong.append((route.method, path, answer.status_code, allowed))

    assert wrong == []


@pytest.mark.parametrize("role", [*PEOPLE, "reviewer"])
def test_door_for_programs_answers_only_whom_the_table_lets_in(
    portal: Portal, paths: Paths, campaign: Campaign, role: str
) -> None:
    person, asked = walker(portal, paths, role)
    program, hidden = portal.program(person), traces(campaign, paths)
    wrong = []

    for town in (OWN, FOREIGN):
        for route in API_ROUTES:
            path = filled(route, paths[town])
            answer = program.request(route.method, path)
            allowed = expected(route, role, own=town == OWN, asked=asked[town])
            refused = (
                answer.status_code == 404
                and answer.json()["code"] == "not_found"
                and not any(one in answer.text for one in hidden)
            )
            if refused is allowed or answer.status_code >= 500:
                wrong.append((route.method, path, answer.status_code, allowed))

    assert wrong == []


CRUMBS = re.compile(r'<p class="crumbs">(.*?)</p>', re.DOTALL)
HREF = re.compile(r'href="([^"]+)"')


@pytest.mark.parametrize("role", [*PEOPLE, "reviewer"])
def test_no_crumb_leads_where_the_role_may_not_go(portal: Portal, paths: Paths, role: str) -> None:
    browser = portal.as_(walker(portal, paths, role)[0])
    shown = [browser.get(filled(one, paths[OWN])) for one in ROUTES if one.method == "GET"]
    crumbs = {
        html.unescape(href): answer.url.path
        for answer in shown
        if answer.status_code == 200 and "html" in answer.headers.get("content-type", "")
        for path in CRUMBS.findall(answer.text)
        for href in HREF.findall(path)
    }

    led = {(page, href): browser.get(href).status_code for href, page in crumbs.items()}

    assert crumbs
    assert {place: status for place, status in led.items() if status != 200} == {}


def test_own_token_is_revoked_and_somebody_elses_is_not_there(portal: Portal, paths: Paths) -> None:
    browser = portal.as_(CLERK)
    portal.program(CLERK)
    with portal.store.reading() as session:
        mine = next(row.id for row in session.query(TokenRow) if row.person_id == CLERK)
    browser.look("/account/tokens")

    foreign = browser.fill_in(f"/account/tokens/{paths[OWN]['token_id']}/revocation")
    own = browser.fill_in(f"/account/tokens/{mine}/revocation")

    assert (foreign.status_code, "令牌已撤销" in own.text) == (404, True)


@pytest.mark.parametrize("route", API_ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_door_for_programs_without_a_token_says_so_and_no_more(
    portal: Portal, paths: Paths, route: ApiRoute
) -> None:
    path = filled(route, paths[OWN])

    bare = portal.visitor().request(route.method, path)
    logged_in = portal.as_(CLERK).request(route.method, path, headers={"Origin": HERE})
    elsewhere = portal.program(CLERK).request(
        route.method, path, headers={"Origin": "https://evil.example.invalid"}
    )

    assert [one.status_code for one in (bare, logged_in, elsewhere)] == [401, 401, 403]
    assert {one.json()["code"] for one in (bare, logged_in)} == {"no_token"}


def test_what_does_not_exist_looks_like_what_is_foreign(portal: Portal, paths: Paths) -> None:
    browser = portal.as_(CLERK)
    nothing = dict.fromkeys(paths[OWN], "99999999999999999999") | {"campaign_id": "no-such"}

    for route in ROUTES:
        if "{" not in route.path or route.method != "GET":
            continue
        foreign, missing = filled(route, paths[FOREIGN]), filled(route, nothing)
        if RIGHTS[route.right].get("town_clerk") == ANY:
            foreign = missing
        assert browser.look(foreign, status=404) == browser.look(missing, status=404)


@pytest.mark.parametrize("number", ["-1", "0", "1e3", "²", "1.0", "0x1", " 1", "9" * 30, "%00"])
def test_number_that_is_none_is_not_found(portal: Portal, number: str) -> None:
    portal.as_("coordinator-1").look(f"/gates/{number}", status=404)
