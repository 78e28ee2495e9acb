"""The three kinds of condition, each giving a mistake that names what is wrong and what is allowed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from config.mistakes import Mistake

Draft = Mapping[str, Any]
"""Fields of ``Campaign`` by name, those of broken files missing; and ``parts`` of annex 1."""


def among(file: str, key: str, value: str, allowed: Iterable[str]) -> Iterator[Mistake]:
    known = tuple(allowed)
    if value not in known:
        yield Mistake(file, key, value, f"可用:{'、'.join(known)}")


def unique(file: str, key: str, values: Iterable[str]) -> Iterator[Mistake]:
    for value, times in Counter(values).items():
        if times > 1:
            yield Mistake(file, key, value, f"不得重复(出现{times}次)")


def holds(right: bool, file: str, key: str, value: object, allowed: str) -> Iterator[Mistake]:
    if not right:
        yield Mistake(file, key, str(value), allowed)
