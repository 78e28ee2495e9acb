"""Workbooks broken on purpose: bytes, zip entries, XML, cells and types changed by dice."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from workbooks.reproducible import unzipped, zipped

Mutation = Callable[[bytes, random.Random], bytes]

CELL = re.compile(rb'<c r="[A-Z]+[0-9]+"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
TAG = re.compile(rb"<[^<>]+>")
NUMBER = re.compile(rb"[0-9]+")
TYPE = re.compile(rb' t="[a-zA-Z]+"')

TEXTS = (
    "", " ", "x", "是", "已就业", "331199199003070019", "33119919900307001X", "１２３", "85分", "=1+1", "\u200b",
    "2020-10-20", "2020年10月", "九十", "'", "\ud7ff", "a\nb", "_x000D_", "_xD800_", "1E999", "-1", "NaN", "字" * 5000,
)  # fmt: skip
NUMBERS = (
    "0", "-1", "1.5", "44126", "331199199003070019", "1e308", "1e999", "-1e-7", "NaN", "INF", "", " 7", "0x1F",
    "1_000", "٣", "9" * 400, "2958466", "60", "0.5",
)  # fmt: skip
TYPES = ("s", "str", "inlineStr", "n", "d", "b", "e", "", "x")
PARTS = (
    "xl/vbaProject.bin",
    "xl/externalLinks/externalLink1.xml",
    "xl/worksheets/sheet2.xml",
    "a/../b",
    "XL/Workbook.xml",
)


def mutant(data: bytes, seed: int) -> bytes:
    """``data`` with one to three changes; the same seed changes the same."""
    dice = random.Random(seed)
    for _ in range(dice.randint(1, 3)):
        try:
            data = dice.choice(MUTATIONS)(data, dice)
        except Exception:  # a file that is broken already may not open for a second change
            return data
    return data


# --- bytes and entries -----------------------------------------------------------------------------------


def flip_bytes(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.randint(1, 8)):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def cut_bytes(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data))
    return data[:at] if dice.random() < 0.5 else data[:at] + data[at + dice.randint(1, 200) :]


def put_bytes(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data))
    return data[:at] + dice.randbytes(dice.randint(1, 200)) + data[at:]


def drop_part(data: bytes, dice: random.Random) -> bytes:
    parts = unzipped(data)
    del parts[dice.choice(list(parts))]
    return zipped(parts)


def rename_part(data: bytes, dice: random.Random) -> bytes:
    parts = unzipped(data)
    old = dice.choice(list(parts))
    return zipped({dice.choice(PARTS) if name == old else name: content for name, content in parts.items()})


def swap_parts(data: bytes, dice: random.Random) -> bytes:
    parts = unzipped(data)
    one, other = dice.sample(list(parts), 2)
    parts[one], parts[other] = parts[other], parts[one]
    return zipped(parts)


def add_part(data: bytes, dice: random.Random) -> bytes:
    return zipped({**unzipped(data), dice.choice(PARTS): dice.randbytes(30)})


# --- XML, cells and types ----------------------------------------------------------------------------------


def in_part(change: Callable[[bytes, random.Random], bytes]) -> Mutation:
    """A change of one XML part, more often of a sheet than of another."""

    def mutate(data: bytes, dice: random.Random) -> bytes:
        parts = unzipped(data)
        sheets = [name for name in parts if "/sheet" in name]
        name = dice.choice(sheets if dice.random() < 0.8 else list(parts))
        return zipped({**parts, name: change(parts[name], dice)})

    return mutate


def spot(pattern: re.Pattern[bytes], xml: bytes, dice: random.Random) -> re.Match[bytes]:
    return dice.choice(list(pattern.finditer(xml)))


def replaced(xml: bytes, found: re.Match[bytes], new: bytes) -> bytes:
    return xml[: found.start()] + new + xml[found.end() :]


def drop_tag(xml: bytes, dice: random.Random) -> bytes:
    return replaced(xml, spot(TAG, xml, dice), b"")


def double_tag(xml: bytes, dice: random.Random) -> bytes:
    found = spot(TAG, xml, dice)
    return replaced(xml, found, found[0] * 2)


def change_number(xml: bytes, dice: random.Random) -> bytes:
    return replaced(xml, spot(NUMBER, xml, dice), dice.choice(NUMBERS).encode())


def declare_type(xml: bytes, _: random.Random) -> bytes:
    return b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + xml


def change_cell(xml: bytes, dice: random.Random) -> bytes:
    found = spot(CELL, xml, dice)
    opening = found[0][: found[0].index(b">")].rstrip(b"/")
    opening = TYPE.sub(b"", opening)
    text, number = dice.choice(TEXTS), dice.choice(NUMBERS)
    inside = dice.choice(
        (
            f' t="inlineStr"><is><t>{text}</t></is>',
            f' t="str"><v>{text}</v>',
            f' t="str"><f>1+1</f><v>{text}</v>',
            f"><v>{number}</v>",
            f' s="{dice.randrange(30)}"><v>{number}</v>',
            f' t="{dice.choice(TYPES)}"><v>{number}</v>',
            f"><f>{number}+1</f>",
            "><v/>",
        )
    )
    return replaced(xml, found, opening + inside.encode() + b"</c>")


def change_type(xml: bytes, dice: random.Random) -> bytes:
    return replaced(xml, spot(TYPE, xml, dice), f' t="{dice.choice(TYPES)}"'.encode())


def double_cell(xml: bytes, dice: random.Random) -> bytes:
    found = spot(CELL, xml, dice)
    return replaced(xml, found, found[0] * 2)


def drop_cell(xml: bytes, dice: random.Random) -> bytes:
    return replaced(xml, spot(CELL, xml, dice), b"")


MUTATIONS: tuple[Mutation, ...] = (
    flip_bytes,
    cut_bytes,
    put_bytes,
    drop_part,
    rename_part,
    swap_parts,
    add_part,
    *map(in_part, (drop_tag, double_tag, declare_type, double_cell, drop_cell, change_type)),
    *map(in_part, (change_number, change_cell) * 4),
)
"""Those that leave a readable workbook come more often: the others all end alike."""
