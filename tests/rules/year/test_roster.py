"""The living roster: any order of changes, corrections and late entries tells the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as some

from rules.year.roster import Change, ChangeKind, LivingPerson, roster_on

START = date(2026, 1, 1)
NOTED = datetime(2026, 1, 1, 9, tzinfo=UTC)
KINDS: tuple[ChangeKind, ...] = ("came", "left", "employment", "group", "contact", "corrected")


def change(
    number: int, kind: ChangeKind, day: int, *, corrects: int | None = None, person: str = "a", **values: str
) -> Change:
    """``day`` counts from the start; changes are noted hour by hour in the order of their numbers."""
    noted = NOTED + timedelta(hours=number)
    return Change(number, person, kind, START + timedelta(days=day), noted, values, corrects)


@some.composite
def histories(draw: some.DrawFn) -> list[Change]:
    made: list[Change] = []
    for number in range(draw(some.integers(1, 14))):
        earlier = draw(some.sampled_from([None, *made]))
        person = earlier.person if earlier else draw(some.sampled_from("abc"))
        values = draw(
            some.dictionaries(some.sampled_from(["work", "phone"]), some.sampled_from(["", "x", "y"]))
        )
        made.append(
            change(
                number,
                draw(some.sampled_from(KINDS)),
                draw(some.integers(0, 9)),
                corrects=earlier.id if earlier else None,
                person=person,
                **values,
            )
        )
    return made


def plainly(changes: list[Change], day: date) -> dict[str, dict[str, str]]:
    """Day by day and note by note, as one would with a pencil."""
    left = list(changes)
    for one in changes:
        left = [other for other in left if other.id != one.corrects]
    there: set[str] = set()
    cells: dict[tuple[str, str], str] = {}
    for today in (START + timedelta(days=number) for number in range((day - START).days + 1)):
        for one in (noted for noted in left if noted.day == today):
            if one.kind == "came":
                there.add(one.person)
            if one.kind == "left":
                there.discard(one.person)
            for key, value in one.values.items():
                cells[one.person, key] = value
    return {
        name: {key: value for (whose, key), value in cells.items() if whose == name and value}
        for name in there
    }


@given(histories(), some.integers(0, 9), some.randoms(use_true_random=False))
def test_roster_in_any_order_equals_a_plain_replay(
    changes: list[Change], number: int, chance: Random
) -> None:
    day, shuffled = START + timedelta(days=number), list(changes)
    chance.shuffle(shuffled)

    told = {one.key: dict(one.values) for one in roster_on(shuffled, day)}

    assert told == plainly(changes, day)


@given(histories(), some.integers(0, 14))
def test_roster_as_it_was_known_is_what_the_notes_of_then_say(changes: list[Change], number: int) -> None:
    day, then = START + timedelta(days=5), NOTED + timedelta(hours=number)

    known = roster_on(changes, day, known_at=then)

    assert known == roster_on([one for one in changes if one.recorded_at <= then], day)


def test_late_entry_changes_the_day_but_not_what_was_known() -> None:
    changes = [change(1, "came", 0, work="x"), change(2, "left", 3)]

    now = roster_on(changes, START + timedelta(days=4))
    before = roster_on(changes, START + timedelta(days=4), known_at=changes[0].recorded_at)

    assert (now, before) == ((), (LivingPerson("a", {"work": "x"}),))


def test_change_taken_back_counts_no_more() -> None:
    changes = [change(1, "came", 0), change(2, "left", 3), change(3, "corrected", 3, corrects=2)]

    assert roster_on(changes, START + timedelta(days=4)) == (LivingPerson("a", {}),)
