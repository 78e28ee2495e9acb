"""What is refused is told with its place, and with how to be rid of it."""

from __future__ import annotations

from tests.workbooks.raw import SURVEY_PART
from tests.workbooks.samples import TEMPLATE
from workbooks.file.guard import refuse_unreadable
from workbooks.file.whereabouts import whereabouts
from workbooks.reproducible import unzipped, zipped

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def with_parts(**parts: str) -> bytes:
    named = {name.replace("__", "/").replace("_DOT_", "."): text.encode() for name, text in parts.items()}
    return zipped({**unzipped(TEMPLATE), **named})


def relation(kind: str, target: str, mode: str = "") -> str:
    told = f' TargetMode="{mode}"' if mode else ""
    one = f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}"{told}/>'
    return f'<Relationships xmlns="{PACKAGE}">{one}</Relationships>'


def linked() -> bytes:
    survey = unzipped(TEMPLATE)[SURVEY_PART].decode()
    return zipped({
        **unzipped(TEMPLATE),
        SURVEY_PART: survey.replace('<c r="C6"', '<c r="C99"><f>[1]表!A1</f></c><c r="C6"', 1).encode(),
        "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
        "xl/externalLinks/_rels/externalLink1.xml.rels": relation(
            "externalLinkPath", "file:///C:\\Users\\x\\%E5%8E%BB%E5%B9%B4.xlsx", "External"
        ).encode(),
    })  # fmt: skip


def test_links_to_other_files_are_told_with_sheet_and_file() -> None:
    refused = refuse_unreadable(linked())

    assert refused is not None
    assert refused.reason == (
        "工作簿含有外部链接（“附件3 调查表”的公式、链接到“去年.xlsx”）,不能接收。"
        "请在“数据—编辑链接”里断开链接，或把引用其他文件的格子粘贴为数值，保存后再上传。"
    )


def test_embedded_object_is_told_with_its_sheet() -> None:
    data = with_parts(
        xl__embeddings__oleObject1_DOT_bin="x",
        xl__worksheets___rels__sheet2_DOT_xml_DOT_rels=relation("oleObject", "../embeddings/oleObject1.bin"),
    )
    refused = refuse_unreadable(data)

    assert refused is not None
    assert refused.reason.startswith("工作簿含有嵌入对象（“附件2 花名册”）,不能接收。请选中嵌入的对象并删除")


def test_place_that_cannot_be_told_is_left_out() -> None:
    assert whereabouts(b"no zip", "外部链接") == ""


def test_binary_workbook_is_named_and_only_has_to_be_saved_again() -> None:
    refused = refuse_unreadable(zipped({"xl/workbook.bin": b"x"}))

    assert refused is not None
    assert "二进制工作簿(.xlsb)" in refused.reason
    assert "内容不必重填" in refused.reason
