"""A reviewer goes through a case without a mouse: from the inbox to the recorded decision and on to the next."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from records.review.assignments import assigned_to_gate
from records.tables.review import DecisionRow, GateRow, ScoreRow
from tests.conftest import rows_of
from tests.portal.conftest import Portal
from tests.portal.test_browser import ONE_DATABASE, address, chromium
from tests.portal.test_walk import FOREIGN, OWN, paths

__all__ = ["address", "chromium", "paths"]

MOST = 200
FOCUSED = "document.activeElement.textContent.trim() + '|' + (document.activeElement.name || '')"


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the focus is on what is called so."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if wanted in page.evaluate(FOCUSED):
            return
    raise AssertionError(f"not reached by keyboard: {wanted}")


def access_key(page: Page, letter: str) -> None:
    """What the browser does for Alt with a letter; Playwright's own keyboard sends no letter beside Alt."""
    pressed = {"key": letter, "code": f"Key{letter.upper()}", "windowsVirtualKeyCode": ord(letter.upper())}
    send = page.context.new_cdp_session(page).send
    send("Input.dispatchKeyEvent", {"type": "keyDown", "modifiers": 1, "unmodifiedText": letter, **pressed})
    send("Input.dispatchKeyEvent", {"type": "keyUp", **pressed})


def page_of(chromium: Chromium, address: str, portal: Portal, person_id: str) -> Page:
    context = chromium.new_context(base_url=address, locale="zh-CN")
    with ThreadPoolExecutor(1) as aside:
        token = aside.submit(portal.as_, person_id).result().cookies["__Host-hqe"]
    context.add_cookies([{"name": "hqe", "value": token, "url": address}])
    return context.new_page()


@ONE_DATABASE
def test_reviewer_scores_and_decides_a_case_by_keyboard_alone(
    chromium: Chromium, address: str, portal: Portal, paths: dict[str, dict[str, str]]
) -> None:
    with portal.store.reading() as session:
        first, other = (session.get_one(GateRow, int(paths[town]["gate_id"])) for town in (OWN, FOREIGN))
        asked = assigned_to_gate(session, first)
        reviewer = min(asked & assigned_to_gate(session, other) or asked)
    page = page_of(chromium, address, portal, reviewer)

    page.goto(f"/gates/{first.id}")
    tab_to(page, "数据与核定")
    page.keyboard.press("Enter")
    tab_to(page, "|fact:")
    page.keyboard.type("1")
    page.keyboard.press("Tab")
    page.keyboard.type("补看原件")
    access_key(page, "s")
    expect(page.get_by_role("status")).to_contain_text("评分表已保存")
    access_key(page, "d")
    tab_to(page, "|answer")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    tab_to(page, "|reason")
    page.keyboard.type("花名册缺两人的就业去向")
    access_key(page, "t")
    expect(page.get_by_role("status")).to_contain_text("决定已记录")

    made = rows_of(portal.store, DecisionRow)[-1]
    assert (made.gate_id, made.answer, made.person_id) == (first.id, "return", reviewer)
    assert rows_of(portal.store, ScoreRow)[-1].scored_by == reviewer
    if page.get_by_text("下一件待办").count():
        access_key(page, "n")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.url != f"{address}/gates/{first.id}?said=decided"
