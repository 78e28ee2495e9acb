"""``hqe village visit``: what was found."""

from __future__ import annotations

import pytest

from actions.review import verification
from records.copies.dump import lines_of
from records.store import Store
from records.tables.review import GateRow, VisitRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import decide_latest, local
from tests.commands.conftest import Run, set_clock

VILLAGE = "331181100200"


@pytest.fixture
def visiting(submitting: Store, at_desk: GateRow, campaign: Campaign) -> Store:
    decide_latest(submitting, "desk_review", at_desk.subject, by="reviewer-3", answer="pass")
    verification.site_visit(submitting, subject=at_desk.subject, now=local(campaign, 11, 17))
    set_clock(submitting, local(campaign, 11, 18))
    return submitting


def test_village_visit_records_what_was_found(visiting: Store, run: Run) -> None:
    done = run("village", "visit", VILLAGE, "--notes", "抽查20人", "--found", "B1.3=2", "--by", "reviewer-3")

    with visiting.reading() as session:
        assert lines_of(session, VisitRow, ["visited_by", "notes", "adjustments"]) == [
            ["reviewer-3", "抽查20人", {"B1.3": "2"}]
        ]
    assert (done.exit_code, done.output) == (0, "现场核查已登记。\n")


@pytest.mark.parametrize(
    ("village", "found", "sentence"),
    [
        ("331181999999", "B1.3=2", "没有代码为331181999999的社区(村)"),
        (VILLAGE, "B1.3", "write FACT=NUMBER"),
        (VILLAGE, "B1.3=two", "请填写整数、小数或分数"),
    ],
)
def test_village_visit_with_a_mistake_is_refused(
    visiting: Store, run: Run, village: str, found: str, sentence: str
) -> None:
    refused = run("village", "visit", village, "--notes", "好", "--found", found, "--by", "reviewer-3")

    assert (refused.exit_code, sentence in refused.stderr) == (2, True)
