"""Which files are looked into at all: true type, size and forbidden parts, before anything is parsed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from zipfile import ZipFile

from rules.dossiers.checks.findings import refused
from rules.dossiers.checks.kind import ASK
from rules.refusals import Refused
from workbooks.file.package import MAX_UNPACKED, UNREADABLE, Attributes, Damaged, Package, TooMuch
from workbooks.file.whereabouts import whereabouts

MAX_BYTES = 15 * 1024 * 1024
MAX_PART = 100 * 1024 * 1024
MAX_PARTS = 2000
MAX_RATIO = 100
SMALL = 1024 * 1024
"""Parts below this may be packed as tightly as they like."""

WORKBOOK = "xl/workbook.xml"
ROOT = "_rels/.rels"
STRICT = b"http://purl.oclc.org/ooxml"

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

ZIPPED, PACKED, RAR, SEVEN = "压缩包(zip)", "装着工作簿的压缩包(zip)", "RAR压缩包", "7z压缩包"
MAGIC: Mapping[bytes, str] = {
    b"%PDF": "PDF文件",
    b"\x89PNG": "PNG图片",
    b"\xff\xd8\xff": "JPEG图片",
    b"GIF8": "GIF图片",
    b"BM": "BMP图片",
    b"Rar!": RAR,
    b"7z\xbc\xaf\x27\x1c": SEVEN,
    b"{\\rtf": "RTF文档",
}
"""How other files begin, and what they are."""

LOCKED, OLD, BINARY = "设有打开密码的工作簿", "旧版.xls或其他旧版Office文件", "二进制工作簿(.xlsb)"
BOOKS = (".xlsx", ".xlsm", ".xls", ".et")
UNPACK = "请先解压，把里面的.xlsx文件取出来，逐个上传；内容不必重填。"
REMEDIES: Mapping[str, str] = {
    PACKED: UNPACK,
    RAR: UNPACK,
    SEVEN: UNPACK,
    LOCKED: "请在Excel或WPS中打开，取消密码后另存为.xlsx，再上传；内容不必重填。",
    OLD: "请在Excel或WPS中打开，另存为.xlsx后再上传；内容不必重填。",
    BINARY: "请在Excel或WPS中打开，另存为.xlsx后再上传；内容不必重填。",
}
"""What to do with files that hold a dossier in another shape; with the others one begins at the template."""

RID_OF: Mapping[str, str] = {
    "外部链接": "请在“数据—编辑链接”里断开链接，或把引用其他文件的格子粘贴为数值，保存后再上传。",
    "数据连接": "请在“数据—连接”里删除连接，把查询结果粘贴为数值，保存后再上传。",
    "嵌入对象": "请选中嵌入的对象并删除（内容要紧的另附扫描件），保存后再上传。",
    "ActiveX控件": "请在“开发工具”里选中控件并删除，保存后再上传。",
    "宏": "请另存为不含宏的“Excel工作簿(.xlsx)”后再上传。",
    "宏工作表": "请删除宏工作表，另存为“Excel工作簿(.xlsx)”后再上传。",
}
"""How to be rid of what no dossier needs."""

FOREIGN: Mapping[str, str] = {
    "xl/workbook.bin": BINARY,
    "word/document.xml": "Word文档",
    "ppt/presentation.xml": "演示文稿",
    "content.xml": "OpenDocument文档",
}
"""Parts by which a zip shows that it is something else."""

FORBIDDEN: Mapping[str, str] = {
    "xl/vbaproject.bin": "宏",
    "xl/externallinks/": "外部链接",
    "xl/connections.xml": "数据连接",
    "xl/embeddings/": "嵌入对象",
    "xl/activex/": "ActiveX控件",
    "xl/macrosheets/": "宏工作表",
}
"""Beginnings of part names, in lower case, that no dossier needs."""

ACTIVE: Mapping[str, str] = {
    "vbaproject": "宏",
    "attachedtoolbars": "宏",
    "macroenabled": "宏",
    "macrosheet": "宏工作表",
    "externallink": "外部链接",
    "connections": "数据连接",
    "querytable": "数据连接",
    "oleobject": "嵌入对象",
    "relationships/package": "嵌入对象",
    "activex": "ActiveX控件",
    "relationships/control": "ActiveX控件",
    "webextension": "网页加载项",
    "ui/extensibility": "自定义功能区",
}
"""What types of relations and parts hold, in lower case, that no dossier needs: in whatever folder they lie."""
TYPES = "[Content_Types].xml"
LINK = "/hyperlink"
"""The one relation that may lead out of the file: nothing is fetched or sent until somebody clicks."""


def refuse_unreadable(data: bytes) -> Refused | None:
    """None when ``data`` is an ordinary xlsx of bearable size; else why not, naming its true type."""
    if not data:
        return refused("file_empty")
    if len(data) > MAX_BYTES:
        return refused("file_too_large", limit=str(MAX_BYTES // SMALL))
    if not data.startswith(ZIP):
        return foreign(true_type(data))
    try:
        with ZipFile(BytesIO(data)) as parts:
            return (
                refuse_large(parts)
                or refuse_foreign(parts)
                or refuse_parts(data, parts)
                or refuse_active(data, parts)
            )
    except (TooMuch, *UNREADABLE):
        return damaged()


def foreign(kind: str) -> Refused:
    """What is no xlsx, and whether it can become one without filling anything in again."""
    return refused("not_a_workbook", kind=kind, remedy=REMEDIES.get(kind, ASK))


def forbidden(data: bytes, kind: str) -> Refused:
    """What no dossier needs: where it lies, and how to be rid of it without filling anything in again."""
    where = whereabouts(data, kind)
    told = f"{kind}（{where}）" if where else kind
    return refused("workbook_forbidden_part", kind=told, remedy=RID_OF.get(kind, ASK))


def damaged() -> Refused:
    return refused("workbook_damaged")


def too_much(reason: TooMuch) -> Refused:
    """The refusal for what a reader gave up on: a key of ``TOO_MUCH``, and on which sheet."""
    return refused(TOO_MUCH[str(reason)], sheet=reason.sheet or "工作表")


TOO_MUCH: Mapping[str, str] = {
    "bytes": "workbook_too_large",
    "strings": "workbook_too_large",
    "rows": "roster_too_long",
    "merged": "too_many_merged",
}


def true_type(data: bytes) -> str:
    if data.startswith(OLE):
        return LOCKED if ENCRYPTED in data else OLD
    known = next((name for magic, name in MAGIC.items() if data.startswith(magic)), "")
    return known or text_type(data[:4096])


def text_type(start: bytes) -> str:
    text = start.decode("latin-1").lstrip("\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(("<html", "<!doctype html", "<table", "<meta")) or "<html" in text:
        return "网页(HTML)"
    if text.startswith("<?xml"):
        return "XML文件"
    return "其他类型的文件" if b"\x00" in start else "文本文件(如CSV)"


def refuse_large(parts: ZipFile) -> Refused | None:
    """A zip bomb is told by its own list of contents, before a byte is unpacked."""
    infos = parts.infolist()
    bomb = any(info.file_size > max(SMALL, MAX_RATIO * info.compress_size) for info in infos)
    large = sum(info.file_size for info in infos) > MAX_UNPACKED or max(i.file_size for i in infos) > MAX_PART
    if bomb or large or len(infos) > MAX_PARTS:
        return refused("workbook_too_large")
    return None


def refuse_foreign(parts: ZipFile) -> Refused | None:
    names = set(parts.namelist())
    if min((info.header_offset for info in parts.infolist()), default=0) != 0:
        return damaged()  # bytes were lost or put in: some readers make do, others find other parts
    if WORKBOOK not in names:
        name = next((kind for part, kind in FOREIGN.items() if part in names), ZIPPED)
        inside = [one for one in names if one.lower().endswith(BOOKS)]
        return foreign(PACKED if name == ZIPPED and inside else name)
    if ROOT not in names:
        return damaged()
    if STRICT in parts.read(WORKBOOK):
        return refused("workbook_strict")
    return None


def refuse_active(data: bytes, parts: ZipFile) -> Refused | None:
    """Active content is told by what leads to it and by its type; a folder's name says nothing."""
    package, found = Package(data), list[str]()
    there = {name.lower().rpartition(".")[2] for name in parts.namelist()}

    def relation(_: str, told: Attributes) -> None:
        kind = told.get("Type", "").lower()
        away = told.get("TargetMode", "").lower() == "external" and not kind.endswith(LINK)
        found.extend(["外部链接"] if away else active(kind))

    def part_type(_: str, told: Attributes) -> None:
        if told.get("Extension", "").lower() in {"", *there}:
            found.extend(active(told.get("ContentType", "").lower()))

    for name in (TYPES, *parts.namelist()):
        if package.has(name) and (name == TYPES or name.lower().endswith(".rels")):
            # What is broken leads nowhere; whoever reads the file says so.
            with suppress(Damaged):
                package.parse(name, start=part_type if name == TYPES else relation)
    return forbidden(data, found[0]) if found else None


def active(kind: str) -> list[str]:
    """What a type of relation or part is, if no dossier needs it."""
    return [name for word, name in ACTIVE.items() if word in kind][:1]


def refuse_parts(data: bytes, parts: ZipFile) -> Refused | None:
    names = [part.lower() for part in parts.namelist()]
    if len(set(names)) < len(names):
        return damaged()  # of two parts with one name every reader takes another
    for start, name in FORBIDDEN.items():
        if any(part.startswith(start) for part in names):
            return forbidden(data, name)
    return None
