"""The plain data of a campaign folder: YAML without doubled keys, CSV as Excel saves it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import yaml

from config.csv_rows import TableMistake, load_table
from config.from_plain import Plain
from config.hand_written import composed, cut_values, located, why_unread, without_unseen
from config.mistakes import Mistake

TAG = "tag:yaml.org,2002:"
WORDS: Mapping[str, tuple[str, str]] = {
    "null": (r"~|null|Null|NULL|", "~nN"),
    "bool": (r"true|True|TRUE|false|False|FALSE", "tTfF"),
    "int": (r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    "float": (r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
    "merge": (r"<<", "<"),
}
"""What is no text though it has no quotes: not on, yes, 12:30 and 010, which YAML 1.1 takes for True, 750 and 8."""


@dataclass(frozen=True, slots=True)
class Inexact:
    """A number with a point and without quotes, as it was written: nothing that must be exact is made of it."""

    text: str

    def __str__(self) -> str:
        return self.text


def resolvers() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """PyYAML's table: first sign -> the tags that a word beginning with it may have."""
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for tag, (pattern, starts) in WORDS.items():
        for start in (*starts, *([""] if tag == "null" else [])):
            found.setdefault(start, []).append((TAG + tag, re.compile(f"(?:{pattern})\\Z")))
    return found


class Strict(yaml.constructor.SafeConstructor):
    """PyYAML keeps the last of two equal keys without a word and stumbles over 2020-13-15: this one
    refuses the first and leaves dates as text, for ``config.from_plain`` to judge."""

    yaml_implicit_resolvers = resolvers()
    yaml_constructors: ClassVar = {
        **yaml.SafeLoader.yaml_constructors,
        f"{TAG}timestamp": yaml.SafeLoader.construct_yaml_str,
        f"{TAG}float": lambda loader, node: Inexact(loader.construct_scalar(node)),
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        there: dict[Any, int] = {}
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            name, line = self.construct_object(key, deep=True), key.start_mark.line + 1
            if name in there:
                doubled = f"键“{name}”与第{there[name]}行重复;请删去一处"
                raise yaml.constructor.ConstructorError(None, None, doubled, key.start_mark)
            there[name] = line
        return super().construct_mapping(node, deep)


class StrictLoader(Strict, yaml.SafeLoader):
    """Says best what is wrong with a page."""


class QuickLoader(Strict, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads a page ten times as fast, where PyYAML was built with libyaml."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file holds, what is wrong with how it is written, and what the reader should look at."""

    content: Plain = None
    mistakes: list[Mistake] = field(default_factory=list)
    hints: list[Mistake] = field(default_factory=list)
    is_read: bool = False
    """Whether there is any content to judge, beside the mistakes."""


def load(folder: Path, file: str) -> Loaded:
    try:
        data = (folder / file).read_bytes()
    except FileNotFoundError:
        return Loaded(mistakes=[Mistake(file, "", "无此文件", "活动文件夹须有此文件")])
    except OSError as error:
        return Loaded(mistakes=[Mistake(file, "", f"无法打开({error.strerror})", "须为可读的文件")])
    text, hints = decode(file, data)
    if text is None:
        return Loaded(mistakes=hints)
    text, mistakes = without_unseen(file, text)
    try:
        content = LOADERS[Path(file).suffix](text)
        mistakes += cut_values(file, text) if file.endswith(".yaml") else ()
    except TableMistake as error:
        unread = Mistake(file, error.key, error.value, error.allowed, write=error.write)
        return Loaded(mistakes=[*mistakes, located(unread, None)], hints=hints)
    except yaml.YAMLError as error:
        return Loaded(mistakes=[*mistakes, why_unread(file, text, error)])
    return Loaded(content, mistakes, hints, is_read=True)


def decode(file: str, data: bytes) -> tuple[str | None, list[Mistake]]:
    """The text, and a hint when it was not UTF-8; None and what is wrong when there is no telling.

    Chinese Excel saves "CSV (逗号分隔)" as GBK: that is read, and the reader asked to look at the names.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None, [Mistake(file, "", "UTF-16 编码", "请另存为“CSV UTF-8(逗号分隔)”或 UTF-8 文本")]
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        refused = Mistake(file, "", "不是 UTF-8 编码", "请用编辑器另存为 UTF-8")
    if not file.endswith(".csv"):
        return None, [refused]
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None, [refused]
    return text, [Mistake(file, "", "GBK 编码", "已按 GBK 读取,请核对汉字;建议另存为“CSV UTF-8(逗号分隔)”")]


def load_yaml(text: str) -> Plain:
    try:
        return yaml.load(text, Loader=QuickLoader)
    except yaml.YAMLError:
        return yaml.load(text, Loader=StrictLoader)


def with_lines(folder: Path, mistakes: list[Mistake]) -> list[Mistake]:
    """The mistakes, each with its line where its key has one."""
    pages = {one.file for one in mistakes if one.file.endswith(".yaml") and not one.line}
    roots = {file: nodes_of(folder, file) for file in pages}
    return [located(one, roots.get(one.file)) for one in mistakes]


def nodes_of(folder: Path, file: str) -> yaml.Node | None:
    try:
        text, _ = decode(file, (folder / file).read_bytes())
    except OSError:
        return None
    text, _ = without_unseen(file, text or "")
    return composed(text, lambda page: yaml.compose(page, Loader=QuickLoader))


LOADERS: Mapping[str, Callable[[str], Plain]] = {".yaml": load_yaml, ".csv": load_table}
