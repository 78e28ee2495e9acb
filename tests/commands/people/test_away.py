"""``hqe people away`` and ``back``: what would pass to whom, recorded, and ended early."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from records.copies.dump import rows_of
from records.duties.duties import open_duties
from records.store import Store
from records.tables.duties import AbsenceRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local
from tests.commands.conftest import Run, set_clock
from tests.commands.people.conftest import BY

DAYS = ("--from", "2020-11-17", "--until", "2020-11-20")


@pytest.fixture(autouse=True)
def at_work(submitting: Store, at_desk: GateRow, campaign: Campaign) -> None:
    set_clock(submitting, local(campaign, 11, 17))


def holder(store: Store) -> str:
    with store.reading() as session:
        return open_duties(session, CAMPAIGN_ID, kind="gate")[0].person_id


def test_people_away_tried_first_shows_who_would_take_what_and_records_nothing(
    submitting: Store, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "away.json"

    tried = run("people", "away", "reviewer-2", *DAYS, *BY, "--dry-run", "--json", file)

    passing = json.loads(file.read_text(encoding="utf-8"))["passing"]
    assert (tried.exit_code, "八都镇第一村材料初审 → reviewer-3\n" in tried.output) == (0, True)
    assert [one["to"] for one in passing] == ["reviewer-3"]
    with submitting.reading() as session:
        assert rows_of(session, AbsenceRow) == []


def test_people_away_and_back_are_said_and_kept(submitting: Store, run: Run) -> None:
    gone = run("people", "away", "reviewer-2", *DAYS, "--deputy", "reviewer-4", "--reason", "培训", *BY)
    back = run("people", "back", "reviewer-2", *BY)
    again = run("people", "back", "reviewer-2", *BY)

    assert gone.output.endswith("已登记reviewer-2于2020-11-17至2020-11-20外出，由reviewer-4代理。\n")
    assert back.output == "已结束reviewer-2在2020-11-17至2020-11-20的外出。\n"
    assert (again.exit_code, "没有尚未结束的外出登记" in again.stderr) == (2, True)
    assert holder(submitting) == "reviewer-4"
    with submitting.reading() as session:
        [row] = rows_of(session, AbsenceRow)
    assert (row.reason, row.recorded_by, row.ended_by) == ("培训", "coordinator-1", "coordinator-1")


def test_people_away_with_duties_that_nobody_can_take_says_so(submitting: Store, run: Run) -> None:
    run("people", "deputy", "reviewer-2", *BY)
    run("people", "deputy", "reviewer-1", *BY)

    done = run("people", "away", "reviewer-2", *DAYS, "--deputy", "reviewer-1", *BY)

    assert (done.exit_code, "无人可接，仍由本人承办" in done.output) == (0, True)
    assert holder(submitting) == "reviewer-2"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("away", "reviewer-2", *DAYS, "--by", "reviewer-3"), "只有本人或活动协调员"),
        (("away", "reviewer-2", "--from", "2020-11-20", "--until", "2020-11-17", *BY), "请核对日期"),
        (("away", "auditor-1", *DAYS, *BY), "没有固定代理人"),
    ],
)
def test_people_away_that_does_not_fit_is_refused(run: Run, words: tuple[str, ...], sentence: str) -> None:
    refused = run("people", *words)

    assert (refused.exit_code, sentence in refused.stderr) == (2, True)


def test_people_back_by_somebody_else_is_refused(run: Run) -> None:
    run("people", "away", "reviewer-2", *DAYS, *BY)

    refused = run("people", "back", "reviewer-2", "--by", "reviewer-3")

    assert (refused.exit_code, "只有本人或活动协调员" in refused.stderr) == (2, True)
