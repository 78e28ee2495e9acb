"""``hqe calendar``: shown, typed, imported; first what moves, then the change."""

from __future__ import annotations

from pathlib import Path

from actions.lookup import calendar_of
from records.store import Store
from rules.campaign.calendar import Calendar
from tests.actions.conftest import CAMPAIGN_ID
from tests.commands.conftest import Run

ORDER = ("--by", "coordinator-1", "--reason", "国办发明电〔2021〕11号")


def calendar(store: Store) -> Calendar:
    with store.reading() as session:
        return calendar_of(session, CAMPAIGN_ID)


def test_typed_decree_is_shown_first_and_then_entered(opened: Store, run: Run) -> None:
    typed = ("calendar", "set", "--until", "2022-12-31", "--off", "2022-01-01..2022-01-03", *ORDER)
    before = calendar(opened)

    seen = run(*typed, "--dry-run")
    untouched = calendar(opened)
    done = run(*typed)

    assert (seen.exit_code, done.exit_code, untouched) == (0, 0, before)
    assert done.output == f"{seen.output}已更新。\n"
    assert "公布到：2022-12-31" in run("calendar", "show").output


def test_imported_file_adds_what_this_version_knows(opened: Store, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_text("holidays: []\nmakeup_workdays: []\npublished_until: 2022-12-31\n", encoding="utf-8")

    done = run("calendar", "import", file, *ORDER)

    assert done.exit_code == 0, done.output
    assert calendar(opened).published_until.isoformat() == "2022-12-31"
    assert "02-01" in run("calendar", "show").output.split("2022 放假")[1]


def test_days_that_are_none_and_files_that_are_none_are_said(opened: Store, run: Run, tmp_path: Path) -> None:
    odd = tmp_path / "calendar.yaml"
    odd.write_text("holidays: 3\n", encoding="utf-8")
    other = tmp_path / "calendar.txt"
    other.write_text("", encoding="utf-8")

    codes = [
        run("calendar", "set", "--off", "明天", *ORDER).exit_code,
        run("calendar", "import", odd, *ORDER).exit_code,
        run("calendar", "import", other, *ORDER).exit_code,
    ]

    assert codes == [2, 1, 1]
