"""``hqe reassign``: one duty to another person."""

from __future__ import annotations

import pytest

from records.duties.duties import open_duties
from records.store import Store
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local
from tests.commands.conftest import Run, set_clock


def gate_duty(store: Store) -> tuple[int, str]:
    with store.reading() as session:
        [duty] = open_duties(session, CAMPAIGN_ID, kind="gate")
        return duty.id, duty.person_id


def test_reassign_gives_the_duty_to_another_reviewer(
    submitting: Store, at_desk: GateRow, campaign: Campaign, run: Run
) -> None:
    set_clock(submitting, local(campaign, 11, 17))
    number, _ = gate_duty(submitting)

    done = run("reassign", number, "--to", "reviewer-6", "--reason", "出差", "--by", "coordinator-1")

    assert (done.exit_code, done.output, gate_duty(submitting)[1]) == (
        0,
        "已改派给reviewer-6。\n",
        "reviewer-6",
    )


@pytest.mark.parametrize(
    ("duty", "to", "by", "sentence"),
    [
        ("dossier:331181100200", "clerk-331181103", "coordinator-1", "不是该乡镇(街道)的经办人"),
        ("dossier:331181100200", "head-331181100", "leader-1", "只有活动协调员可以改派"),
        ("dossier:1", "head-331181100", "coordinator-1", "没有“dossier:1”这项待办"),
        ("999", "head-331181100", "coordinator-1", "没有“999”这项待办"),
    ],
)
def test_reassign_to_the_wrong_person_or_of_nothing_is_refused(
    submitting: Store, campaign: Campaign, run: Run, duty: str, to: str, by: str, sentence: str
) -> None:
    set_clock(submitting, local(campaign, 11, 1))

    refused = run("reassign", duty, "--to", to, "--reason", "出差", "--by", by)

    assert (refused.exit_code, sentence in refused.stderr) == (2, True)
