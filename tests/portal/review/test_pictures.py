"""Evidence on the case page: beside its indicator, by sheet, and with what is odd about it."""

from __future__ import annotations

import re

from actions.review import verification
from records.review.gates import latest_gate
from records.runs import carriers
from records.tables.dossiers import PictureRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local
from tests.actions.dossiers.test_pictures import pictured
from tests.conftest import rows_of
from tests.portal.conftest import CLERK, Portal
from tests.portal.review.test_gate import asked_at
from tests.workbooks.photos import photo


def at_review(portal: Portal, campaign: Campaign, village: str) -> GateRow:
    """The village at its desk review."""
    subject = f"{CAMPAIGN_ID}/{village}"
    with portal.store.writing() as session:
        carriers.enlist(
            session, kind="verification", subject=subject, campaign_id=CAMPAIGN_ID, label="", tags=[],
            at=local(campaign, 11, 16),
        )  # fmt: skip
    verification.desk_review(portal.store, subject=subject, now=local(campaign, 11, 16))
    with portal.store.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "desk_review", subject)
        assert gate is not None
        return gate


def test_evidence_stands_beside_its_indicator_with_a_warning_for_the_reviewer_only(
    portal: Portal, submitting: object, campaign: Campaign
) -> None:
    first, second = campaign.villages[0], campaign.villages[1]
    pictured(portal.store, campaign, second.code, {"G4": photo(1)})
    pictured(portal.store, campaign, first.code, {"G4": photo(1, quality=40), "G14": b"broken"})
    gate = at_review(portal, campaign, first.code)
    reviewer = portal.as_(asked_at(portal.store, gate))

    page = reviewer.look(f"/gates/{gate.id}")

    town = campaign.town(second.town_code).name
    row = re.search(r"A1\.1 劳动者就业率.*?</tr>", page, re.DOTALL)
    assert row is not None
    assert re.search(r'<img src="/pictures/\d+/thumbnail"', row[0])
    assert f"与2020年 {town}{second.name}（附件1 评价指标 G4）是同一张照片" in row[0]
    assert "图片格式无法显示，请查阅原文件" in page
    assert "有1张图片与其他社区(村)或往年的照片相同" in page
    town_page = portal.as_(CLERK).look(f"/campaigns/{CAMPAIGN_ID}/villages/{first.code}")
    assert "同一张照片" not in town_page


def test_picture_that_cannot_be_shown_is_not_there(
    portal: Portal, submitting: object, campaign: Campaign
) -> None:
    pictured(portal.store, campaign, campaign.villages[0].code, {"G14": b"broken"})
    (row,) = rows_of(portal.store, PictureRow)

    portal.as_("coordinator-1").look(f"/pictures/{row.id}", status=404)
