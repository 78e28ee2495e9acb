"""The forecast's page: a reminder is held back, sent now or given a sentence by whoever coordinates."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from records.tables.messages import OutboxRow
from tests.actions.conftest import CAMPAIGN_ID
from tests.conftest import rows_of
from tests.portal.conftest import Portal

PAGE = f"/campaigns/{CAMPAIGN_ID}/messages/forecast"
pytestmark = pytest.mark.usefixtures("submitting")


def test_reminder_is_held_back_from_the_page(portal: Portal, at: Callable[[int, int], None]) -> None:
    at(11, 12)
    coordinator = portal.as_("coordinator-1")
    [key, *_] = re.findall(r'name="key" value="([^"]+)"', coordinator.look(PAGE))

    silent = coordinator.fill_in(PAGE, {"key": key, "how": "hold", "words": ""})
    done = coordinator.fill_in(PAGE, {"key": key, "how": "hold", "words": "已经电话通知。"})

    assert (silent.status_code, "请写明不发的理由" in silent.text) == (422, True)
    assert "已记下" in done.text
    assert f'value="{key}"' not in done.text
    [row] = [one for one in rows_of(portal.store, OutboxRow) if one.key == key]
    assert (row.state, row.answer) == ("superseded", "活动协调员决定不发：已经电话通知。")


def test_whoever_only_reads_the_forecast_has_no_buttons(
    portal: Portal, at: Callable[[int, int], None]
) -> None:
    at(11, 12)

    page = portal.as_("auditor-1").look(PAGE)

    assert 'name="how"' not in page
