"""The plain data of a campaign folder: YAML without doubled keys, CSV with typed columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import yaml

from config.mistakes import Mistake
from config.shapes import Plain

SEPARATOR = "|"
REMARK = "note"
"""A column that only people read."""


class StrictLoader(yaml.SafeLoader):
    """PyYAML keeps the last of two equal keys without a word and stumbles over 2020-13-15: this one
    refuses the first and leaves dates as text, for ``config.shapes`` to judge."""

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


def load(folder: Path, file: str) -> tuple[Any, list[Mistake]]:
    """The content of ``file`` and what kept it from being read."""
    try:
        text = (folder / file).read_text(encoding="utf-8-sig")
        return (LOADERS[Path(file).suffix](text), [])
    except FileNotFoundError:
        return None, [Mistake(file, "", "无此文件", "活动文件夹须有此文件")]
    except UnicodeDecodeError:
        return None, [Mistake(file, "", "不是 UTF-8 编码", "请另存为 UTF-8")]
    except (yaml.YAMLError, csv.Error) as error:
        return None, [Mistake(file, "", " ".join(str(error).split()), "须为合乎语法的 YAML 或 CSV")]


def load_yaml(text: str) -> Plain:
    return yaml.load(text, Loader=StrictLoader)


def load_csv(text: str) -> list[dict[str, Any]]:
    """Rows by column; blank cells are left out, so that defaults apply."""
    rows = csv.DictReader(text.splitlines(), strict=True)
    return [{name: typed(name, cell) for name, cell in row.items() if keeps(name, cell)} for row in rows]


def keeps(name: str | None, cell: Plain) -> bool:
    return name is None or (name != REMARK and bool(cell))


LOADERS: Mapping[str, Callable[[str], Any]] = {".yaml": load_yaml, ".csv": load_csv}

LISTS = ("aliases", "roles", "conflicts", "predecessors")
NUMBERS = ("taking_part", "recognised", "year", "yuan")
NUMBER = re.compile(r"-?[0-9]+", re.ASCII)


def typed(name: str | None, cell: Plain) -> Plain:
    """CSV knows only text: split the columns that hold several values, count in those that count."""
    if name in LISTS:
        return [part.strip() for part in str(cell).split(SEPARATOR) if part.strip()]
    return int(cell) if name in NUMBERS and NUMBER.fullmatch(str(cell)) else cell
