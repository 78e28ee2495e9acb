"""The page of a village's people in a real browser, as narrow as a telephone: a visit in at most five presses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser as Chromium

from records import clock
from records.store import Store
from records.tables.year import ServiceRow
from tests.actions.conftest import CAMPAIGN_ID
from tests.actions.year.conftest import CLERK, SOON, VILLAGE, at, kept, keys, year
from tests.conftest import rows_of
from tests.portal.conftest import Portal
from tests.portal.test_accessibility import barriers, too_wide, unreached
from tests.portal.test_browser import ONE_DATABASE, address, chromium

pytestmark = pytest.mark.programs

__all__ = ["address", "chromium", "kept", "year"]


@ONE_DATABASE
def test_visit_is_recorded_in_five_presses_on_a_page_without_barriers(
    chromium: Chromium, address: str, portal: Portal, kept: Store
) -> None:
    clock.simulate(kept, at(SOON))
    context = chromium.new_context(base_url=address, locale="zh-CN", viewport={"width": 360, "height": 740})
    with ThreadPoolExecutor(1) as aside:
        token = aside.submit(portal.as_, CLERK).result().cookies["__Host-hqe"]
    context.add_cookies([{"name": "hqe", "value": token, "url": address}])
    page = context.new_page()
    page.goto(f"/campaigns/{CAMPAIGN_ID}/villages/{VILLAGE}")

    page.get_by_role("link", name="日常服务").click()
    told = [*barriers(page), *too_wide(page), *unreached(page)]
    page.get_by_role("checkbox", name="选择李四").check()
    page.get_by_label("服务种类").select_option("visit")
    page.get_by_role("button", name="登记服务").click()

    assert told == []
    assert page.get_by_role("status").inner_text() == "服务已登记。"
    assert [one.people for one in rows_of(kept, ServiceRow)] == [[keys(kept)[1]]]
