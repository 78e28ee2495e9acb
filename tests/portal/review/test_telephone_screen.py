"""On a telephone: a page on which somebody decides is five screens long at most, and no text is small."""

from __future__ import annotations

from playwright.sync_api import Browser as Chromium

from records.review.assignments import assigned_to_gate
from records.tables.review import GateRow
from tests.portal.conftest import Portal
from tests.portal.review.test_keyboard import page_of
from tests.portal.test_browser import ONE_DATABASE, address, chromium

__all__ = ["address", "chromium"]

SCREEN = {"width": 360, "height": 800}
MOST_SCREENS = 5
SMALL = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.offsetParent && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .filter((one) => parseFloat(getComputedStyle(one).fontSize) < 12)
  .map((one) => one.outerHTML.slice(0, 80))"""


@ONE_DATABASE
def test_case_is_five_screens_long_at_most_and_no_text_is_small(
    chromium: Chromium, address: str, portal: Portal, at_desk: GateRow
) -> None:
    with portal.store.reading() as session:
        reviewer = min(assigned_to_gate(session, at_desk))
    page = page_of(chromium, address, portal, reviewer)
    page.set_viewport_size(SCREEN)  # type: ignore[arg-type]

    page.goto(f"/gates/{at_desk.id}")

    assert page.locator("#decide").count() == 1
    assert page.evaluate("document.documentElement.scrollHeight") <= MOST_SCREENS * SCREEN["height"]
    assert page.evaluate(SMALL) == []
