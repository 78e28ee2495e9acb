"""A receipt as a paper: the same bytes, one embedded font, and a sentence where there is none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rules.dossiers.receipts import read_back
from rules.refusals import Refused
from tests.conftest import missing_service
from tests.rules.dossiers.test_receipts import LINES, RECEIPT
from tests.rules.samples import SCHEME
from workbooks.papers.fonts import face_in, find_font, listed
from workbooks.papers.receipt import facts, receipt_pdf

READ = read_back(SCHEME, people=2, lines=LINES, total=RECEIPT.version * SCHEME.pass_line, vetoes=["V1"])
WHOLE = replace(RECEIPT, read=READ, corrections=tuple(f"第{n}处已整理" for n in range(60)))


@pytest.fixture(scope="module")
def pdf() -> bytes:
    if isinstance(find_font(), Refused):
        missing_service("no Chinese font on this machine (Debian: apt install fonts-noto-cjk)")
    made = receipt_pdf(WHOLE)
    assert isinstance(made, bytes)
    return made


def test_same_receipt_gives_the_same_bytes_and_another_one_others(pdf: bytes) -> None:
    assert receipt_pdf(WHOLE) == pdf
    assert receipt_pdf(replace(WHOLE, late=True)) != pdf


def test_paper_is_a4_with_a_small_part_of_one_font_in_it(pdf: bytes) -> None:
    assert pdf.startswith(b"%PDF-")
    assert b"/MediaBox [0 0 595.28 841.89]" in pdf
    assert pdf.count(b"/FontFile") == 1
    assert len(pdf) < 200_000


def test_upper_table_says_what_is_known_of_each_state() -> None:
    plain = dict(facts(replace(RECEIPT, checked="", audit_length=0)))
    wrong = dict(facts(replace(RECEIPT, errors=3)))
    odd = dict(facts(RECEIPT))

    assert plain["校验时间"] == "尚未校验"
    assert "审计日志" not in plain
    assert (wrong["校验结果"], odd["校验结果"]) == ("未通过，3处必须改正", "未通过")
    assert dict(facts(WHOLE))["一票否决项"] == "零就业家庭未消除"
    assert dict(facts(WHOLE))["文件指纹(SHA-256)"].replace(" ", "") == "ab" * 32


def test_machine_without_a_font_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    other = tmp_path / "other.ttf"
    other.write_bytes(b"no font")

    none, unfit = find_font(places=[str(other)]), receipt_pdf(RECEIPT, font=str(other))

    assert list(listed()) == []
    assert isinstance(none, Refused)
    assert (none.code, "fonts-noto-cjk" in none.reason) == ("no_font", True)
    assert isinstance(unfit, Refused)
    assert (unfit.code, "HQE_FONT" in unfit.reason) == ("font_unfit", True)


def test_font_that_is_named_is_taken_with_its_simplified_face(pdf: bytes) -> None:
    found = find_font()
    assert not isinstance(found, Refused)

    assert find_font(str(found.file)) == found
    assert face_in(found.file) == found.face
