"""Who is recommended upward: the order of recognised villages and the cut at line and quota."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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
