"""``hqe extend``: the price first, then the extension."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from actions.duties.reminders import lapse_locked
from records.copies.dump import rows_of
from records.store import Store
from records.tables.duties import ExtensionRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local
from tests.commands.conftest import Run, set_clock

DUTY = "dossier:331181100200"
USUAL = ("--reason", "暴雨停电", "--by", "coordinator-1")


@pytest.fixture(autouse=True)
def fourteenth(submitting: Store, campaign: Campaign) -> None:
    set_clock(submitting, local(campaign, 11, 14))


def extensions(store: Store) -> int:
    with store.reading() as session:
        return len(rows_of(session, ExtensionRow))


def test_extend_dry_run_shows_the_price_and_grants_nothing(
    submitting: Store, run: Run, tmp_path: Path
) -> None:
    shown = run("extend", DUTY, "--until", "2020-11-18", "--dry-run", *USUAL, "--json", tmp_path / "o.json")

    price = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))["offer"]["price"]
    assert (shown.exit_code, "其间工作日由7个减为5个" in shown.output) == (0, True)
    assert (price["latest_safe"], price["workdays_left"], extensions(submitting)) == ("2020-11-22", 5, 0)


def test_extend_grants_and_audits_the_door(submitting: Store, run: Run) -> None:
    done = run("extend", DUTY, "--until", "2020-11-18", *USUAL)

    with submitting.reading() as session:
        [noted] = [row for row in rows_of(session, AuditRow) if row.act == "extend"]
    assert (done.exit_code, done.output.endswith("已延期。\n"), extensions(submitting)) == (0, True, 1)
    assert json.loads(noted.facts)["door"] == "command"


def test_extend_that_breaks_a_promise_is_refused_with_the_latest_safe_day(
    submitting: Store, run: Run
) -> None:
    refused = run("extend", DUTY, "--until", "2020-11-24", *USUAL)

    assert (refused.exit_code, "最晚可延至11月22日(星期日)" in refused.stderr, extensions(submitting)) == (
        2,
        True,
        0,
    )


def test_extend_of_an_unknown_duty_says_where_to_look(run: Run) -> None:
    refused = run("extend", "dossier:1", "--until", "2020-11-24", *USUAL)

    assert (refused.exit_code, "campaign status --duties" in refused.stderr) == (2, True)


def test_status_lists_duties_with_the_numbers_that_extend_takes(run: Run) -> None:
    shown = run("campaign", "status", "--duties")

    assert "全部待办：5项" in shown.output
    assert "八都镇第一村申报材料：乡镇(街道)经办人季文静，11月15日(星期日)截止" in shown.output


def test_extend_gives_every_lapsed_duty_of_a_town_more_time_and_status_lists_the_rest(
    submitting: Store, campaign: Campaign, run: Run
) -> None:
    lapse_locked(submitting, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 19))
    set_clock(submitting, local(campaign, 11, 19))

    before = run("campaign", "status")
    shown = run("extend", "--lapsed", "--town", "八都镇", "--until", "2020-11-22", "--dry-run", *USUAL)
    none = extensions(submitting)
    done = run("extend", "--lapsed", "--town", "八都镇", "--until", "2020-11-22", "--anyway", *USUAL)

    after = run("campaign", "status")
    assert ("八都镇第一村申报材料：11月15日(星期日)截止" in before.output, none) == (True, 0)
    assert ("八都镇第四村申报材料：延至2020-11-22" in shown.output, "查田镇" in shown.output) == (True, False)
    assert done.exit_code == 0, done.output
    assert extensions(submitting) >= 2
    assert "八都镇第一村申报材料：11月15日" not in after.output
    assert "查田镇小查田村申报材料：11月15日(星期日)截止" in after.output


@pytest.mark.parametrize("words", [(), (DUTY, "--lapsed")])
def test_extend_wants_one_duty_or_the_lapsed_ones(run: Run, words: tuple[str, ...]) -> None:
    assert run("extend", *words, "--until", "2020-11-18", *USUAL).exit_code == 2
