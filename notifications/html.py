"""The same mail for eyes: one layout around the plain text, without pictures, for telephones and dark screens.

What it says is the text and nothing else: both parts of a mail are made from one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby

ITEM = re.compile(r"(?:\d+\. |- )(.+)")
FACT = re.compile(r"([^：。，；\s]{2,16}|[A-Z][A-Za-z0-9 ()-]{1,30})(?:：|: )(\S.*)")
BUTTON = re.compile(r"(.*?)(?:：|: )?(https?://\S+)")
LINK = re.compile(r"https?://[^\s<>（）]+")
TAGS = {"zh": "zh-CN", "en": "en"}
NOTE = re.compile(r"[（(].+[）)]")

STYLE = """
body{margin:0;background:#f2f4f3;color:#1d2522;font:16px/1.65 -apple-system,"PingFang SC","Microsoft YaHei",sans-serif}
main{max-width:600px;margin:0 auto;padding:20px 18px;background:#fff;overflow-wrap:anywhere}
h1{font-size:19px;line-height:1.4;margin:0 0 16px;padding:0 0 12px;border-bottom:2px solid #1f6f54}
p{margin:0 0 14px}ol,ul{margin:0 0 14px;padding-left:22px}li{margin:0 0 6px}
table{border-collapse:collapse;width:100%;margin:0 0 14px}
th,td{text-align:left;vertical-align:top;padding:7px 8px;border-bottom:1px solid #dde3e0}
th{width:34%;font-weight:600;color:#4b5a54}
.go{display:inline-block;padding:11px 22px;border-radius:6px;background:#1f6f54;color:#fff;text-decoration:none}
a{color:#17694d}.note,footer{color:#5b6863;font-size:14px}footer{border-top:1px solid #dde3e0;padding-top:12px}
@media (prefers-color-scheme:dark){body{background:#121614;color:#e4eae7}main{background:#1b211e}
th{color:#b3c0ba}th,td,footer{border-color:#34403a}.go{background:#2f9a75}a{color:#6fd0ab}.go{color:#fff}.note,footer{color:#a9b5b0}}
"""


def html_of(subject: str, body: str, *, link: str = "", language: str = "zh") -> str:
    """A whole HTML page of the mail; ``link`` becomes its one button."""
    blocks = [block for block in re.split(r"\n{2,}", body.strip()) if block.strip()]
    parts = "\n".join(part for block in blocks[:-1] for part in _parts(block, link))
    footer = "<br>".join(_words(line) for line in blocks[-1].splitlines()) if blocks else ""
    return (
        f'<!doctype html>\n<html lang="{TAGS[language]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(subject)}</title><style>{STYLE}</style></head>\n"
        f"<body><main><h1>{escape(subject)}</h1>\n{parts}\n<footer>{footer}</footer></main></body></html>\n"
    )


def _parts(block: str, link: str) -> Iterator[str]:
    """Lines of one kind that follow one another, together."""
    for kind, lines in groupby(block.splitlines(), key=lambda line: _kind(line, link)):
        yield PARTS[kind](list(lines))


def _kind(line: str, link: str) -> str:
    if link and line.rstrip().endswith(link):
        return "button"
    if ITEM.fullmatch(line):
        return "list"
    if NOTE.fullmatch(line):
        return "note"
    return "facts" if FACT.fullmatch(line) else "text"


def _list(lines: list[str]) -> str:
    tag = "ol" if lines[0][0].isdecimal() else "ul"
    said = (found[1] for found in map(ITEM.fullmatch, lines) if found)
    items = "".join(f"<li>{_item(one)}</li>" for one in said)
    return f"<{tag}>{items}</{tag}>"


def _item(said: str) -> str:
    """What is said of one thing is the way to its page."""
    name, _, address = said.rpartition("：")
    return f'<a href="{escape(address)}">{escape(name)}</a>' if LINK.fullmatch(address) else _words(said)


def _facts(lines: list[str]) -> str:
    rows = (found.groups() for found in map(FACT.fullmatch, lines) if found)
    return (
        "<table>"
        + "".join(f"<tr><th>{_words(name)}</th><td>{_words(said)}</td></tr>" for name, said in rows)
        + "</table>"
    )


def _button(lines: list[str]) -> str:
    return "".join(
        f'<p><a class="go" href="{escape(address)}">{escape(name or "打开页面")}</a></p>'
        for name, address in (found.groups() for found in map(BUTTON.fullmatch, lines) if found)
    )


def _text(lines: list[str]) -> str:
    return f"<p>{'<br>'.join(map(_words, lines))}</p>"


def _note(lines: list[str]) -> str:
    return f'<p class="note">{"<br>".join(map(_words, lines))}</p>'


PARTS = {"button": _button, "list": _list, "facts": _facts, "note": _note, "text": _text}


def _words(line: str) -> str:
    """Text with what would be markup made harmless, and addresses to follow."""
    return LINK.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', escape(line, quote=True))
