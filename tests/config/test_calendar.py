"""The working calendar with and without corrections."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.calendar import read_calendar
from config.campaign_folder import campaign_folder
from config.mistakes import CampaignMistakes


def corrected(folder: Path, text: str) -> Path:
    (folder / "calendar.yaml").write_text(text, encoding="utf-8")
    return folder


def test_calendar_as_shipped_knows_national_day_and_its_makeup_workday() -> None:
    calendar = read_calendar(campaign_folder("longquan-2020"), (2020, 2021))

    assert date(2020, 10, 1) in calendar.holidays
    assert date(2020, 10, 10) in calendar.makeup_workdays
    assert calendar.is_workday(date(2020, 11, 15)) is False
    assert calendar.published_until == date(2021, 12, 31)


def test_calendar_of_one_year_holds_only_its_days() -> None:
    calendar = read_calendar(campaign_folder("longquan-2020"), (2020,))

    assert {day.year for day in calendar.holidays | calendar.makeup_workdays} == {2020}


def test_calendar_corrected_lets_the_folder_win(tmp_path: Path) -> None:
    folder = corrected(
        tmp_path, "published_until: 2020-12-31\nholidays: [2020-11-20]\nmakeup_workdays: [2020-10-01]\n"
    )

    calendar = read_calendar(folder, (2020,))

    assert calendar.is_workday(date(2020, 11, 20)) is False
    assert calendar.is_workday(date(2020, 10, 1)) is True


@pytest.mark.parametrize(
    "text",
    [
        "holidays: []\n",
        "published_until: soon\n",
        "published_until: 2099-12-31\n",
        "published_until: 2020-12-31\nholidays: [2020-11-20]\nmakeup_workdays: [2020-11-20]\n",
    ],
)
def test_calendar_file_with_a_mistake_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(CampaignMistakes, match=r"calendar\.yaml"):
        read_calendar(corrected(tmp_path, text), (2020,))
