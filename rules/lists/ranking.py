"""Who is recommended upward: the order of recognised villages and the cut at line and quota."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recognised village: total and part A in exact points, people able and willing to work."""

    village_code: str
    total: Fraction
    part_a: Fraction
    able_and_willing: int


def rank(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Best first: total, then part A, then the larger number able and willing, then the code."""
    return tuple(sorted(candidates, key=standing))


def standing(candidate: Candidate) -> tuple[Fraction, Fraction, int, str]:
    return -candidate.total, -candidate.part_a, -candidate.able_and_willing, candidate.village_code


def recommend(candidates: Iterable[Candidate], line: Fraction, quota: int) -> tuple[Candidate, ...]:
    """The first ``quota`` of those who reach ``line`` (notice, section five (四): 择优推荐)."""
    return rank(candidate for candidate in candidates if candidate.total >= line)[:quota]


@dataclass(frozen=True, slots=True)
class Swap:
    """What one village's total, so many points more or less, does to the list."""

    village_code: str
    points: Fraction
    enters: tuple[str, ...]
    leaves: tuple[str, ...]


def swaps(candidates: Iterable[Candidate], line: Fraction, quota: int) -> Iterator[Swap]:
    """Who comes onto the list or off it if one village has one point more, or one less."""
    all_of_them = rank(candidates)
    before = [one.village_code for one in recommend(all_of_them, line, quota)]
    for candidate in all_of_them:
        for points in (Fraction(1), Fraction(-1)):
            moved = replace(candidate, total=candidate.total + points)
            others = (one for one in all_of_them if one is not candidate)
            after = [one.village_code for one in recommend((*others, moved), line, quota)]
            enters = tuple(code for code in after if code not in before)
            leaves = tuple(code for code in before if code not in after)
            if enters or leaves:
                yield Swap(candidate.village_code, points, enters, leaves)
