"""Programs that write workbooks, each given the same values: ours, imitated ones, some that the tests install."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp

import pytest
from openpyxl import Workbook, load_workbook

from rules.dossiers.dossier import Value
from tests.workbooks.raw import changed_parts
from workbooks.reproducible import unzipped, zipped

Grid = dict[str, dict[tuple[int, int], Value]]
"""By sheet title: what stands in each row and column."""
Writer = Callable[[Sequence[Grid]], list[bytes]]
HIDDEN = "_identity"
X14AC = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"
ETC = "http://www.wps.cn/officeDocument/2017/etCustomData"
PIP, NPM = ("xlsxwriter==3.3.1", "pyexcelerate==0.13.0"), ("exceljs@4.4.0", "xlsx@0.18.5")
NODE = """
const fs = require("fs"); const [program, folder] = process.argv.slice(2);
const days = (value) => value && value.day ? new Date(value.day + "T00:00:00Z") : value;
(async () => { for (const name of fs.readdirSync(folder).filter((one) => one.endsWith(".json"))) {
  const book = JSON.parse(fs.readFileSync(`${folder}/${name}`, "utf8")); const target = `${folder}/${name}.xlsx`;
  if (program === "exceljs") {
    const made = new (require("exceljs").Workbook)();
    for (const [title, rows] of book) {
      const sheet = made.addWorksheet(title, {state: title[0] === "_" ? "veryHidden" : "visible"});
      rows.forEach((row, r) => row.forEach((value, c) => { if (value !== null) {
        const cell = sheet.getCell(r + 1, c + 1); cell.value = days(value);
        if (value.day) cell.numFmt = "yyyy-mm-dd"; } })); }
    await made.xlsx.writeFile(target);
  } else {
    const xlsx = require("xlsx"); const made = xlsx.utils.book_new();
    for (const [title, rows] of book) xlsx.utils.book_append_sheet(made,
      xlsx.utils.aoa_to_sheet(rows.map((row) => row.map((value) => value && value.day ? value.day : value))), title);
    xlsx.writeFile(made, target, {bookSST: true});
  } } })();
"""


def grid_of(data: bytes) -> Grid:
    """The values of a workbook."""
    return {
        sheet.title: {
            (cell.row, cell.column): value_of(cell.value)
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        }
        for sheet in load_workbook(BytesIO(data)).worksheets
    }


def value_of(value: object) -> Value:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, str | int | float) else str(value)


def rows_of(cells: Mapping[tuple[int, int], Value]) -> list[list[Value]]:
    """A sheet as lists."""
    height, width = max(row for row, _ in cells), max(column for _, column in cells)
    return [[cells.get((row, column)) for column in range(1, width + 1)] for row in range(1, height + 1)]


# --- ours, and marks of Excel and WPS imitated -----------------------------------------------------------


def by_openpyxl(grids: Sequence[Grid]) -> list[bytes]:
    return [one_by_openpyxl(grid) for grid in grids]


def one_by_openpyxl(grid: Grid) -> bytes:
    book, saved = Workbook(), BytesIO()
    del book["Sheet"]
    for title, cells in grid.items():
        sheet = book.create_sheet(title)
        sheet.sheet_state = "veryHidden" if title == HIDDEN else "visible"
        for (row, column), value in cells.items():
            sheet.cell(row, column).value = value
    book.save(saved)
    return saved.getvalue()


def by_excel(grids: Sequence[Grid]) -> list[bytes]:
    """As Excel writes: rows with spans and x14ac heights."""

    def marked(xml: str) -> str:
        xml = xml.replace(
            "<worksheet ",
            f'<worksheet xmlns:x14ac="{X14AC}" ',
            1,
        )
        return re.sub(r'<row r="(\d+)"', r'<row r="\1" spans="1:24" x14ac:dyDescent="0.25"', xml)

    return [changed_parts(data, dict.fromkeys(sheets_in(data), marked)) for data in by_openpyxl(grids)]


def by_wps(grids: Sequence[Grid]) -> list[bytes]:
    """As WPS writes: its own vocabulary, its name among the properties, cells behind the last that are empty."""

    def marked(xml: str) -> str:
        xml = xml.replace("<worksheet ", f'<worksheet xmlns:etc="{ETC}" ', 1)
        row = re.compile(r'<row r="(\d+)"([^>]*)>(.*?)</row>', re.DOTALL)
        return row.sub(r'<row r="\1"\2>\3<c r="AZ\1"/></row>', xml)

    return [
        zipped(
            {**unzipped(changed_parts(data, dict.fromkeys(sheets_in(data), marked))), "docProps/app.xml": APP}
        )
        for data in by_openpyxl(grids)
    ]


APP = (
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>WPS Office</Application></Properties>"
)


def sheets_in(data: bytes) -> list[str]:
    return [name for name in unzipped(data) if name.startswith("xl/worksheets/sheet")]


# --- installed by the tests ------------------------------------------------------------------------------


@cache
def installed(tool: str, *packages: str) -> Path | None:
    """A folder with packages of pip or npm; None where they cannot be had, which in CI is a failure."""
    folder = Path(mkdtemp(prefix="writers-"))
    command = [sys.executable, "-m", "pip", "install", "-q", "--target", str(folder)]
    if tool == "npm":
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder)]
    try:
        subprocess.run([*command, *packages], check=True, capture_output=True, timeout=240)
    except (OSError, subprocess.SubprocessError):
        return None
    return folder


def needed(tool: str, *packages: str) -> Path:
    folder = installed(tool, *packages)
    if folder is None and not os.environ.get("CI"):
        pytest.skip(f"{', '.join(packages)} cannot be installed here")
    assert folder is not None, f"{', '.join(packages)} could not be installed"
    return folder


def by_python(code: str) -> Writer:
    """A writer that runs in a Python of its own, with what pip installed."""

    def write(grids: Sequence[Grid]) -> list[bytes]:
        packages = needed("pip", *PIP)
        return by_program(grids, [sys.executable, "-c", code], {"PYTHONPATH": str(packages)})

    return write


def by_node(program: str) -> Writer:
    def write(grids: Sequence[Grid]) -> list[bytes]:
        packages = needed("npm", *NPM)
        node = shutil.which("node") or "node"
        return by_program(
            grids, [node, "-e", NODE, "x", program], {"NODE_PATH": str(packages / "node_modules")}
        )

    return write


def by_program(grids: Sequence[Grid], command: list[str], settings: Mapping[str, str]) -> list[bytes]:
    """Each grid as JSON in a folder; beside it the program puts the workbook."""
    folder = Path(mkdtemp(prefix="made-"))
    for n, grid in enumerate(grids):
        book = [(title, [list(map(plain, row)) for row in rows_of(cells)]) for title, cells in grid.items()]
        (folder / f"{n:05d}.json").write_text(json.dumps(book), encoding="utf-8")
    program = [command[0], *command[1:], str(folder)]
    subprocess.run(program, check=True, capture_output=True, timeout=540, env={**os.environ, **settings})
    made = [(folder / f"{n:05d}.json.xlsx").read_bytes() for n in range(len(grids))]
    shutil.rmtree(folder)
    return made


def plain(value: Value) -> object:
    return {"day": value.isoformat()} if isinstance(value, date) else value


# --- of the system ---------------------------------------------------------------------------------------


def by_libreoffice(grids: Sequence[Grid]) -> list[bytes]:
    """Opened and saved by LibreOffice, all of them in one start of it."""
    office = program("soffice", "libreoffice-calc")
    folder = folder_of(by_openpyxl(grids))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    kind, target = "xlsx:Calc MS Excel 2007 XML", str(folder / "made")
    sources = [str(folder / f"{n:05d}.xlsx") for n in range(len(grids))]
    for n in range(0, len(sources), 200):
        command = [office, profile, "--headless", "--convert-to", kind, "--outdir", target]
        subprocess.run([*command, *sources[n : n + 200]], check=True, capture_output=True, timeout=540)
    return made_in(folder, len(grids))


def by_gnumeric(grids: Sequence[Grid]) -> list[bytes]:
    """Opened and saved by Gnumeric."""
    convert = program("ssconvert", "gnumeric")
    folder = folder_of(by_openpyxl(grids))
    (folder / "made").mkdir()
    for n in range(len(grids)):
        command = [convert, "--export-type=Gnumeric_Excel:xlsx", str(folder / f"{n:05d}.xlsx")]
        subprocess.run(
            [*command, str(folder / "made" / f"{n:05d}.xlsx")], check=True, capture_output=True, timeout=60
        )
    return made_in(folder, len(grids))


def program(name: str, package: str) -> str:
    """Where a program lies; a test without it is skipped, in CI it fails."""
    found = shutil.which(name)
    if found is None and not os.environ.get("CI"):
        pytest.skip(f"{name} is not installed (Debian: apt install {package})")
    assert found is not None, f"{name} is not installed (Debian: apt install {package})"
    return found


def folder_of(files: Sequence[bytes]) -> Path:
    folder = Path(mkdtemp(prefix="made-"))
    for n, data in enumerate(files):
        (folder / f"{n:05d}.xlsx").write_bytes(data)
    return folder


def made_in(folder: Path, many: int) -> list[bytes]:
    made = [(folder / "made" / f"{n:05d}.xlsx").read_bytes() for n in range(many)]
    shutil.rmtree(folder)
    return made


READ = """
import json, sys
from datetime import date
from pathlib import Path
def books():
    for path in sorted(Path(sys.argv[1]).glob("*.json")):
        yield f"{path}.xlsx", [(title, [[date.fromisoformat(one["day"]) if isinstance(one, dict) else one
            for one in row] for row in rows]) for title, rows in json.loads(path.read_text(encoding="utf-8"))]
"""
XLSXWRITER = (
    READ
    + """
import xlsxwriter
for target, sheets in books():
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    day = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for title, rows in sheets:
        sheet = book.add_worksheet(title)
        if title[0] == "_": sheet.very_hidden()
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, date): sheet.write_datetime(r, c, value, day)
                elif value is not None: sheet.write(r, c, value)
    book.close()
"""
)
PYEXCELERATE = (
    READ
    + """
from pyexcelerate import Workbook
for target, sheets in books():
    book = Workbook()
    for title, rows in sheets:
        book.new_sheet(title, data=[[f"{one} 00:00:00" if isinstance(one, date) else one
            for one in row] for row in rows])
    book.save(target)
"""
)
WRITERS: Mapping[str, Writer] = {
    "openpyxl": by_openpyxl,
    "Excel": by_excel,
    "WPS": by_wps,
    "xlsxwriter": by_python(XLSXWRITER),
    "pyexcelerate": by_python(PYEXCELERATE),
    "exceljs": by_node("exceljs"),
    "SheetJS": by_node("SheetJS"),
    "LibreOffice": by_libreoffice,
    "Gnumeric": by_gnumeric,
}
SLOW = ("LibreOffice", "Gnumeric")
"""Those that are started anew for a file or two."""
