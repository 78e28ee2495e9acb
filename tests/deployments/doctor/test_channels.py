"""What the doctor says of channels besides mail."""

from __future__ import annotations

from dataclasses import replace

from config.settings import read_settings
from deployments.doctor.channels import channel_troubles
from records import outbox, relays
from records.copies.dump import rows_of
from records.store import Store
from records.tables.messages import OutboxRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, campaign, local, opened

__all__ = ["campaign", "opened"]

GROUP = "工作群"


def test_channel_that_cannot_be_or_takes_nothing_is_told_without_its_secret(
    opened: Store, campaign: Campaign
) -> None:
    now = local(campaign, 10, 20)
    urls = ((GROUP, "dingtalk://SECab@token"), ("坏", "nosuch://SECab@token"))
    settings = replace(read_settings({"HQE_HOME": str(opened.home)}), channels=urls)
    before = [one.code for one in channel_troubles(opened, settings)]
    with opened.writing() as session:
        outbox.post(
            session,
            key="k",
            campaign_id=CAMPAIGN_ID,
            template="digest",
            person_id="leader-1",
            facts={},
            at=now,
        )
        session.flush()
        [row] = [one for one in rows_of(session, OutboxRow) if one.key == "k"]
        relays.post(session, outbox_id=row.id, channel=GROUP, text="x")
        session.flush()
        copy = relays.relay_of(session, row.id)
        assert copy is not None
        relays.mark(
            session, copy.id, state=relays.WAITING, answer="钉钉机器人没有收下：310000 sign not match"
        )

    told = list(channel_troubles(opened, settings))

    assert before == ["channel_setting"]
    assert [one.code for one in told] == ["channel_setting", "channel_away"]
    assert "sign not match" in told[1].what
    assert not any("SECab" in f"{one.what}{one.where}{one.remedy}" for one in told)
