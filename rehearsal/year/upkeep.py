"""What a county's living rosters cost: a month's changes, a past day of a village, who is overdue."""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from statistics import median
from typing import TypeVar

from actions.year.changes import Noted, note_changes
from actions.year.opening import Opened, open_year
from actions.year.rosters import Begun, begin_from_table
from actions.year.state import overdue_counts, state_on
from config.campaign_folder import campaign_folder, read_folder
from records.people import people
from records.schema.migrate import migrate
from records.sealing.vault import Vault
from records.store import Store
from records.year import living
from rules.campaign.campaign import Person, Village
from rules.dossiers.id_numbers import check_digit
from rules.refusals import Refused
from rules.year.entries import Entry
from rules.year.opened import OpenedYear, opened_with

VILLAGES = 250
"""As many as the sample county has, those that take no part among them."""
EVERY = 20
"""One in so many rows changes in a month: 5 %."""
START = date(2021, 1, 4)
PREFIX = "331199"
WHO = "coordinator-1"
TIMES = 5


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Seconds, of a county of ``people``; ``changes`` were noted in a month, ``overdue`` of them all are late."""

    people: int
    begun_s: float
    changes: int
    changes_s: float
    state_s: float
    overdue: int
    overdue_s: float

    @property
    def change_s(self) -> float:
        return self.changes_s / self.changes


def measure(*, people_many: int, seed: int, say: Callable[[str], object], villages: int = VILLAGES) -> Upkeep:
    """A county of so many people on a fresh SQLite database, kept for a month."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/hqe.db", vault=Vault(os.urandom(32)), home=Path(folder))
        migrate(store.engine)
        year = county(villages)
        with store.writing() as session:
            people.add(session, Person(WHO, "模拟协调员", f"{WHO}@example.invalid", ("coordinator",)))
        assert isinstance(open_year(store, year=year, by=WHO, now=at(year, START)), Opened)
        begun = _timed(lambda: begin(store, year, people_many=people_many, dice=random.Random(seed)))
        say(f"{people_many} people in {villages} rosters, {begun[0]:.1f} s")
        month = at(year, START + timedelta(days=30))
        changes = _timed(lambda: change_some(store, year, dice=random.Random(seed), now=month))
        say(f"{changes[1]} changes of a month, {changes[0]:.1f} s")
        code, late = year.villages[0].code, at(year, START + timedelta(days=200))
        day = START + timedelta(days=10)
        state = [_timed(lambda: state_on(store, village_code=code, day=day, by=WHO))[0] for _ in range(TIMES)]
        overdue = [_timed(lambda: told(store, now=late)) for _ in range(TIMES)]
        store.close()
    return Upkeep(
        people=people_many,
        begun_s=begun[0],
        changes=changes[1],
        changes_s=changes[0],
        state_s=median(state),
        overdue=overdue[0][1],
        overdue_s=median(seconds for seconds, _ in overdue),
    )


Done = TypeVar("Done")


def _timed(act: Callable[[], Done]) -> tuple[float, Done]:
    began = time.perf_counter()
    done = act()
    return time.perf_counter() - began, done


def county(many: int) -> OpenedYear:
    """The sample's forms and plan over ``many`` villages."""
    read = read_folder(campaign_folder("longquan-2020"))
    assert read.campaign is not None
    assert read.year_plan is not None
    year = opened_with(read.campaign, read.year_plan)
    towns = [town.code for town in year.towns]
    codes = (f"{towns[n % len(towns)]}{n // len(towns) + 300}" for n in count())
    villages = tuple(Village(code, f"村{code[-6:]}", code[:9]) for code in islice(codes, many))
    return replace(year, villages=villages)


def at(year: OpenedYear, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=year.zone)


def begin(store: Store, year: OpenedYear, *, people_many: int, dice: random.Random) -> int:
    numbers = id_numbers()
    each = people_many // len(year.villages)
    for village in year.villages:
        done = begin_from_table(
            store,
            village_code=village.code,
            name="list.csv",
            data="\n".join(["姓名,身份证号,就业状态,重点群体", *islice(rows(numbers, dice), each)]).encode(),
            by=WHO,
            now=at(year, START),
        )
        assert done == Begun(each, ()), done
    return each * len(year.villages)


def rows(numbers: Iterator[str], dice: random.Random) -> Iterator[str]:
    for number in numbers:
        state = dice.choice(["已就业"] * 8 + ["登记失业", "不在劳动力"])
        yield f"模拟{number[14:]},{number},{state},{dice.choice(['', '', '', '就业困难', '高校毕业生'])}"


def id_numbers() -> Iterator[str]:
    """Numbers of nobody: the prefix is unassigned."""
    for n in count():
        born = date(1965, 1, 1) + timedelta(days=n % 14_000)
        first = f"{PREFIX}{born:%Y%m%d}{n // 14_000 + 101}"
        number = first + check_digit(first)
        if not number.endswith("000"):
            yield number


def change_some(store: Store, year: OpenedYear, *, dice: random.Random, now: datetime) -> int:
    """Of each village one row in ``EVERY``: most find or lose work, some leave, as many are of another group."""
    noted = 0
    for village in year.villages:
        with store.reading() as session:
            keys = sorted(living.people_of(session, village.code))
        chosen = dice.sample(keys, max(1, len(keys) // EVERY))
        entries = [a_change(key, dice, now.date()) for key in chosen]
        done = note_changes(
            store, village_code=village.code, entries=entries, source="sheet", by=WHO, now=now
        )
        assert isinstance(done, Noted)
        assert not done.unfit, done.unfit
        noted += done.changes
    return noted


def a_change(key: str, dice: random.Random, day: date) -> Entry:
    kind = dice.choice(["employment", "employment", "employment", "left", "group"])
    if kind == "left":
        return Entry("left", day, key)
    if kind == "group":
        return Entry("group", day, key, {"groups": "就业困难"})
    return Entry("employment", day, key, {"status": dice.choice(["已就业", "登记失业"])})


def told(store: Store, *, now: datetime) -> int:
    """How many are overdue in all towns and groups."""
    counts = overdue_counts(store, by=WHO, now=now)
    return 0 if isinstance(counts, Refused) else sum(one.people for one in counts)
