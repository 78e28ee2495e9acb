"""The plain data of a campaign folder: YAML without doubled keys, CSV as Excel saves it."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import yaml

from config.csv_rows import TableMistake, load_table
from config.from_plain import Plain
from config.mistakes import Mistake


class StrictLoader(yaml.SafeLoader):
    """PyYAML keeps the last of two equal keys without a word and stumbles over 2020-13-15: this one
    refuses the first and leaves dates as text, for ``config.from_plain`` to judge."""

    yaml_constructors: ClassVar = {
        **yaml.SafeLoader.yaml_constructors,
        "tag:yaml.org,2002:timestamp": yaml.SafeLoader.construct_yaml_str,
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [self.construct_object(key, deep=True) for key, _ in node.value]
        for name in names:
            if names.count(name) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"键“{name}”重复", node.start_mark)
        return super().construct_mapping(node, deep)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file holds, what kept it from being read, and what the reader should look at."""

    content: Plain = None
    mistakes: list[Mistake] = field(default_factory=list)
    hints: list[Mistake] = field(default_factory=list)


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
    try:
        return Loaded(LOADERS[Path(file).suffix](text), hints=hints)
    except TableMistake as error:
        return Loaded(mistakes=[Mistake(file, error.key, error.value, error.allowed)], hints=hints)
    except yaml.YAMLError as error:
        return Loaded(mistakes=[Mistake(file, line_of(error), said(error), "须为合乎语法的 YAML")])


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
    return yaml.load(text, Loader=StrictLoader)


def line_of(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"第{mark.line + 1}行" if mark else ""


def said(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or "无法解析")


LOADERS: Mapping[str, Callable[[str], Plain]] = {".yaml": load_yaml, ".csv": load_table}
