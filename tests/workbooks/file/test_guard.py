"""Files that are not workbooks, and workbooks that are not to be opened."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from rules.refusals import Refused
from tests.workbooks.samples import CAMPAIGN, TEMPLATE
from workbooks.file.guard import MAX_BYTES
from workbooks.read.dossier import read_dossier

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(**parts: bytes) -> bytes:
    saved = BytesIO()
    with ZipFile(saved, "w", ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(
                name.replace("__", "/")
                .replace("RELS", ".rels")
                .replace("_xml", ".xml")
                .replace("_bin", ".bin"),
                content,
            )
    return saved.getvalue()


def packed(name: str) -> bytes:
    """A dossier in an archive."""
    saved = BytesIO()
    with ZipFile(saved, "w", ZIP_DEFLATED) as target:
        target.writestr(name, TEMPLATE)
    return saved.getvalue()


def refused(data: bytes) -> Refused:
    outcome = read_dossier(data, CAMPAIGN)
    assert isinstance(outcome, Refused)
    return outcome


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "file_empty", "空"),
        (OLE + b"x" * 600, "not_a_workbook", "旧版.xls"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "not_a_workbook", "密码"),
        (b"\n<html><table></table></html>", "not_a_workbook", "HTML"),
        (b"%PDF-1.7", "not_a_workbook", "PDF"),
        ("姓名,身份证号\n".encode("gb18030"), "not_a_workbook", "CSV"),
        (zipped(word__document_xml=b"<x/>"), "not_a_workbook", "Word"),
        (zipped(readme=b"x"), "not_a_workbook", "压缩包"),
        (packed("第一村.xlsx"), "not_a_workbook", "请先解压，把里面的.xlsx文件取出来"),
        (packed("材料/第一村.XLSX"), "not_a_workbook", "请先解压，把里面的.xlsx文件取出来"),
        (b"Rar!\x1a\x07\x01\x00", "not_a_workbook", "请先解压，把里面的.xlsx文件取出来"),
        (b"7z\xbc\xaf\x27\x1c", "not_a_workbook", "请先解压，把里面的.xlsx文件取出来"),
        (
            zipped(_rels__RELS=b"", xl__workbook_xml=b"http://purl.oclc.org/ooxml"),
            "workbook_strict",
            "Strict",
        ),
        (
            zipped(_rels__RELS=b"", xl__workbook_xml=b"<x/>", xl__vbaProject_bin=b"x"),
            "workbook_forbidden_part",
            "宏",
        ),
        (
            zipped(_rels__RELS=b"", xl__workbook_xml=b"<x/>", XL__VBAPROJECT_bin=b"x"),
            "workbook_forbidden_part",
            "宏",
        ),
        (
            zipped(_rels__RELS=b"", xl__workbook_xml=b"<x/>", XL__workbook_xml=b"<y/>"),
            "workbook_damaged",
            "损坏",
        ),
        (zipped(xl__workbook_xml=b"<x/>"), "workbook_damaged", "损坏"),
        (zipped(xl__workbook_xml=b"0" * 30_000_000), "workbook_too_large", "过大"),
        (TEMPLATE[:-200], "workbook_damaged", "损坏"),
        (TEMPLATE[:4] + b"more" + TEMPLATE[4:], "workbook_damaged", "损坏"),
        (TEMPLATE[:3000] + bytes(900) + TEMPLATE[3900:], "workbook_damaged", "损坏"),
        (b"PK\x03\x04" + bytes(MAX_BYTES), "file_too_large", "15MB"),
    ],
)
def test_file_that_is_no_workbook_is_refused_by_its_true_type(data: bytes, code: str, words: str) -> None:
    outcome = refused(data)

    assert outcome.code == code
    assert words in outcome.reason


RELATED = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


@pytest.mark.parametrize(
    ("part", "content", "kind"),
    [
        (
            "xl/_rels/other.xml.rels",
            RELATED + b'Type="' + OFFICE + b'externalLink" Target="/xl/harmless/a.xml"/></Relationships>',
            "外部链接",
        ),
        (
            "xl/drawings/_rels/drawing9.xml.rels",
            RELATED
            + b'Type="' + OFFICE + b'image" Target="https://elsewhere.example.invalid/" TargetMode="External"/>'
            + b"</Relationships>",
            "外部链接",
        ),
        (
            "xl/worksheets/_rels/sheet77.xml.rels",
            RELATED + b'Type="' + OFFICE + b'oleObject" Target="/xl/media/a.bin"/></Relationships>',
            "嵌入对象",
        ),
    ],
)  # fmt: skip
def test_active_part_under_another_folder_is_refused(part: str, content: bytes, kind: str) -> None:
    saved = BytesIO(TEMPLATE)
    with ZipFile(saved, "a", ZIP_DEFLATED) as target:
        target.writestr(part, content)

    found = refused(saved.getvalue())

    assert (found.code, kind in found.reason) == ("workbook_forbidden_part", True)
