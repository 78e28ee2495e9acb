"""The Prefect UI through the portal: who comes in, who presses what, and who stays outside."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from actions.people import login
from config.places import PrefectAccess
from config.settings import Settings, read_settings
from deployments.prefect_server import server
from deployments.prefect_server.server import free_port
from portal.app import make_app
from portal.runs.machine_room import host_of
from records.tables.runs import CarrierRow
from records.tables.upkeep import AuditRow
from tests.conftest import rows_of
from tests.portal.conftest import CLERK, Portal
from tests.portal.test_browser import PATIENCE, chromium
from tests.prefect_server import Running, prefect_server

__all__ = ["chromium", "prefect_server"]

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
COORDINATOR, AUDITOR = "coordinator-1", "auditor-1"


class Office:
    """A portal that serves, the machine room beside it, and the Prefect server behind."""

    def __init__(self, portal: Portal, settings: Settings, access: PrefectAccess) -> None:
        self.portal, self.settings, self.access = portal, settings, access
        self.address = f"http://127.0.0.1:{settings.portal_port}"
        self.room = host_of(settings.machine_room)

    def prefect(self) -> httpx.Client:
        """Prefect itself, as whoever knows its password."""
        user, _, word = self.access.password.partition(":")
        return httpx.Client(base_url=self.access.api, auth=(user, word), trust_env=False)

    def browser(self, person_id: str) -> httpx.Client:
        """Somebody at the portal, who has not been in the machine room."""
        made = httpx.Client(base_url=self.address, trust_env=False)
        made.cookies.set("hqe", self.portal.as_(person_id).cookies["__Host-hqe"])
        return made

    def inside(self, person_id: str) -> httpx.Client:
        """The same, after the way that a browser goes."""
        with self.browser(person_id) as way:
            asked = way.get("/", headers={"Host": self.room})
            given = way.get(asked.headers["location"])
            way.get(path_of(given.headers["location"]), headers={"Host": self.room})
        headers = {"Host": self.room, "Origin": self.settings.machine_room}
        return httpx.Client(base_url=self.address, cookies=way.cookies, headers=headers, trust_env=False)


def path_of(address: str) -> str:
    return re.sub("^https?://[^/]+", "", address)


@pytest.fixture
def office(portal: Portal, prefect_server: Running, tmp_path: Path) -> Iterator[Office]:
    access = PrefectAccess(prefect_server.url, server.password(prefect_server.home))
    with serving(portal, access, tmp_path) as made:
        yield made


class serving:
    """The portal behind a real server while the block lasts."""

    def __init__(self, portal: Portal, access: PrefectAccess, home: Path) -> None:
        settings = read_settings({"HQE_HOME": str(home), "HQE_PORTAL_PORT": str(free_port())})
        self.office = Office(portal, settings, access)
        app = make_app(portal.store, settings, lambda: self.office.access)
        self.server = uvicorn.Server(uvicorn.Config(app, port=settings.portal_port, log_level="warning"))
        self.thread = threading.Thread(target=self.server.run)

    def __enter__(self) -> Office:
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)
        return self.office

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join()


@pytest.fixture
def run_id(office: Office) -> str:
    """A run that carries a village of the campaign."""
    with office.prefect() as prefect:
        flow = prefect.post("/flows/", json={"name": "verification"}).json()
        told: dict[str, Any] = {"flow_id": flow["id"], "name": "测试", "state": {"type": "SCHEDULED"}}
        made: str = prefect.post("/flow_runs/", json=told).json()["id"]
    with office.portal.store.writing() as session:
        session.query(CarrierRow).filter(CarrierRow.kind == "survey").first().flow_run_id = made  # type: ignore[union-attr]
    return made


def presses(office: Office) -> list[AuditRow]:
    return [row for row in rows_of(office.portal.store, AuditRow) if row.act == "press_in_prefect"]


def test_coordinator_comes_from_the_menu_into_prefect_without_its_password_and_is_out_when_logged_out(
    office: Office, chromium: Chromium, run_id: str
) -> None:
    context = chromium.new_context(base_url=office.address, locale="zh-CN")
    context.set_default_timeout(PATIENCE)
    token = office.portal.as_(COORDINATOR).cookies["__Host-hqe"]
    context.add_cookies([{"name": "hqe", "value": token, "url": office.address}])
    page = context.new_page()
    refused: list[str] = []
    page.on(
        "response",
        lambda told: refused.append(told.url) if told.status >= 400 and "/api/" in told.url else None,
    )
    page.goto("/")
    page.get_by_role("link", name="Prefect", exact=True).click()
    for path in ("dashboard", "runs", "flows", "deployments", "work-pools", f"runs/flow-run/{run_id}"):
        page.goto(f"{office.settings.machine_room}/{path}")
        # The bar at its side stands only where a page has all that it asked for.
        expect(page.get_by_text("Concurrency", exact=True).first).to_be_visible(timeout=PATIENCE)
    expect(page.locator("body")).to_contain_text("测试", timeout=PATIENCE)
    page.wait_for_load_state("networkidle")
    asks_for_password, of_pages = page.locator("input[type=password]").count(), list(refused)
    login.log_out(office.portal.store, token)
    page.goto(f"{office.settings.machine_room}/runs")

    assert (asks_for_password, of_pages) == (0, [])
    assert "/login" in page.url


def test_press_is_done_and_noted_with_person_run_and_subject(office: Office, run_id: str) -> None:
    told = {"state": {"type": "CANCELLED"}, "force": True}
    with office.inside(COORDINATOR) as desk, office.prefect() as prefect:
        answer = desk.post(f"/api/flow_runs/{run_id}/set_state", json=told)
        state = prefect.get(f"/flow_runs/{run_id}").json()["state_type"]

    noted = presses(office)
    assert (answer.status_code, state) == (201, "CANCELLED")
    assert [(row.actor, row.subject.partition(":")[0]) for row in noted] == [(COORDINATOR, "survey")]
    assert (run_id in noted[0].facts, '"pressed":"set_state"' in noted[0].facts) == (True, True)


def test_auditor_looks_and_presses_nothing(office: Office, run_id: str) -> None:
    with office.inside(AUDITOR) as desk, office.prefect() as prefect:
        seen = desk.get(f"/api/flow_runs/{run_id}")
        pressed = desk.delete(f"/api/flow_runs/{run_id}")
        left = prefect.get(f"/flow_runs/{run_id}")

    assert (seen.status_code, pressed.status_code, left.status_code) == (200, 403, 200)
    assert "只能查看" in pressed.json()["exception_message"]
    assert presses(office) == []


def test_page_of_another_site_presses_nothing(office: Office, run_id: str) -> None:
    with office.inside(COORDINATOR) as desk:
        answers = [
            desk.delete(f"/api/flow_runs/{run_id}", headers={"Origin": origin})
            for origin in (office.address, "https://elsewhere.example.invalid", "null", "")
        ]

    assert [one.status_code for one in answers] == [403] * 4
    assert presses(office) == []


def test_what_is_no_button_gets_a_sentence_and_does_not_reach_prefect(office: Office, run_id: str) -> None:
    with office.inside(COORDINATOR) as desk:
        answers = [
            desk.post("/api/deployments/x/create_flow_run", json={}),
            desk.post("/api/variables/", json={"name": "x", "value": "y"}),
            desk.get(f"/api/flow_runs/{run_id}/input/keyset-response"),
            desk.get("/api/%76ariables/name/x"),
        ]

    assert [one.status_code for one in answers] == [403] * 4
    assert presses(office) == []


def test_clerk_finds_nothing_there_and_it_is_noted(office: Office) -> None:
    with office.browser(CLERK) as desk:
        statuses = [desk.get(path).status_code for path in ("/machine-room", "/machine-room?for=x")]

    refused = [row for row in rows_of(office.portal.store, AuditRow) if row.act == "access_refused"]
    assert statuses == [404, 404]
    assert {row.actor for row in refused} == {CLERK}


def test_ticket_is_good_only_at_the_browser_that_asked_for_it(office: Office) -> None:
    with office.browser(COORDINATOR) as desk, office.browser(AUDITOR) as other:
        asked = desk.get("/", headers={"Host": office.room})
        ticket = path_of(desk.get(asked.headers["location"]).headers["location"])
        other.get("/", headers={"Host": office.room})
        stolen = other.get(ticket, headers={"Host": office.room})
        without = httpx.get(f"{office.address}{ticket}", headers={"Host": office.room}, trust_env=False)
        changed = desk.get(ticket[:-1] + ("0" if ticket[-1] != "0" else "1"), headers={"Host": office.room})
        own = desk.get(ticket, headers={"Host": office.room})

    assert [one.status_code for one in (stolen, without, changed, own)] == [403, 403, 403, 303]
    assert "重新" in stolen.text


@pytest.mark.parametrize(
    "made_up", ["x", "x.1.y", "x.99999999999999999999.y", f"{'0' * 64}.{'0' * 64}", "é.²."]
)
def test_made_up_tickets_and_passes_let_nobody_in(office: Office, made_up: str) -> None:
    with httpx.Client(base_url=office.address, headers={"Host": office.room}, trust_env=False) as stranger:
        brought = {"Cookie": f"hqe-in={made_up}; hqe-asks=x".encode()}
        entering = stranger.get("/-/enter", params={"ticket": made_up}, headers=brought)
        looking = stranger.get("/api/flow_runs/x", headers=brought)

    assert (entering.status_code, looking.status_code) == (403, 401)


def test_machine_room_is_over_when_the_session_ends_or_a_role_goes(office: Office) -> None:
    with office.inside(COORDINATOR) as desk:
        before = desk.get("/api/admin/version").status_code
        login.log_out_everywhere(
            office.portal.store, person_id=COORDINATOR, now=office_now(office), host_now=office_now(office)
        )
        after = desk.get("/api/admin/version")

    assert (before, after.status_code) == (200, 401)
    assert "登录已过期" in after.json()["detail"]


def office_now(office: Office) -> Any:
    from records import clock

    return clock.now(office.portal.store)


def test_pages_of_prefect_are_told_where_they_lie_and_ask_for_no_password(office: Office) -> None:
    with office.inside(COORDINATOR) as desk:
        told = desk.get("/ui-settings").json()
        page = desk.get("/dashboard", headers={"Accept": "text/html"})
        feed = desk.get("/api/events/out", headers={"Connection": "Upgrade", "Upgrade": "websocket"})

    assert (told["api_url"], told["auth"]) == (f"{office.settings.machine_room}/api", None)
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert feed.status_code in (400, 403, 404)


def test_prefect_that_is_away_is_a_sentence(portal: Portal, tmp_path: Path) -> None:
    away = PrefectAccess(f"http://127.0.0.1:{free_port()}/api", "hqe:x")
    with serving(portal, away, tmp_path) as office, office.inside(COORDINATOR) as desk:
        page, asked = desk.get("/dashboard"), desk.get("/api/admin/version")

    assert (page.status_code, asked.status_code) == (503, 503)
    assert [text for text in (page.text, asked.json()["detail"]) if "不受影响" not in text] == []


def test_prefect_hears_no_cookie_and_a_browser_no_key(office: Office) -> None:
    heard: dict[str, str] = {}

    async def upstream(scope: Any, receive: Any, send: Any) -> None:
        heard.update({name.decode(): value.decode() for name, value in scope["headers"]})
        start = {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"set-cookie", b"a=b"), (b"server", b"x")],
        }
        await send(start)
        await send({"type": "http.response.body", "body": b"ok"})

    port = free_port()
    served = uvicorn.Config(upstream, port=port, log_level="warning", lifespan="off", server_header=False)
    behind = uvicorn.Server(served)
    thread = threading.Thread(target=behind.run)
    thread.start()
    try:
        access = PrefectAccess(f"http://127.0.0.1:{port}/api", "hqe:secret")
        with (
            serving(office.portal, access, office.settings.home) as second,
            second.inside(COORDINATOR) as desk,
        ):
            said = {"Authorization": "Basic eDp5", "X-Forwarded-For": "192.0.2.9"}
            answer = desk.get("/api/admin/version", headers=said)
    finally:
        behind.should_exit = True
        thread.join()

    assert answer.text == "ok"
    assert {"cookie", "x-forwarded-for"}.isdisjoint(heard)
    assert heard["authorization"] == "Basic aHFlOnNlY3JldA=="
    assert "set-cookie" not in answer.headers


def test_password_that_the_server_makes_after_the_portal_began_is_taken(office: Office) -> None:
    known = office.access
    office.access = PrefectAccess(known.api, "")
    with office.inside(COORDINATOR) as desk:
        before = desk.get("/api/admin/version").status_code
        office.access = known
        after = desk.get("/api/admin/version").status_code

    assert (before, after) == (503, 200)
