"""The page of whom to call: reasons, telephone, and a call recorded."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.actions.conftest import CAMPAIGN_ID
from tests.portal.conftest import CLERK, Portal

PAGE, TOWN = f"/campaigns/{CAMPAIGN_ID}/calls", "331181100"
pytestmark = pytest.mark.usefixtures("submitting")


def test_call_is_recorded_and_the_town_put_aside(portal: Portal, at: Callable[[int, int], None]) -> None:
    at(11, 12)
    coordinator = portal.as_("coordinator-1")
    coordinator.look(PAGE)

    kept = coordinator.fill_in(f"{PAGE}/telephones", {"person": CLERK, "telephone": "0578-7212345"})
    page = coordinator.look(PAGE)
    wrong = coordinator.fill_in(PAGE, {"town": TOWN, "person": CLERK, "outcome": "promised"})
    promise = {"outcome": "promised", "promised_on": "2020-11-13", "note": "明天报"}
    done = coordinator.fill_in(PAGE, {"town": TOWN, "person": CLERK, **promise})

    assert "电话已保存" in kept.text
    assert 'href="tel:0578-7212345"' in page
    assert "一次也没有上传" in page
    assert (wrong.status_code, "请填写日期" in wrong.text) == (422, True)
    assert "已经联系、暂不用再打的1个" in done.text
    assert "已答应办理日期，11月13日前，明天报" in done.text


def test_nobody_but_the_coordinator_sees_telephones(portal: Portal) -> None:
    for person in (CLERK, "reviewer-1", "leader-1"):
        portal.as_(person).look(PAGE, status=404)
