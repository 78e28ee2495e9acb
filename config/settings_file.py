"""The settings of an installation as a file in its state folder: ``NAME=value``, one a line; the environment wins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from config.mistakes import SettingsMistake

FILE = "settings.env"
PRIVATE_FILE = 0o600
LINE = re.compile(r"(?:export\s+)?(?P<name>[A-Za-z_]+)\s*=\s*(?P<value>.*)")
HEAD = "# 本机设置,由 hqe setup 写入,也可以手工修改;改后重启 hqe up。同名的环境变量优先。\n"


def path_of(home: Path) -> Path:
    return home / FILE


def read_file(home: Path, known: Iterable[str]) -> dict[str, str]:
    """What the file of ``home`` sets; raises ``SettingsMistake`` with the line that cannot be used."""
    file, names = path_of(home), frozenset(known)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsMistake(FILE, "须为可读的 UTF-8 文本", where=str(file)) from error
    found: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, value = read_line(line.strip(), names, where=f"{file} 第{number}行")
        found[name] = value
    return found


def read_line(line: str, known: frozenset[str], *, where: str) -> tuple[str, str]:
    parts = LINE.fullmatch(line)
    if parts is None:
        raise SettingsMistake(line.partition("=")[0][:40], "须为“名称=值”,等号为英文半角", where=where)
    name, value = parts["name"], parts["value"].strip()
    if name not in known:
        raise SettingsMistake(name, f"没有这项设置,可用:{'、'.join(sorted(known))}", where=where)
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return name, value


def write_file(home: Path, values: Mapping[str, str]) -> Path:
    """Keep what is set, for this user only; the file is whole at any moment."""
    home.mkdir(parents=True, exist_ok=True)
    file = path_of(home)
    lines = [f"{name}={value}\n" for name, value in values.items() if value]
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(mode=PRIVATE_FILE)
    new.write_text(HEAD + "".join(lines), encoding="utf-8")
    new.replace(file)
    return file


def laid_over(env: Mapping[str, str], kept: Mapping[str, str]) -> dict[str, str]:
    """What the file sets, below what the environment sets; an empty variable sets nothing."""
    return {**env, **{name: value for name, value in kept.items() if not env.get(name, "").strip()}}
