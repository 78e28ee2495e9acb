"""The kinds of condition, each giving a mistake that names what is wrong and what is allowed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from config.mistakes import Mistake

Draft = Mapping[str, Any]
"""What could be read, by name: fields of ``Campaign``; ``rows:towns`` and the like, numbered rows of a
table, among them those of a table with other rows that could not be read; ``parts`` and ``full_marks``
of annex 1; ``calendar``; ``folder``."""

Mistakes = Iterator[Mistake]

MANGLED = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+")
"""A long number after Excel has had it in a cell of the kind 常规."""


def among(file: str, key: str, value: str, allowed: Iterable[str]) -> Mistakes:
    known = tuple(allowed)
    if value not in known:
        yield Mistake(file, key, value, f"可用:{'、'.join(known) or '无'}")


def unique(file: str, key: str, values: Iterable[str]) -> Mistakes:
    for value, times in Counter(values).items():
        if times > 1:
            yield Mistake(file, key, value, f"不得重复(出现{times}次)")


def holds(right: bool, file: str, key: str, value: object, allowed: str) -> Mistakes:
    if not right:
        yield Mistake(file, key, str(value), allowed)


def digits(file: str, key: str, value: str, *, length: int, start: str = "") -> Mistakes:
    """A division code; one that Excel has shortened says so, because the cell's format must change first."""
    allowed = f"须为{length}位数字" + (f",以{start}开头" if start else "")
    if MANGLED.fullmatch(value):
        allowed = f"编码被Excel改成了科学计数,末位已丢失:请把该列设为“文本”后重新填写;{allowed}"
    right = len(value) == length and value.isdecimal() and value.isascii() and value.startswith(start)
    yield from holds(right, file, key, value, allowed)
