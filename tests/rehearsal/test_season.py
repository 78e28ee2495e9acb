"""All mails of a campaign, as lists that somebody has read: when, to whom, with which subject.

A changed list is read as a changed text is: ``python -m tests.rehearsal.test_season`` writes all of them anew.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

import pytest

from actions.campaign.calendars import change_calendar
from config.calendar import read_later
from config.campaign_folder import campaign_folder, read_folder, restrict
from config.next_year import move_dates
from config.places import ROOT
from records.copies.dump import rows_of
from records.duties.duties import open_duties
from records.store import Store
from records.tables.messages import OutboxRow
from rehearsal.season import Season, lines_of
from rules.refusals import Refused

LISTS = Path(__file__).parent / "seasons"
PAGE = ROOT / "docs" / "messages.md"
BEGIN, END = "<!-- season: written by tests/rehearsal/test_season.py -->", "<!-- /season -->"
CLERK = "clerk-331181003"
"""Of a town that asks for more time and gets it."""
FEW = 5
"""Villages where the days matter and not the crowd."""


def of_folder(folder: Path) -> Season:
    reading = read_folder(folder)
    assert reading.campaign is not None, reading.mistakes
    assert reading.calendar is not None
    return Season(reading.campaign, reading.calendar)


def few(season: Season) -> Season:
    return replace(season, campaign=restrict(season.campaign, FEW))


def moved(first: date, published_until: date) -> Season:
    """A few villages of the notice's county, surveyed from another day on."""
    with TemporaryDirectory() as place:
        folder = Path(copytree(campaign_folder("longquan-2020"), Path(place) / "longquan-moved"))
        move_dates(folder, first=first)
        (folder / "calendar.yaml").write_text(_calendar(published_until), encoding="utf-8")
        return few(of_folder(folder))


def _calendar(until: date) -> str:
    return f"holidays: []\nmakeup_workdays: []\npublished_until: {until}\n"


def whole_county() -> Season:
    return of_folder(campaign_folder("longquan-2020"))


def one_mail_a_day() -> Season:
    return of_folder(campaign_folder("yunxi-2026"))


def across_national_day() -> Season:
    return moved(date(2020, 9, 10), date(2020, 12, 31))


def across_spring_festival() -> Season:
    """And a Sunday and a Saturday that are worked before and after it."""
    return moved(date(2021, 1, 20), date(2021, 12, 31))


def into_unpublished_days() -> Season:
    """The machine is off over the year's end, and the decree of the next year comes days after it was asked for."""
    season = moved(date(2020, 10, 31), date(2021, 12, 31))
    return replace(
        season,
        calendar=replace(season.calendar, published_until=date(2020, 12, 31)),
        leaps={date(2020, 12, 8): timedelta(days=26)},
        meanwhile=enter_decree,
    )


def enter_decree(store: Store, now: datetime) -> None:
    """The coordinator does so on reading that it is overdue."""
    with store.reading() as session:
        asked = [duty for duty in open_duties(session, "longquan-2020") if duty.kind == "calendar"]
        told = [row for row in rows_of(session, OutboxRow) if row.template == "calendar_late"]
    if not asked or not told:
        return
    with TemporaryDirectory() as place:
        file = Path(place) / "calendar.yaml"
        file.write_text(_calendar(date(2021, 12, 31)), encoding="utf-8")
        decree = read_later(file)
    done = change_calendar(
        store, campaign_id=asked[0].campaign_id, decree=decree, by="coordinator-1", reason="国办通知", now=now
    )
    assert not isinstance(done, Refused), done.reason


def with_a_wrong_clock() -> Season:
    """An hour back, a day ahead, asleep for three days."""
    jumps = {
        date(2020, 11, 3): timedelta(hours=-1),
        date(2020, 11, 9): timedelta(days=1),
        date(2020, 11, 19): timedelta(days=3),
    }
    return replace(few(whole_county()), leaps=jumps)


SEASONS: tuple[Callable[[], Season], ...] = (
    whole_county,
    one_mail_a_day,
    across_national_day,
    across_spring_festival,
    into_unpublished_days,
    with_a_wrong_clock,
)


def told_in(season: Season) -> str:
    return "\n".join([*lines_of(season.play(), season.campaign), ""])


@pytest.mark.parametrize("season", SEASONS, ids=lambda season: season.__name__)
def test_mails_of_a_season_are_those_that_were_read(season: Callable[[], Season]) -> None:
    assert told_in(season()) == read(season)


def read(season: Callable[[], Season]) -> str:
    return (LISTS / f"{season.__name__}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("season", SEASONS, ids=lambda season: season.__name__)
def test_nobody_reads_one_subject_twice_at_once(season: Callable[[], Season]) -> None:
    """Two matters are told apart in their subjects, and one is not told twice."""
    days = read(season).split("## ")[1:]
    twice = [
        (day.splitlines()[0], mail)
        for day in days
        for mail, times in Counter(day.splitlines()[1:]).items()
        if times > 1
    ]

    assert twice == []


def a_clerks_season() -> str:
    """Of the list of the whole county what one clerk reads, as a table by day."""
    rows = ["| 日期 | 时间 | 主题 |", "| --- | --- | --- |"]
    day = ""
    for line in read(whole_county).splitlines():
        if line.startswith("## "):
            day = line.removeprefix("## ")
        elif line[6:].startswith(f"{CLERK}: "):
            rows.append(f"| {day} | {line[:5]} | {line[6:].removeprefix(f'{CLERK}: ')} |")
            day = ""
    return "\n".join(rows)


def with_season(page: str) -> str:
    """The page with the table between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{a_clerks_season()}\n\n{END}{after}"


def test_page_shows_what_a_clerk_reads_in_a_season() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert BEGIN in page
    assert with_season(page) == page


def main(names: list[str]) -> None:
    for season in SEASONS:
        if not names or season.__name__ in names:
            (LISTS / f"{season.__name__}.txt").write_text(told_in(season()), encoding="utf-8")
    PAGE.write_text(with_season(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
