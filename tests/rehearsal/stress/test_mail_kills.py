"""Senders that are killed anywhere lose nothing, and double a mail in the one allowed window alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from records.copies.dump import rows_of
from records.store import Store
from records.tables.messages import OutboxRow
from rehearsal.mailbox import Mail
from rehearsal.stress.mail_kills import POINTS, Drill, judged, kill_senders
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, campaign, local, opened

__all__ = ["campaign", "opened"]


@pytest.mark.programs
def test_two_senders_killed_at_each_step_lose_and_double_nothing(
    opened: Store, campaign: Campaign, tmp_path: Path
) -> None:
    with opened.writing() as session:
        for row in rows_of(session, OutboxRow):
            row.state = "sent"
    readers = [person.id for person in campaign.people][:8]
    drill = Drill(opened, CAMPAIGN_ID, readers, tmp_path, now=local(campaign, 11, 2))

    figures = kill_senders(drill, kills=len(POINTS), seed=7, say=lambda _: None)

    assert figures.is_well, figures
    assert figures.kills == len(POINTS)
    assert figures.mails >= 60


def mail(key: str, name: str = "", to: str = "a") -> Mail:
    return Mail(key, name or key, to, "", "")


def test_what_goes_wrong_is_seen() -> None:
    lost = judged([mail("1")], 2, kills=0, most_doubled=0)
    doubled = judged([mail("1"), mail("1")], 1, kills=1, most_doubled=0)
    renamed = judged([mail("1"), mail("1", "other")], 1, kills=1, most_doubled=1)
    swapped = judged([mail("2"), mail("1")], 2, kills=0, most_doubled=0)

    assert [one.is_well for one in (lost, doubled, renamed, swapped)] == [False] * 4
    assert judged([mail("1"), mail("2"), mail("1")], 2, kills=1, most_doubled=1).is_well
