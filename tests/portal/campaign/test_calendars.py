"""The page of days off: read by the bureau, changed by a coordinator after what moves was shown."""

from __future__ import annotations

from actions.lookup import calendar_of
from tests.actions.conftest import CAMPAIGN_ID
from tests.portal.conftest import Portal

PAGE = f"/campaigns/{CAMPAIGN_ID}/calendar"
TYPED = {"until": "2022-12-31", "holidays": "2022-01-01至2022-01-03", "makeup_workdays": "", "reason": "通知"}


def test_decree_is_previewed_and_then_entered(portal: Portal) -> None:
    visitor = portal.as_("coordinator-1")
    page = visitor.look(PAGE)

    seen = visitor.fill_in(f"{PAGE}/preview", TYPED)
    visitor.fill_in(f"{PAGE}/changes", TYPED)

    assert "2021-12-31" in page
    assert "10月1日至10月8日<br>" in page
    assert "放假安排由公布到2021-12-31改为公布到2022-12-31" in seen.text
    with portal.store.reading() as session:
        assert calendar_of(session, CAMPAIGN_ID).published_until.isoformat() == "2022-12-31"


def test_day_that_is_none_is_said_beside_what_was_typed(portal: Portal) -> None:
    visitor = portal.as_("coordinator-1")
    visitor.look(PAGE)

    answer = visitor.fill_in(f"{PAGE}/preview", {**TYPED, "holidays": "元旦"})

    assert answer.status_code == 422
    assert "元旦" in answer.text
