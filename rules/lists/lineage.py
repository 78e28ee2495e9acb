"""Villages that were merged or renumbered: whose payments count as whose."""

from __future__ import annotations

from collections.abc import Collection, Mapping


def kin(codes: Collection[str], predecessors: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """``codes`` with all that they were before, and all that they have become, however many mergers ago.

    Villages that were merged into the same one are no kin of each other: each was paid for itself.
    """
    heirs = {
        code: frozenset(heir for heir, old in predecessors.items() if code in old)
        for code in known(predecessors)
    }
    return followed(codes, predecessors) | followed(codes, heirs)


def known(predecessors: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*predecessors.values())


def followed(codes: Collection[str], links: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Everything that can be come to from ``codes``."""
    found: set[str] = set()
    ahead = list(codes)
    while ahead:
        code = ahead.pop()
        if code not in found:
            found.add(code)
            ahead += links.get(code, ())
    return frozenset(found)
