"""The page of how reviewers differ: of settled villages alone."""

from __future__ import annotations

from tests.actions.conftest import CAMPAIGN_ID
from tests.actions.overview.test_explanation import paid
from tests.actions.review.test_reconciliation import doubted
from tests.portal.conftest import CLERK, Portal

__all__ = ["doubted", "paid"]
PAGE = f"/campaigns/{CAMPAIGN_ID}/reviewers"


def test_lenient_and_strict_reviewers_and_disputed_indicators_are_shown(portal: Portal, paid: object) -> None:
    page = portal.as_("coordinator-1").look(PAGE)

    assert "已有结果的社区(村)1个" in page
    assert "应当修改表述的指标" in page
    assert "偏严" in page or "偏宽" in page


def test_village_that_is_still_reviewed_blind_says_nothing(portal: Portal, doubted: object) -> None:
    page = portal.as_("leader-1").look(PAGE)

    assert "已有结果的社区(村)0个" in page
    assert "还没有可以比较的结果" in page


def test_clerks_and_reviewers_do_not_see_it(portal: Portal) -> None:
    for person in (CLERK, "reviewer-1"):
        portal.as_(person).look(PAGE, status=404)
