"""A table of another program: read as it is, or refused with a sentence, whatever its bytes are."""

from __future__ import annotations

import pytest

from rules.refusals import Refused
from workbooks.read.plain_table import read_csv


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_table_in_either_encoding_and_with_any_line_ending_is_read(encoding: str, ending: str) -> None:
    data = ending.join(["身份证号, 状态", '"a ""b""",在保']).encode(encoding)

    assert read_csv(data) == [["身份证号", "状态"], ['a "b"', "在保"]]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"id,x\n1,\"open\n2,y\n", "broken_table"),
        (b'id\n"a"b\n', "broken_table"),
        (b"id\n" + b"x" * 200_000, "broken_table"),
        (b"id\n1\x002\n", "not_a_table"),
        ("id\n1\n".encode("utf-16"), "not_a_table"),
        (b"\xff\xff\xff", "not_a_table"),
    ],
)  # fmt: skip
def test_table_that_cannot_be_read_to_its_end_is_refused_with_a_sentence(data: bytes, code: str) -> None:
    refused = read_csv(data)

    assert isinstance(refused, Refused)
    assert refused.code == code
