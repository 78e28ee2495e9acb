"""What became of the findings of the version before: put right, still there, or new."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

from rules.dossiers.checks.findings import PLACE, wrong_of
from rules.dossiers.checks.kinds import FINDINGS, STAGES
from rules.dossiers.dossier import Finding

NEW, STILL, FIXED = "new", "still", "fixed"

STOPPING = ("file", "identity", "structure")
"""Stages whose errors end a check: whatever comes after them was not looked at."""

Key = Callable[[Finding], Hashable]


@dataclass(frozen=True, slots=True)
class Progress:
    """Of two checks of one village's dossier.

    ``since`` says of each finding of the later one, in its order, whether it is new or still there; it
    is empty for what other villages brought about. ``fixed`` are those that only the earlier one had.
    """

    since: tuple[str, ...]
    fixed: tuple[Finding, ...]

    def count(self, since: str) -> int:
        return len(self.fixed) if since == FIXED else self.since.count(since)


def progress_of(before: Sequence[Finding], after: Sequence[Finding]) -> Progress:
    """Match findings of one kind: in their place, else by what they say wherever the row has moved to.

    A finding counts as put right only when the later check came as far as its stage.
    """
    reached = stages_reached(after)
    left = [one for one in before if stage_of(one) in reached]
    open_ones = [n for n, one in enumerate(after) if stage_of(one) != "villages"]
    matched: set[int] = set()
    for key in (in_place_and_words, moved, in_place, told_once):
        pairs = list(matches(left, [(n, after[n]) for n in open_ones if n not in matched], key))
        matched.update(n for _, n in pairs)
        gone = {place for place, _ in pairs}
        left = [one for place, one in enumerate(left) if place not in gone]
    since = ["" if stage_of(one) == "villages" else NEW for one in after]
    for n in matched:
        since[n] = STILL
    return Progress(tuple(since), tuple(left))


def stage_of(finding: Finding) -> str:
    kind = FINDINGS.get(finding.code)
    return kind.stage if kind else "cell"


def stages_reached(findings: Sequence[Finding]) -> frozenset[str]:
    """The stages of a check that ended where the first of its grave errors stands."""
    order = [stage for stage in STAGES if stage != "villages"]
    stopped = {stage_of(one) for one in findings if one.severity == "error"}.intersection(STOPPING)
    last = min((order.index(stage) for stage in stopped), default=len(order) - 1)
    return frozenset(order[: last + 1])


# --- when two findings are one ---------------------------------------------------------------------------


def in_place_and_words(one: Finding) -> Hashable:
    return one.code, one.sheet, one.ref, wrong_of(one)


def moved(one: Finding) -> Hashable:
    """The same words in the same column: somebody put rows in or took some out."""
    column, row = split_ref(one.ref)
    return (one.code, one.sheet, column, wrong_of(one)) if row else None


def in_place(one: Finding) -> Hashable:
    return one.code, one.sheet, one.ref


def told_once(one: Finding) -> Hashable:
    """Kinds that speak of a whole sheet are the same however many places they count."""
    kind = FINDINGS.get(one.code)
    return None if kind is None or "{ref}" in kind.sentence else (one.code, one.sheet)


def split_ref(ref: str) -> tuple[str, int]:
    """Column and row of a cell; a whole row (第5行) has no column, a sheet neither."""
    place = PLACE.fullmatch(ref)
    if place:
        return place[1], int(place[2])
    digits = ref.removeprefix("第").removesuffix("行")
    return "", int(digits) if digits != ref and digits.isdecimal() else 0


def matches(
    before: Sequence[Finding], after: Sequence[tuple[int, Finding]], key: Key
) -> Iterator[tuple[int, int]]:
    """Pairs (place among ``before``, number in ``after``) of equal keys, the nearest row first."""
    waiting: defaultdict[Hashable, list[tuple[int, int]]] = defaultdict(list)
    for n, one in after:
        waiting[key(one)].append((split_ref(one.ref)[1], n))
    waiting.pop(None, None)
    for candidates in waiting.values():
        candidates.sort()
    for place, one in enumerate(before):
        candidates = waiting.get(key(one), [])
        if candidates:
            yield place, take_nearest(candidates, split_ref(one.ref)[1])


def take_nearest(candidates: list[tuple[int, int]], row: int) -> int:
    """Take the candidate (row, number) nearest to ``row`` out of the sorted list; its number."""
    at = bisect_left(candidates, (row, 0))
    near = [place for place in (at - 1, at) if 0 <= place < len(candidates)]
    best = min(near, key=lambda place: abs(candidates[place][0] - row))
    return candidates.pop(best)[1]
