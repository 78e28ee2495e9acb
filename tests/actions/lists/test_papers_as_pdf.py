"""Each paper as LibreOffice prints it: whole on its pages, with the same words and every font, rare signs too."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import docx2txt
import pytest
from PIL import Image

from actions.lists.editions import open_paper_pdf
from records.review.gates import latest_gate
from records.store import Store
from records.tables.campaign import VillageRow
from records.tables.lists import PaperRow
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, hand_in_first, judge, local, small_campaign
from tests.actions.lists.test_editions import decided, made, words
from tests.actions.lists.test_results import COUNTY, FIRST, LATER
from workbooks.papers import official
from workbooks.papers.office import as_pdf
from workbooks.papers.word import fill_word

__all__ = ["decided"]

PROGRAMS = {"lowriter": "libreoffice-writer", "pdftoppm": "poppler-utils"}
MISSING = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
pytestmark = [
    pytest.mark.programs,
    pytest.mark.skipif(
        bool(MISSING) and not os.environ.get("CI"), reason=f"not installed: {', '.join(MISSING)}"
    ),
    # What is printed does not depend on the database.
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
DOTS, MARGIN_MM, WHITE = 50, 8, 250


def printed(store: Store, paper: PaperRow) -> bytes:
    pdf = open_paper_pdf(store, paper_id=paper.id, by="finance-1", reason="核对", now=LATER)
    assert isinstance(pdf, bytes), pdf
    return pdf


def pages_of(pdf: bytes, folder: Path) -> list[Image.Image]:
    (folder / "paper.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-gray", "-r", str(DOTS), str(folder / "paper.pdf"), str(folder / "page")]
    subprocess.run(command, check=True, timeout=60)
    return [Image.open(file) for file in sorted(folder.glob("page*.pgm"))]


def inked_beyond_margins(page: Image.Image) -> bool:
    """Whether anything stands so near to the edge that a printer, or a table too wide, cuts it off."""
    edge = round(MARGIN_MM / 25.4 * DOTS)
    inner = (edge, edge, page.width - edge, page.height - edge)
    rim = page.copy()
    rim.paste(255, inner)
    return rim.getextrema()[0] < WHITE  # type: ignore[operator]  # of a grey picture


def text_of(pdf: bytes) -> str:
    told = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return told.stdout.decode()


def fonts_within(pdf: bytes, folder: Path) -> list[str]:
    """Of each font: whether it is in the file."""
    (folder / "fonts.pdf").write_bytes(pdf)
    told = subprocess.run(["pdffonts", str(folder / "fonts.pdf")], capture_output=True, check=True, text=True)
    return [line.split()[-5] for line in told.stdout.splitlines()[2:]]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def look_at(store: Store, paper: PaperRow, folder: Path) -> None:
    pdf = printed(store, paper)
    pages, said = pages_of(pdf, folder), squeezed(text_of(pdf))
    lines = {squeezed(line) for line in words(store, paper).splitlines()} - {""}

    assert pages
    assert not any(map(inked_beyond_margins, pages))
    assert set(fonts_within(pdf, folder)) == {"yes"}
    # A cell that is too narrow breaks its words; each sign is there all the same.
    assert {sign for line in lines for sign in line} <= set(said)
    assert sum(line in said for line in lines) > len(lines) / 2


@pytest.mark.parametrize(
    "kind",
    ["recognition_list", "publicity_notice", "recommendation_letter", "town_summary", "campaign_report"],
)
def test_paper_of_a_campaign_is_whole_on_its_pages(decided: Store, kind: str, tmp_path: Path) -> None:
    look_at(decided, made(decided, kind), tmp_path)


def test_payment_list_is_whole_on_its_pages(decided: Store, tmp_path: Path) -> None:
    with decided.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "award", COUNTY)
    assert gate is not None

    look_at(decided, made(decided, "payment_list", about=str(gate.id), by="finance-1"), tmp_path)


def test_visit_sheet_is_whole_on_its_pages(submitting: Store, tmp_path: Path) -> None:
    upload = hand_in_first(submitting, small_campaign())
    assert not isinstance(upload, Refused)
    judge(submitting, upload, now=local(small_campaign(), 11, 2, 11))
    with submitting.writing() as session:
        session.get_one(VillageRow, (CAMPAIGN_ID, FIRST)).state = "recognised"

    look_at(submitting, made(submitting, "visit_sheet", about=FIRST), tmp_path)


@pytest.mark.usefixtures("database_url")
def test_rare_signs_of_names_are_printed(tmp_path: Path) -> None:
    paper = official.blank()
    official.body(paper, "村名：{{ name }}")
    word = fill_word(official.saved(paper), {"trace": "", "name": "𠮷䃅㙟岙"})
    assert isinstance(word, bytes)

    pdf = as_pdf(word)

    assert isinstance(pdf, bytes), pdf
    assert "𠮷䃅㙟岙" in squeezed(text_of(pdf))
    assert "𠮷䃅㙟岙" in docx2txt.process(BytesIO(word))
    assert set(fonts_within(pdf, tmp_path)) == {"yes"}
