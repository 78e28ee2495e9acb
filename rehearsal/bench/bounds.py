"""What is asked of a benchmark's figures, and how they are told beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure is to be at most, or at least, so much."""

    most: float | None = None
    least: float | None = None

    def __str__(self) -> str:
        return f"at most {self.most:g}" if self.most is not None else f"at least {self.least:g}"

    def is_missed(self, value: float) -> bool:
        return (self.most is not None and value > self.most) or (
            self.least is not None and value < self.least
        )


def told(got: Mapping[str, float], bounds: Mapping[str, Bound]) -> list[str]:
    """Each figure beside its bound; one that is missing says so."""
    return [
        f"{name}: {got[name]:.2f} ({bound})" if name in got else f"{name}: not measured"
        for name, bound in bounds.items()
    ]


def missed(got: Mapping[str, float], bounds: Mapping[str, Bound]) -> list[str]:
    """The figures that are out of their bounds."""
    return [
        f"{name}: {got[name]:.2f}, {bound}"
        for name, bound in bounds.items()
        if name in got and bound.is_missed(got[name])
    ]
