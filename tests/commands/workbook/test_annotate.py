"""The annotated copy without a browser."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from click.testing import CliRunner, Result
from openpyxl import load_workbook

from commands.main import main
from config.campaign_folder import campaign_folder, read_campaign
from rehearsal.people.workbooks import fill_dossier
from rules.dossiers.checks.annotation import LIST_TITLE

VILLAGE = "331181100200"


def annotate(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["workbook", "annotate", *map(str, arguments)])


def dossier(path: Path, *, plot: str, version: int = 1) -> Path:
    campaign = read_campaign(campaign_folder("longquan-2020"))
    path.write_bytes(fill_dossier(campaign, VILLAGE, plot=plot, version=version, seed=7, rows=(40, 60)))
    return path


def test_copy_lies_beside_the_file_and_tells_its_mistakes(tmp_path: Path) -> None:
    file = dossier(tmp_path / "材料.xlsx", plot="mistakes")
    before = file.read_bytes()

    done = annotate(file, VILLAGE)

    assert (done.exit_code, done.output.strip()) == (0, str(tmp_path / "材料-标注.xlsx"))
    sheet = load_workbook(tmp_path / "材料-标注.xlsx")[LIST_TITLE]
    assert sheet["A1"].value == "八都镇第一村申报材料 问题清单"
    assert "校验码不符" in str(sheet["E5"].value)
    assert file.read_bytes() == before


def test_copy_of_a_second_version_tells_what_was_put_right(tmp_path: Path) -> None:
    old = dossier(tmp_path / "1.xlsx", plot="mistakes")
    new = dossier(tmp_path / "2.xlsx", plot="mistakes", version=2)

    done = annotate(new, VILLAGE, "-o", tmp_path / "copy.xlsx", "--before", old)

    book = load_workbook(BytesIO((tmp_path / "copy.xlsx").read_bytes()))
    assert done.exit_code == 0
    assert "与上一版相比：已改正7处" in str(book[LIST_TITLE]["A2"].value)


def test_file_that_is_no_workbook_gets_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"a,b,c")

    refused = annotate(file, VILLAGE)

    assert (refused.exit_code, "其实是文本文件" in refused.output) == (1, True)
    assert not (tmp_path / "a-标注.xlsx").exists()
