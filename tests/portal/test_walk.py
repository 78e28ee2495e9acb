"""Every route, every role, own and foreign objects: only what the table allows answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions import dossiers, extension_requests, papers
from portal.app import ROUTES
from portal.doors import Route
from records.assignments import assigned_to_gate
from records.duties import duty_with_key
from records.store import Store
from records.tables import GateRow, UploadRow
from rules.access import DOORS
from rules.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, dossier_of, local
from tests.portal.conftest import CLERK, Portal

OWN, FOREIGN = "331181100", "331181103"
PEOPLE = {
    "town_clerk": CLERK,
    "deputy_head": "head-331181100",
    "coordinator": "coordinator-1",
    "bureau_leader": "leader-1",
    "finance": "finance-1",
    "auditor": "auditor-1",
}
LEAVING = {"/logout", "/logout-everywhere"}
"""Would end the session with which the walk goes on."""
REASON = "331199199003070019"
"""Stands in everything that nobody else may see."""


@pytest.fixture
def paths(
    portal: Portal, at_desk: GateRow, campaign: Campaign, at: Callable[[int, int], None]
) -> dict[str, dict[str, str]]:
    """Path parameters of objects of the first town and of another one."""
    at(11, 16)
    return {
        town: {
            "campaign_id": CAMPAIGN_ID,
            "town_code": town,
            "village_code": next(one.code for one in campaign.villages if one.town_code == town),
            "person_id": "reviewer-6",
            "document_key": "list",
            **_rows(portal.store, campaign, town, at_desk),
        }
        for town in (OWN, FOREIGN)
    }


def _rows(store: Store, campaign: Campaign, town: str, at_desk: GateRow) -> dict[str, str]:
    """A duty, a request and an upload of each town; the gate is the first town's."""
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
        store,
        duty_id=duty.id,
        by=f"clerk-{town}",
        wanted_due=local(campaign, 11, 29),
        reason=REASON,
        now=local(campaign, 11, 16),
    )
    upload_id = at_desk.upload_id
    if town == FOREIGN:
        done = dossiers.hand_in(
            store,
            campaign_id=CAMPAIGN_ID,
            village_code=village,
            data=dossier_of(village),
            by=f"clerk-{town}",
            now=local(campaign, 11, 2),
        )
        assert isinstance(done, UploadRow)
        upload_id = done.id
    assert isinstance(request, extension_requests.ExtensionRequestRow)
    return {
        "duty_id": str(duty.id),
        "request_id": str(request.id),
        "upload_id": str(upload_id),
        "gate_id": str(at_desk.id),
    }


def expected(route: Route, role: str, town: str, *, assigned: bool) -> bool:
    """Whether the table lets this role in, in the words of the table itself."""
    names = {part.strip("{}").partition(":")[0] for part in route.path.split("/") if part.startswith("{")}
    of_a_town = names & {"town_code", "village_code", "duty_id", "request_id", "upload_id", "gate_id"}
    place = OWN if "gate_id" in names else town
    scope = DOORS[route.door].get(role)
    return {
        None: False,
        "any": True,
        "own_town": bool(of_a_town) and place == OWN,
        "assigned": assigned and bool(of_a_town) and place == OWN,
    }[scope]


def filled(route: Route, names: dict[str, str]) -> str:
    path = route.path.replace(":path}", "}")
    return path.format(**names)


@pytest.mark.parametrize("role", [*PEOPLE, "reviewer"])
def test_route_answers_only_whom_the_table_lets_in(
    portal: Portal, paths: dict[str, dict[str, str]], at_desk: GateRow, role: str
) -> None:
    with portal.store.reading() as session:
        let_in = assigned_to_gate(session, at_desk)
    browser = portal.as_(PEOPLE.get(role) or min(let_in))
    browser.look("/account")
    wrong = []

    for town in (OWN, FOREIGN):
        for route in ROUTES:
            if route.path in LEAVING:
                continue
            path = filled(route, paths[town])
            browser.look("/account")
            answer = browser.get(path) if route.method == "GET" else browser.fill_in(path)
            allowed = expected(route, role, town, assigned=role == "reviewer" and "duty_id" not in route.path)
            refused = (
                answer.status_code == 404 and "没有这个页面" in answer.text and REASON not in answer.text
            )
            if refused is allowed or answer.status_code >= 500:
                wrong.append((route.method, path, answer.status_code, allowed))

    assert wrong == []


def test_what_does_not_exist_looks_like_what_is_foreign(
    portal: Portal, paths: dict[str, dict[str, str]]
) -> None:
    browser = portal.as_(CLERK)
    nothing = dict.fromkeys(paths[OWN], "99999999999999999999") | {"campaign_id": "no-such"}

    for route in ROUTES:
        if "{" not in route.path or route.method != "GET":
            continue
        foreign, missing = filled(route, paths[FOREIGN]), filled(route, nothing)
        if route.door in ("inbox", "gate.read"):
            foreign = missing
        assert browser.look(foreign, status=404) == browser.look(missing, status=404)


@pytest.mark.parametrize("number", ["-1", "0", "1e3", "²", "1.0", "0x1", " 1", "9" * 30, "%00"])
def test_number_that_is_none_is_not_found(portal: Portal, number: str) -> None:
    portal.as_("coordinator-1").look(f"/gates/{number}", status=404)
