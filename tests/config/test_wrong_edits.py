"""What hands get wrong in a folder: each told with its line, and the line to write where there is no doubt."""

from __future__ import annotations

import shutil
from email.headerregistry import Address
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from config.campaign_folder import FILES, read_folder
from config.checks.people import EMAIL
from config.mistakes import Mistake

HERE = Path(__file__).parent
GOOD = HERE / "yunxi-2026"
EDITS: list[dict[str, Any]] = yaml.safe_load((HERE / "wrong_edits.yaml").read_text(encoding="utf-8"))
UNSEEN = ("\u0007", "\u0000", "\u2028", "\u2029", "\u0085", "\u200b", "\u00ad", "\u202e")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOOD, tmp_path / GOOD.name))


def told(folder: Path) -> list[str]:
    return [mistake.told for mistake in read_folder(folder).mistakes]


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit["name"])
def test_edit_is_told_with_its_line_and_what_to_write(folder: Path, edit: dict[str, Any]) -> None:
    file = folder / edit["file"]
    text = file.read_text(encoding="utf-8")
    assert edit["old"] in text
    file.write_bytes(text.replace(edit["old"], edit["new"], 1).encode())

    assert told(folder) == edit["told"]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("sign", UNSEEN, ids=lambda sign: f"U+{ord(sign):04X}")
def test_sign_that_nobody_sees_is_told_with_the_line_that_an_editor_shows(
    folder: Path, file: str, sign: str
) -> None:
    lines = (folder / file).read_text(encoding="utf-8").split("\n")
    at = len(lines) - 2
    lines[at] = f"{lines[at]}{sign}"
    (folder / file).write_bytes("\n".join(lines).encode())

    assert read_folder(folder).mistakes == (
        Mistake(
            file,
            "",
            f"U+{ord(sign):04X}",
            "含看不见的字符;请删去后重新输入",
            line=at + 1,
            write=(lines[at].replace(sign, "").strip(),),
        ),
    )


@pytest.mark.parametrize("file", [file for file in FILES if file.endswith(".csv")])
def test_every_column_that_loses_its_name_is_asked_for_in_the_first_line(folder: Path, file: str) -> None:
    whole = (folder / file).read_text(encoding="utf-8")
    first, _, rest = whole.partition("\n")
    columns = first.split(",")
    for n, column in enumerate(columns[:-1]):
        named = ",".join([*columns[:n], "", *columns[n + 1 :]])
        (folder / file).write_text(f"{named}\n{rest}", encoding="utf-8")
        wrong = read_folder(folder).mistakes
        assert [(one.line, column in one.write[0].split(",")) for one in wrong] == [(1, True)]


SIGNS = st.text("aZ9.!#$%&'*+/=?^_`{|}~-@ ，。王＠<>,;:\"()[]\\", min_size=1, max_size=6)


@given(st.builds("{}@{}.{}".format, SIGNS, SIGNS, SIGNS))
def test_address_that_a_folder_may_hold_is_one_that_the_mailer_takes(email: str) -> None:
    if not EMAIL.fullmatch(email):
        return

    assert Address("王敏", addr_spec=email).addr_spec == email
