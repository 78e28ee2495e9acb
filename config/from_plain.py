"""Building frozen dataclasses from plain data by their type hints, gathering every mistake on the way.

A dataclass may be written as a mapping or, short, as a list of its fields in order; a tuple of pairs
also as a mapping. Numbers that must be exact are strings such as "0.96" or "3/2", or whole numbers.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeAlias, Union, get_args, get_origin, get_type_hints

from config.mistakes import Mistake
from rules import entries
from rules.entries import read_ratio, refuse_year
from rules.refusals import Refused
from rules.signs import has_unseen

Plain: TypeAlias = Any
"""What YAML, JSON and CSV give, and what is built of it: known only once its shape is checked."""

Hint: TypeAlias = Any
"""A type annotation as a value."""

WIDE_COLON = re.compile("([A-Za-z_]+) *： *(.*)")

BROKEN: Plain = object()
"""Stands for a value that could not be built; whatever holds one is broken too."""


class Shaper:
    """Builds the values of one file; ``mistakes`` holds what was wrong with them."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.mistakes: list[Mistake] = []

    def build(self, hint: Hint, plain: Plain, key: str = "") -> Plain:
        """``plain`` as an instance of ``hint``, or ``BROKEN`` after noting why not."""
        if is_dataclass(hint):
            return self.dataclass(hint, plain, key)
        if origin_of(hint) is tuple:
            return self.fixed(get_args(hint), plain, key)
        if origin_of(hint) in (Union, types.UnionType):
            return self.optional(hint, plain, key)
        read, allowed = SCALARS[hint]
        try:
            return read(plain)
        except UnseenSign as error:
            return self.refuse(key, str(error), "不得含看不见的控制字符;请删去后重新输入")
        except (ValueError, ZeroDivisionError):
            return self.refuse(key, plain, allowed)

    def refuse(self, key: str, value: Plain, allowed: str, *, write: tuple[str, ...] = ()) -> Plain:
        self.mistakes.append(Mistake(self.file, key, as_written(value)[:80], allowed, write=write))
        return BROKEN

    def optional(self, hint: Hint, plain: Plain, key: str) -> Plain:
        inner = next(one for one in get_args(hint) if one is not type(None))
        return None if plain is None else self.build(inner, plain, key)

    def fixed(self, hints: tuple[Any, ...], plain: Plain, key: str) -> Plain:
        if hints[-1] is Ellipsis:
            return self.many(hints[0], plain, key)
        if isinstance(plain, dict) and len(plain) == 1 and len(hints) == 2:
            plain = next(iter(plain.items()))
        if not isinstance(plain, (list, tuple)) or len(plain) != len(hints):
            return self.refuse(key, plain, f"须为{len(hints)}项的列表")
        return whole(
            [
                self.build(hint, one, f"{key}[{n}]")
                for n, (hint, one) in enumerate(zip(hints, plain, strict=True))
            ]
        )

    def many(self, hint: Hint, plain: Plain, key: str) -> Plain:
        if isinstance(plain, dict) and origin_of(hint) is tuple:
            plain = list(plain.items())
        if not isinstance(plain, list):
            return self.refuse(key, plain, "须为列表")
        return whole([self.build(hint, one, f"{key}[{n}]") for n, one in enumerate(plain)])

    def dataclass(self, cls: Hint, plain: Plain, key: str) -> Plain:
        known = [one.name for one in fields(cls)]
        if isinstance(plain, list) and len(plain) <= len(known):
            plain = dict(zip(known, plain, strict=False))
        if not isinstance(plain, dict):
            return self.refuse(key, plain, f"须为映射,可用的键:{'、'.join(known)}")
        required = [one.name for one in fields(cls) if is_required(one)]
        built = self.named(hints_of(cls), required, plain, key)
        return BROKEN if built is BROKEN else cls(**built)

    def named(
        self, hints: Mapping[str, Any], required: list[str], plain: Mapping[Any, Any], key: str
    ) -> Plain:
        """The known keys of a mapping, each built; ``BROKEN`` when one of them or a required one is.

        An unknown key is a mistake too, but what the mapping says besides can still be looked at.
        """
        built = self.known(hints, required, plain, key)
        whole = {name for name in plain if name in hints}.union(required) <= built.keys()
        return built if whole else BROKEN

    def known(
        self, hints: Mapping[str, Any], required: list[str], plain: Mapping[Any, Any], key: str
    ) -> dict[str, Plain]:
        """The keys of a mapping that could be built; unknown, missing and broken ones are mistakes."""
        prefix = f"{key}." if key else ""
        meant = {one: wide_colon(one) for one in plain if one not in hints}
        for unknown, mended in meant.items():
            if mended:
                allowed = "冒号须为英文半角,后接空格"
                self.refuse(f"{prefix}{mended[0]}", unknown, allowed, write=(": ".join(mended),))
            else:
                self.refuse(f"{prefix}{unknown}", "未知的键", f"可用的键:{'、'.join(hints)}")
        told = {mended[0] for mended in meant.values() if mended}
        for missing in [one for one in required if one not in plain and one not in told]:
            self.refuse(f"{prefix}{missing}", "缺少", "此键必填")
        built = {
            name: self.build(hints[name], one, prefix + name) for name, one in plain.items() if name in hints
        }
        return {name: value for name, value in built.items() if value is not BROKEN}


def as_written(plain: Plain) -> str:
    """What was found, as its writer knows it."""
    if plain is None:
        return "空"
    return str(plain).lower() if isinstance(plain, bool) else str(plain)


def wide_colon(key: Plain) -> tuple[str, str] | None:
    """Key and value of ``name：survey``, which a machine takes for one long key."""
    found = WIDE_COLON.fullmatch(key) if isinstance(key, str) else None
    return (found[1], found[2]) if found else None


def origin_of(hint: Hint) -> Plain:
    return get_origin(hint)


def whole(values: list[Any]) -> Plain:
    return BROKEN if any(value is BROKEN for value in values) else tuple(values)


def is_required(one: Field[Any]) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


@lru_cache(maxsize=64)
def hints_of(cls: type) -> Mapping[str, Any]:
    return get_type_hints(cls)


class UnseenSign(ValueError):
    """A text with a sign that nobody can see; the message names it."""


def read_text(plain: Plain) -> str:
    if not isinstance(plain, str):
        raise ValueError
    unseen = next((sign for sign in plain if has_unseen(sign)), "")
    if unseen:
        raise UnseenSign(f"U+{ord(unseen):04X}")
    return plain


def read_flag(plain: Plain) -> bool:
    if not isinstance(plain, bool):
        raise ValueError
    return plain


def read_integer(plain: Plain) -> int:
    if not isinstance(plain, int) or isinstance(plain, bool):
        raise ValueError
    return plain


def read_fraction(plain: Plain) -> Fraction:
    """Never from a float: 0.96 in YAML is already not 0.96 any more."""
    if not isinstance(plain, (str, int)) or isinstance(plain, bool):
        raise ValueError
    if isinstance(plain, int):
        return Fraction(plain)
    number = read_ratio(plain.removeprefix("-"))
    if number is None:
        raise ValueError
    return -number if plain.startswith("-") else number


def read_day(plain: Plain) -> date:
    day = plain if type(plain) is date else entries.read_day(read_text(plain))
    if isinstance(day, Refused) or refuse_year(day):
        raise ValueError
    return day


SCALARS: Mapping[Any, tuple[Callable[[Any], Any], str]] = {
    str: (read_text, "须为文字(数字请加引号)"),
    bool: (read_flag, "须为 true 或 false"),
    int: (read_integer, "须为整数"),
    Fraction: (read_fraction, '须为整数或加引号的分数、小数,如 "0.96"、"3/2"'),
    date: (read_day, "须为日期,如 2020-11-15"),
}
"""By type: how a plain value is read, and what is allowed when that fails."""
