"""What hands do to a page that a machine reads: signs of the wrong width, quotes left open, remarks that cut a value.

Everything here knows the line, and where there is no doubt the line to write instead.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

import yaml

from config.mistakes import Mistake
from rules.signs import OF_TEXT, UNSEEN

INVISIBLE = UNSEEN | {"Cf"}
"""Signs that no name of a folder needs: also zero-width ones and marks of direction."""
KEY_LINE = re.compile(
    r"(?P<lead>\s*(?:- +)?[{]?\s*)(?P<key>[A-Za-z_]+)\s*(?:：\s*|；\s*|:(?=[^\s/]))(?P<rest>.*)"
)
"""A key whose colon is full-width, is no colon, or has no blank behind it."""
WIDE: Mapping[str, str] = {"，": ", ", "：": ": ", "｛": "{", "｝": "}", "［": "[", "］": "]", "＂": '"'}
WIDE_IN_FLOW = re.compile(r"[，｛｝［］＂]|(?<=[A-Za-z_])：")
CUT = re.compile(r"[ \t]+#(?=[^\s#])(?P<rest>.*)")
"""A remark that may be meant as text: its sign stands against the next word."""
NEVER_CUT = re.compile(r"true|false|null|~|[-+.0-9][-+.0-9eE/:]*", re.IGNORECASE)
PATH = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
NUMBERED = re.compile(r"第(\d+)行")
LOOK_BACK = 3
"""How many lines before the one at which a parser stumbles its cause may stand."""

PROBLEMS: Mapping[str, str] = {
    "mapping values are not allowed here": "此处多了一个冒号,或上一行的冒号有误;含冒号的文字须加引号",
    "could not find expected ':'": "此行须为“键: 值”,冒号为英文半角,后接空格",
    "found unexpected end of stream": "引号没有收尾;引号须成对",
    "cannot start any token": "此处的符号不能作为开头;缩进用空格,不用制表符;含特殊符号的文字须加引号",
    "expected the node content": "括号没有收尾,或缺少内容",
    "expected ',' or": "括号没有收尾,或缺少逗号;逗号、括号为英文半角",
    "expected <block end>": "缩进与上面各行不一致;同一层的键须左对齐",
    "found unknown escape": "双引号内的反斜杠须写两个,或改用单引号",
}


def without_unseen(file: str, text: str) -> tuple[str, list[Mistake]]:
    """The text without signs that nobody can see, and each line that has one."""
    if text.isprintable():
        return text, []
    wrong = [one for n, line in enumerate(text.split("\n"), 1) for one in unseen_in(file, line, n)]
    return (clean(text) if wrong else text), wrong


def unseen_in(file: str, line: str, n: int) -> Iterator[Mistake]:
    unseen = sorted({sign for sign in line if is_unseen(sign)})
    if unseen:
        named = "、".join(f"U+{ord(sign):04X}" for sign in unseen)
        yield Mistake(
            file, "", named, "含看不见的字符;请删去后重新输入", line=n, write=(clean(line).strip(),)
        )


def is_unseen(sign: str) -> bool:
    return sign not in OF_TEXT and unicodedata.category(sign) in INVISIBLE


def clean(text: str) -> str:
    return "".join(sign for sign in text if not is_unseen(sign))


def why_unread(file: str, text: str, error: yaml.YAMLError) -> Mistake:
    """The line that a parser could not read, said so that a hand can mend it."""
    lines = text.split("\n")
    at = min(line_of_error(error), last_written(lines))
    for n in range(at, max(0, at - LOOK_BACK), -1):
        mended = mended_line(lines[n - 1])
        if mended:
            allowed = "冒号、逗号、括号须为英文半角,冒号后接空格"
            return Mistake(file, "", lines[n - 1].strip(), allowed, line=n, write=(mended.strip(),))
    shown = lines[at - 1].strip()[:80]
    return Mistake(file, "", shown, said(error), line=at)


def last_written(lines: list[str]) -> int:
    return max((n for n, line in enumerate(lines, 1) if line.strip()), default=1)


def line_of_error(error: yaml.YAMLError) -> int:
    """Where a bracket or quote was opened, if that is what is missing; else where the parser stood."""
    problem = getattr(error, "problem", None) or ""
    opened = "end of stream" in problem or "stream end" in problem or problem.startswith("expected ','")
    marks = [getattr(error, "context_mark", None) if opened else None, getattr(error, "problem_mark", None)]
    return next((mark.line + 1 for mark in marks if mark), 1)


def said(error: yaml.YAMLError) -> str:
    problem = str(getattr(error, "problem", None) or "")
    known = (chinese for part, chinese in PROBLEMS.items() if part in problem)
    return next(known, problem if "重复" in problem else "须为合乎语法的 YAML")


def mended_line(line: str) -> str | None:
    """The line with its colon and its brackets as a machine reads them; None when nothing was wrong."""
    found = KEY_LINE.fullmatch(line)
    mended = f"{found['lead']}{found['key']}: {found['rest']}" if found else line
    if "{" in line or "｛" in line or "［" in line:
        mended = WIDE_IN_FLOW.sub(lambda sign: WIDE[sign[0]], mended)
    return mended if mended != line else None


def cut_values(file: str, text: str) -> Iterator[Mistake]:
    """Texts that a number sign cuts in silence: ``title: 创建 #2 活动``."""
    if not CUT.search(text):
        return
    lines = text.split("\n")
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        if not isinstance(token, yaml.ScalarToken) or not token.plain or NEVER_CUT.fullmatch(token.value):
            continue
        line = lines[token.end_mark.line]
        cut = CUT.fullmatch(line[token.end_mark.column :])
        if cut:
            start = line[: token.start_mark.column] if token.start_mark.line == token.end_mark.line else ""
            whole = line[len(start) :].strip()
            allowed = "空格后的 # 及其后的文字不会被读取;是文字就加引号,是注释就在 # 后加空格"
            written = f'{start.strip()} "{whole}"'
            yield Mistake(file, "", token.value, allowed, line=token.end_mark.line + 1, write=(written,))


def located(mistake: Mistake, root: yaml.Node | None) -> Mistake:
    """The same with the line on which its key stands, or what should hold the key."""
    numbered = NUMBERED.match(mistake.key)
    line = int(numbered[1]) if numbered else line_of_key(mistake.key, root)
    return mistake if mistake.line or not line else mistake.at(line)


def line_of_key(key: str, root: yaml.Node | None) -> int:
    node, line = root, 0
    for number, name in PATH.findall(re.sub(r"\([^)]*\)", "", key)):
        step = entry(node, int(number)) if number else value_of(node, name)
        if step is None:
            break
        line, node = step
    return line


Step = tuple[int, yaml.Node]
"""A line, and what stands there."""


def entry(node: yaml.Node | None, number: int) -> Step | None:
    """The so-many-eth of a list, or of a mapping that stands for one."""
    if isinstance(node, yaml.MappingNode):
        pairs = islice(node.value, number, None)
        return next(((key.start_mark.line + 1, value) for key, value in pairs), None)
    if not isinstance(node, yaml.SequenceNode):
        return None
    return next(((one.start_mark.line + 1, one) for one in islice(node.value, number, None)), None)


def value_of(node: yaml.Node | None, name: str) -> Step | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next(((key.start_mark.line + 1, one) for key, one in node.value if key.value == name), None)


def composed(text: str, loader: Callable[[str], yaml.Node | None]) -> yaml.Node | None:
    """The page as nodes that know their lines; None when it cannot be read at all."""
    try:
        return loader(text)
    except yaml.YAMLError:
        return None
