"""What towns and reviewers report without a browser: survey, dossier, paper, visit, score sheet."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.campaign import survey
from actions.review import verification
from records.campaign.villages import count_villages
from records.copies.dump import lines_of
from records.store import Store
from records.tables.dossiers import UploadRow
from records.tables.review import GateRow, ScoreRow, VisitRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, decide_latest, dossier_of, local
from tests.commands.conftest import Run, set_clock

TOWN, VILLAGE = "331181100", "331181100200"


@pytest.fixture
def surveying(opened: Store, campaign: Campaign) -> Store:
    now = local(campaign, 10, 21)
    survey.ask_for_survey(opened, subject=f"{CAMPAIGN_ID}/{TOWN}", now=now)
    set_clock(opened, now)
    return opened


def test_town_survey_names_the_villages_that_take_part(surveying: Store, run: Run) -> None:
    done = run("town", "survey", TOWN, "--village", VILLAGE, "--by", f"clerk-{TOWN}")

    with surveying.reading() as session:
        assert count_villages(session, CAMPAIGN_ID) == {"taking_part": 1, "out": 1, "invited": 1}
    assert (done.exit_code, done.output) == (0, "调查摸底已确认。\n")


def test_town_survey_of_all_villages_and_twice(surveying: Store, run: Run) -> None:
    done = [run("town", "survey", TOWN, "--all", "--by", f"clerk-{TOWN}") for _ in range(2)]

    assert [one.exit_code for one in done] == [0, 2]
    assert "已确认，无需重复提交" in done[1].stderr


def test_town_survey_without_villages_asks_for_them(surveying: Store, run: Run) -> None:
    wrong = run("town", "survey", TOWN, "--by", f"clerk-{TOWN}")

    assert (wrong.exit_code, "--all" in wrong.stderr) == (2, True)


def test_workbook_submit_gives_a_receipt(
    submitting: Store, campaign: Campaign, run: Run, tmp_path: Path
) -> None:
    set_clock(submitting, local(campaign, 11, 16))
    file = tmp_path / "dossier.xlsx"
    file.write_bytes(dossier_of(VILLAGE))

    done = [run("workbook", "submit", file, VILLAGE, "--by", f"clerk-{TOWN}") for _ in range(2)]

    with submitting.reading() as session:
        [[sha256, late, by]] = lines_of(session, UploadRow, ["sha256", "late", "filed_by"])
    assert done[0].output.startswith("已收件：第1版，2020年11月16日(星期一) 10:00:00(逾期)\n")
    assert (sha256 in done[0].output, late, by) == (True, True, f"clerk-{TOWN}")
    assert (done[1].exit_code, "与第1版完全相同" in done[1].stderr) == (2, True)


def test_town_paper_is_received_once_and_only_by_the_bureau(submitting: Store, run: Run) -> None:
    done = [run("town", "paper", TOWN, "--by", by) for by in (f"clerk-{TOWN}", "coordinator-1")]

    assert [one.exit_code for one in done] == [2, 0]
    assert "由局里签收" in done[0].stderr


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


def test_gate_score_needs_a_reason_for_each_change(submitting: Store, at_desk: GateRow, run: Run) -> None:
    words = ("gate", "score", at_desk.id, "--by", "reviewer-2", "--change")

    done = [run(*words, change) for change in ("B1.3=2", "B1.3=2:漏报两例")]

    with submitting.reading() as session:
        sheets = [
            line
            for line in lines_of(session, ScoreRow, ["party", "adjustments", "reasons"])
            if line[0] == "a"
        ]
    assert [one.exit_code for one in done] == [2, 0]
    assert "必须写明理由：B1.3" in done[0].stderr
    assert sheets == [["a", {"B1.3": "2"}, {"B1.3": "漏报两例"}]]


def test_workbook_template_prefilled_is_written_and_checked_with_this_houses_numbers(
    at_desk: GateRow, run: Run, tmp_path: Path, campaign: Campaign
) -> None:
    out, options = tmp_path / "t.xlsx", ("--campaign", CAMPAIGN_ID, "--out")
    made = run("workbook", "template", VILLAGE, "--prefill", "--by", f"clerk-{TOWN}", *options, out)
    other = next(one.code for one in campaign.villages if one.code != VILLAGE)
    nothing = run("workbook", "template", other, "--prefill", "--by", f"clerk-{TOWN}", *options, out)
    nobody = run("workbook", "template", VILLAGE, "--prefill", *options, out)

    checked = run("workbook", "check", out, VILLAGE)

    assert (made.exit_code, made.output) == (0, f"{out}\n")
    assert (nothing.exit_code, "无法预填" in nothing.stderr) == (2, True)
    assert (nobody.exit_code, "--by" in nobody.stderr) == (1, True)
    assert "调查日期没有填写" in checked.output
    assert "星号" not in checked.output


def test_roster_is_listed_masked_and_one_number_shown_for_a_reason(at_desk: GateRow, run: Run) -> None:
    listed = run("workbook", "roster", VILLAGE, "--by", "coordinator-1")
    shown = run("workbook", "unmask", VILLAGE, 4, "--by", "coordinator-1", "--reason", "核对户籍")
    refused = run("workbook", "unmask", VILLAGE, 4, "--by", f"clerk-{TOWN}", "--reason", "核对户籍")
    nothing = run("workbook", "roster", "331181103204", "--by", "coordinator-1")

    assert (listed.exit_code, listed.output.count("****************"), "331199" in listed.output) == (
        0,
        30,
        False,
    )
    assert (shown.exit_code, shown.output[:6]) == (0, "331199")
    assert (refused.exit_code, "没有查看这份花名册的权限" in refused.stderr) == (2, True)
    assert nothing.exit_code == 1
    assert "查看完整身份证号" in run("audit", "show").output
