"""Which villages are seen first: those whose result a visit may turn round, and some by lot.

The lot's seed is committed to before anybody has handed in and told afterwards, so that everybody can draw again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from fractions import Fraction
from math import ceil

from rules.campaign.scheme import Scheme

HUNDRED = 100


def commitment(seed: str) -> str:
    """What is told before: it fixes the seed and does not give it away."""
    return hashlib.sha256(f"hqe visits {seed}".encode()).hexdigest()


def drawn(seed: str, codes: Collection[str], *, percent: int) -> tuple[str, ...]:
    """At least so many of a hundred of these villages, in the order in which the lot calls them."""
    called = sorted(codes, key=lambda code: hashlib.sha256(f"{seed} {code}".encode()).hexdigest())
    return tuple(called[: ceil(Fraction(percent * len(called), HUNDRED))])


def flips(scheme: Scheme, totals: Mapping[str, Fraction], *, quota: int) -> frozenset[str]:
    """Villages so near the passing line, the line for recommending or the quota's edge that what a visit finds
    may turn the result round. ``totals`` are the towns' own, which everybody may know: no reviewer's."""
    ranked = sorted((total for total in totals.values() if total >= scheme.recommend_line), reverse=True)
    edge = ranked[quota - 1 : quota + 1] if len(ranked) > quota else []
    edges = {scheme.pass_line, scheme.recommend_line, *edge}
    near = scheme.second_review_within
    return frozenset(
        code for code, total in totals.items() if any(abs(total - edge) <= near for edge in edges)
    )
