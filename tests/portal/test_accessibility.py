"""Every page in a browser: no grave barrier, no sideways scrolling, nothing too small or too long, all by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from portal.app import PUBLIC, ROUTES
from records.review.assignments import assigned_to_gate
from records.tables.review import GateRow
from rules.people.rights import RIGHTS
from tests.portal.conftest import Portal
from tests.portal.test_browser import ONE_DATABASE, address, chromium
from tests.portal.test_walk import OWN, PEOPLE, filled, paths

pytestmark = pytest.mark.programs

__all__ = ["address", "chromium", "paths"]

WIDTHS = (360, 1024, 1920)
MOST_STOPS = 1000
"""A page that still holds the focus then is a trap, and its last controls count as not reached."""
GRAVE = {"serious", "critical"}
REACHABLE = "a[href], button, select, textarea, summary, input:not([type=hidden])"
UNREACHED = """(wanted) => [...document.querySelectorAll(wanted)]
  .filter((one) => one.offsetParent !== null && !one.disabled && !one.closest("details:not([open]) > :not(summary)"))
  .filter((one) => !(one.type === "radio" && document.querySelector(`input[name="${one.name}"][data-reached]`)))
  .filter((one) => !one.dataset.reached)
  .map((one) => one.outerHTML.slice(0, 120))"""
SMALLEST_PX, SCREENS, SCREEN_PX = 12, 5, 800
"""On a telephone: of a letter, and of a page on which somebody is to decide."""
TOO_SMALL = """(least) => [...document.querySelectorAll("body *")]
  .filter((one) => one.offsetParent !== null)
  .filter((one) => [...one.childNodes].some((inside) => inside.nodeType === 3 && inside.data.trim()))
  .filter((one) => parseFloat(getComputedStyle(one).fontSize) < least)
  .map((one) => one.outerHTML.slice(0, 120))"""
DECIDING = ("/gates/{gate_id}", "/duties/{duty_id}")
MARK = """() => {
  const here = document.activeElement;
  here.dataset.reached = "yes";
  return here !== document.body;
}"""


NO_PAGES = (
    "/template",
    "/file",
    ".svg",
    ".pdf",
    ".xlsx",
    "{document_key:path}",
    "/check",
    "/pictures/{picture_id}",
    "/thumbnail",
    "/machine-room",
)
LOOKERS = ("town_clerk", "coordinator", "reviewer", "auditor")
"""Between them they see everything that a page can show."""
SHOWN = [
    (role, route)
    for route in ROUTES
    for role in LOOKERS
    if route.method == "GET" and role in RIGHTS[route.right] and not route.path.endswith(NO_PAGES)
]


def test_every_route_of_a_page_is_looked_at() -> None:
    reading = {route.path for route in ROUTES if route.method == "GET"}

    left_out = reading - {route.path for _, route in SHOWN}

    assert {path for path in left_out if not path.endswith(NO_PAGES)} == set()


@pytest.fixture
def page_of(
    chromium: Chromium, address: str, portal: Portal, paths: dict[str, dict[str, str]]
) -> Callable[[str], Page]:
    """A browser at which this person is logged in."""

    def open_(person_id: str) -> Page:
        context = chromium.new_context(base_url=address, locale="zh-CN")
        # In a thread of its own: Playwright's event loop runs in this one.
        with ThreadPoolExecutor(1) as aside:
            token = aside.submit(portal.as_, person_id).result().cookies["__Host-hqe"]
        context.add_cookies([{"name": "hqe", "value": token, "url": address}])
        return context.new_page()

    return open_


@ONE_DATABASE
def test_page_has_no_serious_barrier_fits_every_screen_and_works_by_keyboard(
    page_of: Callable[[str], Page], paths: dict[str, dict[str, str]], at_desk: GateRow, portal: Portal
) -> None:
    with portal.store.reading() as session:
        people = {**PEOPLE, "reviewer": min(assigned_to_gate(session, at_desk))}
    found: dict[str, list[str]] = {}

    for role, route in SHOWN:
        page = page_of(people[role])
        answer = page.goto(filled(route, paths[OWN]))
        told = [
            *barriers(page),
            *too_wide(page),
            *too_small(page),
            *too_long(page, route.path),
            *unreached(page),
        ]
        # A reviewer is let in only to what was assigned, which not every object is.
        seen = answer is not None and answer.status in ((200, 404) if role == "reviewer" else (200,))
        if told or not seen:
            found[f"{role} {route.path}"] = told
        page.context.close()

    assert found == {}


def barriers(page: Page) -> list[str]:
    grave = [one for one in Axe().run(page).response["violations"] if one["impact"] in GRAVE]
    return [f"{one['id']}: {node['html'][:160]}" for one in grave for node in one["nodes"][:3]]


def too_wide(page: Page) -> list[str]:
    return [f"scrolls sideways at {width}" for width in WIDTHS if scrolls_sideways(page, width)]


def scrolls_sideways(page: Page, width: int) -> bool:
    page.set_viewport_size({"width": width, "height": 800})
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def too_small(page: Page) -> list[str]:
    """Letters below the least, on a telephone; at most three are named."""
    page.set_viewport_size({"width": WIDTHS[0], "height": SCREEN_PX})
    return [f"too small: {one}" for one in page.evaluate(TOO_SMALL, SMALLEST_PX)[:3]]


def too_long(page: Page, path: str) -> list[str]:
    """A page on which somebody decides, and has to scroll too far for it on a telephone."""
    page.set_viewport_size({"width": WIDTHS[0], "height": SCREEN_PX})
    screens = page.evaluate("document.documentElement.scrollHeight") / SCREEN_PX
    return [f"{screens:.1f} screens"] if path in DECIDING and screens > SCREENS else []


def unreached(page: Page) -> list[str]:
    """Controls that the Tab key does not come to before it leaves the page."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if not page.evaluate(MARK):
            break
    left: list[str] = page.evaluate(UNREACHED, REACHABLE)
    return [f"not reached by keyboard: {control}" for control in left]


@ONE_DATABASE
@pytest.mark.parametrize("path", [route.path for route in PUBLIC if route.method == "GET"])
def test_page_for_everybody_has_no_serious_barrier(chromium: Chromium, address: str, path: str) -> None:
    page = chromium.new_context(base_url=address, locale="zh-CN").new_page()
    page.goto(path.format(token="unknown"))

    grave = [one["id"] for one in Axe().run(page).response["violations"] if one["impact"] in GRAVE]

    assert grave == []
