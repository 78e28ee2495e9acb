"""``hqe year ...``: a year typed from its opening to a service, and what each command says."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.campaign_folder import campaign_folder
from records.schema import guards
from records.store import Store
from tests.actions.year.conftest import CLERK, LIST, NUMBERS, TOWN, VILLAGE, keys
from tests.commands.conftest import Run, set_clock

AT = datetime(2021, 1, 4, 2, tzinfo=UTC)
FOLDER = campaign_folder("longquan-2020")


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    file = tmp_path / "list.csv"
    file.write_text(LIST, encoding="utf-8")
    return file


@pytest.fixture
def begun(opened: Store, run: Run, listed: Path) -> Store:
    set_clock(opened, AT)
    assert run("year", "open", FOLDER).exit_code == 0
    assert run("year", "import", VILLAGE, listed, "--by", CLERK).exit_code == 0
    return opened


def said(run: Run, *words: object) -> tuple[int, list[str]]:
    done = run("year", *words, "--by", CLERK)
    return done.exit_code, done.output.splitlines()


def test_year_is_opened_once_and_the_folder_named_when_it_has_none(
    opened: Store, run: Run, tmp_path: Path
) -> None:
    done = [run("year", "open", FOLDER), run("year", "open", FOLDER), run("year", "open", tmp_path)]

    assert [one.exit_code for one in done] == [0, 2, 1]
    assert "日常服务已按sample-2020-1启用" in done[0].output
    assert "没有变化" in done[1].stderr


def test_roster_is_tried_first_and_shown_masked(opened: Store, run: Run, listed: Path) -> None:
    set_clock(opened, AT)
    run("year", "open", FOLDER)

    tried = said(run, "import", VILLAGE, listed, "--dry-run")
    before = said(run, "state", VILLAGE)[0]
    said(run, "import", VILLAGE, listed)
    code, lines = said(run, "state", VILLAGE)

    assert (tried, before) == ((0, ["可建立动态台账：3人，未读入0行。"]), 2)
    assert (code, lines[-1], len(lines)) == (0, "2021-01-04在册3人。", 4)
    assert not [line for line in lines if any(number in line for number in NUMBERS)]


def test_changes_of_a_list_are_all_noted_or_none(begun: Store, run: Run, tmp_path: Path) -> None:
    first, second, _ = keys(begun)
    changes = tmp_path / "changes.csv"
    head = "行键,变动,日期,就业状态,姓名,身份证号"
    newcomer = "新增,2021-01-04,已就业,赵六,331199200004040044"
    changes.write_text(f"{head}\n{first},离开,2021-01-04,,,\n,{newcomer}\n", encoding="utf-8")
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(f"{head}\n{second},就业变动,2021-01-04,已就业,,\n{second},新增,2021-01-04,,,\n")

    refused = said(run, "change", VILLAGE, "--file", wrong)
    done = [said(run, "change", VILLAGE, "--file", changes, *more) for more in (["--dry-run"], [])]

    assert refused[0] == 1
    assert refused[1][0] == "Error: 有1条不能登记，全部未登记："
    assert done == [(0, ["可登记2条变动：新增1、离开1。"]), (0, ["已登记2条变动：新增1、离开1。"])]


def test_change_is_corrected_by_its_number(begun: Store, run: Run) -> None:
    first = keys(begun)[0]
    said(run, "change", VILLAGE, "--kind", "就业变动", "--person", first, "--value", "就业状态=登记失业")
    wrong = said(run, "state", VILLAGE, "--person", first)[1][-1].split()[0].removeprefix("#")

    done = said(run, "change", VILLAGE, "--kind", "corrected", "--person", first, "--corrects", wrong)

    lines = said(run, "state", VILLAGE, "--person", first)[1]
    assert done == (0, ["已登记1条变动：更正1。"])
    assert [line.endswith("已被更正") for line in lines] == [False, True, False]
    assert not [line for line in lines if NUMBERS[0] in line]


@pytest.mark.parametrize(
    "words",
    [["--kind", "死亡"], ["--kind", "离开", "--value", "x"], ["--kind", "离开", "--person", "nobody"]],
)
def test_change_that_is_none_is_refused_in_words(begun: Store, run: Run, words: list[str]) -> None:
    assert said(run, "change", VILLAGE, *words)[0] == 1


def test_people_overdue_are_counted_listed_and_confirmed(begun: Store, run: Run, tmp_path: Path) -> None:
    set_clock(begun, AT + timedelta(days=40))

    counted = said(run, "overdue", "--json", tmp_path / "out.json")
    people = said(run, "overdue", VILLAGE)[1]
    done = said(run, "confirm", VILLAGE, "--overdue")

    kept = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["overdue"]
    assert counted[1][:2] == ["八都镇 就业困难人员 1人", "八都镇 登记失业人员 1人"]
    assert [one["people"] for one in kept] == [1, 1]
    assert (len(people), people[0].endswith("应于2021-02-04核实")) == (2, True)
    assert done == (0, ["已核实1人没有变化（2021-02-13）。"])
    assert said(run, "overdue")[1] == ["没有逾期未核实的人员。"]


def test_service_is_recorded_once_and_missing_people_are_told(begun: Store, run: Run) -> None:
    first = keys(begun)[0]

    done = [said(run, "service", VILLAGE, "visit", first, *more)[0] for more in ([], [], ["--again"])]
    counted = said(run, "service", VILLAGE, "publicity", "--count", "30")
    code, lines = said(run, "missing")

    assert (done, counted[0], code) == ([0, 2, 0], 0, 0)
    assert lines[-1] == "重复在册0人，没有就业状态1人。"


def test_somebody_of_another_town_is_told_that_it_is_not_theirs(begun: Store, run: Run) -> None:
    done = run("year", "state", VILLAGE, "--by", f"clerk-{int(TOWN) + 1}")

    assert (done.exit_code, done.stdout) == (2, "")


def test_year_backed_up_and_restored_says_the_same_and_keeps_its_guards(
    begun: Store, run: Run, tmp_path: Path
) -> None:
    said(run, "change", VILLAGE, "--kind", "离开", "--person", keys(begun)[0])
    backup, new = tmp_path / "one.hqe-backup", tmp_path / "new"
    assert run("backup", "--to", backup).exit_code == 0

    done = run("restore", backup, "--into", new, "--unsigned")
    shutil.copy(tmp_path / "secret.key", new / "secret.key")

    shown = [run("year", "state", VILLAGE, "--by", CLERK, "--home", home).stdout for home in (tmp_path, new)]
    with closing(sqlite3.connect(new / "hqe.db")) as database:
        triggers = {
            name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        }
    assert (done.exit_code, shown[0].count("\n"), shown[0] == shown[1]) == (0, 3, True)
    assert guards.OF_YEAR.sqlite.keys() < triggers


def test_leaks_of_a_year_are_none_in_the_whole_state_folder(begun: Store, run: Run, listed: Path) -> None:
    listed.unlink()

    done = run("audit", "leaks")

    assert (done.exit_code, [number for number in NUMBERS if number in done.output]) == (0, [])
