"""Changes noted in any order give the state that a plain replay of what was accepted gives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import pytest

from actions.year.changes import Noted, note_changes
from actions.year.state import state_on
from records.store import Store
from records.tables.year import LivingPersonRow, RosterChangeRow
from records.year import living
from rules.refusals import Refused
from rules.year.entries import Entry
from rules.year.roster import ChangeKind, roster_on
from tests.actions.year.conftest import CLERK, OTHER_CLERK, START, VILLAGE, at, keys
from tests.conftest import rows_of

LATER = START + timedelta(days=60)
NEW = {"name": "赵六", "id_number": "331199200004040044", "status": "已就业"}
KINDS: tuple[ChangeKind, ...] = ("came", "left", "employment", "group", "contact", "corrected")


def note(
    store: Store, *entries: Entry, day: date = LATER, by: str = CLERK, dry_run: bool = False
) -> Noted | Refused:
    return note_changes(
        store, village_code=VILLAGE, entries=entries, source="page", by=by, now=at(day), dry_run=dry_run
    )


def names(store: Store, day: date) -> list[str]:
    shown = state_on(store, village_code=VILLAGE, day=day, by=CLERK)
    assert isinstance(shown, tuple)
    return sorted(one.name for one in shown)


def test_change_noted_late_holds_from_its_day_and_what_was_known_before_stays_told(kept: Store) -> None:
    first = keys(kept)[0]
    left = START + timedelta(days=20)

    note(kept, Entry("left", left, first), Entry("came", left, values=NEW))

    before = state_on(kept, village_code=VILLAGE, day=LATER, by=CLERK, known_at=at(LATER, 9))
    assert isinstance(before, tuple)
    assert names(kept, left - timedelta(days=1)) == ["张三", "李四", "王五"]
    assert names(kept, left) == ["李四", "王五", "赵六"]
    assert sorted(one.name for one in before) == ["张三", "李四", "王五"]


def test_entry_that_cannot_have_been_keeps_the_others_out(kept: Store) -> None:
    first, second, _ = keys(kept)
    entries = [
        Entry("left", LATER, first),
        Entry("employment", LATER, first, {"status": "登记失业"}),
        Entry("left", LATER + timedelta(days=1), second),
        Entry("came", LATER, second),
        Entry("contact", LATER, second),
        Entry("group", LATER, second, {"groups": "无业"}),
        Entry("contact", LATER, "nobody", {"phone": "1"}),
        Entry("came", LATER, values={"name": "赵六"}),
        Entry("corrected", LATER, second, corrects=999),
        Entry("contact", LATER, second, {"id_number": NEW["id_number"]}),
    ]

    done = note(kept, *entries)

    assert isinstance(done, Noted)
    assert [(one.number, one.why.code) for one in done.unfit] == [
        (2, "not_there"),
        (3, "day_ahead"),
        (4, "already_there"),
        (5, "nothing_said"),
        (6, "no_such_choice"),
        (7, "no_such_person"),
        (8, "who_came"),
        (9, "nothing_to_correct"),
        (10, "number_by_correction"),
    ]
    assert len(rows_of(kept, RosterChangeRow)) == 3


def test_who_comes_again_keeps_the_row_that_they_had(kept: Store) -> None:
    first = keys(kept)[0]
    number = "331199199001010012"
    note(kept, Entry("left", START + timedelta(days=5), first), day=START + timedelta(days=5))

    done = note(kept, Entry("came", LATER, values={"name": "张三", "id_number": number}))

    person = next(one for one in rows_of(kept, LivingPersonRow) if one.key == first)
    assert (done, person.there, person.since) == (Noted({"came": 1}), True, LATER)
    assert len(rows_of(kept, LivingPersonRow)) == 3


def test_correction_takes_a_leaving_back_and_another_corrects_a_number(kept: Store) -> None:
    first = keys(kept)[0]
    note(kept, Entry("left", START, first))
    wrong = rows_of(kept, RosterChangeRow)[-1].id

    note(kept, Entry("corrected", START, first, corrects=wrong))
    note(kept, Entry("corrected", START, first, {"id_number": NEW["id_number"]}))

    person = next(one for one in rows_of(kept, LivingPersonRow) if one.key == first)
    assert names(kept, LATER) == ["张三", "李四", "王五"]
    assert living.number_of(kept.vault, person) == NEW["id_number"]
    assert person.lookup == kept.vault.lookup(NEW["id_number"])


def test_dry_run_judges_and_writes_nothing(kept: Store) -> None:
    done = note(kept, Entry("came", LATER, values=NEW), Entry("left", LATER, keys(kept)[1]), dry_run=True)

    assert (done, len(rows_of(kept, RosterChangeRow))) == (Noted({"came": 1, "left": 1}), 3)


@pytest.mark.parametrize("by", [OTHER_CLERK, "reviewer-1", "operator", "nobody"])
def test_change_is_noted_by_nobody_from_elsewhere(kept: Store, by: str) -> None:
    done = note(kept, Entry("left", LATER, keys(kept)[0]), by=by)

    assert isinstance(done, Refused)
    assert done.code == "not_your_village"


def drawn(chance: Random, people: Sequence[str], ids: Sequence[int]) -> Entry:
    kind = chance.choice(KINDS)
    values = {"status": chance.choice(["已就业", "登记失业", ""]), "phone": chance.choice(["", "1", "2"])}
    day = START + timedelta(days=chance.randrange(60))
    corrects = chance.choice([None, None, *ids])
    return Entry(kind, day, chance.choice(people), values, corrects if kind == "corrected" else None)


@pytest.mark.parametrize("seed", range(12))
def test_changes_corrections_and_late_entries_in_any_order_equal_a_plain_replay(
    kept: Store, seed: int
) -> None:
    chance, people = Random(seed), keys(kept)
    for step in range(25):
        ids = [one.id for one in rows_of(kept, RosterChangeRow)]
        note(kept, drawn(chance, people, ids), day=LATER + timedelta(hours=step, days=step))

    with kept.reading() as session:
        changes = living.changes_of(session, kept.vault, VILLAGE)
    assert len(changes) > 6
    shuffled = chance.sample(changes, len(changes))
    for day in (START + timedelta(days=number) for number in range(0, 61, 6)):
        shown = state_on(kept, village_code=VILLAGE, day=day, by=CLERK)
        assert isinstance(shown, tuple)
        assert {one.key: one.state for one in shown} == plainly(changes, day)
        assert roster_on(shuffled, day) == roster_on(changes, day)
    there = {one.key for one in rows_of(kept, LivingPersonRow) if one.there}
    assert there == {one.key for one in roster_on(changes, LATER + timedelta(days=60))}


def plainly(changes: Sequence[living.Change], day: date) -> dict[str, str]:
    """Whom a pencil would have on the list, with their state: day by day, in the order in which it was noted."""
    left = [one for one in changes if one.id not in {other.corrects for other in changes}]
    there: set[str] = set()
    states: dict[str, str] = {}
    for today in sorted({one.day for one in left if one.day <= day}):
        for one in (noted for noted in left if noted.day == today):
            there = there | {one.person} if one.kind == "came" else there
            there = there - {one.person} if one.kind == "left" else there
            states[one.person] = one.values.get("status", states.get(one.person, ""))
    return {key: states.get(key, "") for key in there}
