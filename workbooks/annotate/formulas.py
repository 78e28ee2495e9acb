"""Formulas of a town's own in the copy that goes back: one that does more than reckon is put out of work.

A link that is clicked, a service that is called or a program that is started could carry what the workbook holds
to somewhere else. The formula's place stays, so nothing that counts formulas disagrees.
"""

from __future__ import annotations

import re
from html import unescape

FORMULA = re.compile(rb"(<((?:[^\s:<>/=]+:)?)f(?:\s[^<>]*)?(?<!/)>)(.*?)(</\2f\s*>)", re.DOTALL)
WRAPPING = re.compile(r"<!--.*?-->|<!\[CDATA\[|\]\]>|<\?.*?\?>", re.DOTALL)
TEXT = re.compile(r'"[^"]*"')
CALLED = re.compile(r"([^\W\d][\w.]*)\s*\(")
RECKONING = frozenset({
    "SUM", "SUMIF", "SUMIFS", "SUMPRODUCT", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "COUNTIFS", "AVERAGE",
    "AVERAGEIF", "MIN", "MAX", "ROUND", "ROUNDUP", "ROUNDDOWN", "INT", "ABS", "MOD", "N", "IF", "IFS", "IFERROR",
    "IFNA", "ISNUMBER", "ISTEXT", "ISBLANK", "ISERROR", "AND", "OR", "NOT", "TRUE", "FALSE", "LEN", "LEFT",
    "RIGHT", "MID", "FIND", "SEARCH", "TRIM", "CLEAN", "SUBSTITUTE", "REPLACE", "UPPER", "LOWER", "EXACT", "TEXT",
    "VALUE", "CONCATENATE", "CONCAT", "TEXTJOIN", "PRODUCT", "ROW", "ROWS", "COLUMN", "COLUMNS", "INDEX", "MATCH",
    "VLOOKUP", "HLOOKUP", "LOOKUP", "CHOOSE", "DATE", "DATEVALUE", "YEAR", "MONTH", "DAY", "TODAY", "NOW",
    "DATEDIF", "EDATE", "EOMONTH", "WEEKDAY", "RANK", "LARGE", "SMALL", "MEDIAN", "SUBTOTAL", "SIGN", "SQRT",
    "POWER", "CEILING", "FLOOR", "NA", "DISPIMG",
})  # fmt: skip
"""Functions that give a value of cells of the same workbook and do nothing else."""
REACHES_OUT = re.compile(r"[\[\]|]")
"""Another workbook (``[1]Sheet``), or a program (``cmd|'...'!A1``)."""
OUT_OF_WORK = '"公式已停用"'.encode()


def put_out_of_work(xml: bytes) -> bytes:
    """The sheet, in UTF-8, with every formula that does more than reckon replaced by a text."""
    return FORMULA.sub(_harmless, xml)


def _harmless(found: re.Match[bytes]) -> bytes:
    opened, _, inside, closed = found.groups()
    text = unescape(WRAPPING.sub("", inside.decode("utf-8", "replace")))
    return found[0] if only_reckons(text) else opened + OUT_OF_WORK + closed


def only_reckons(formula: str) -> bool:
    """Whether a formula gives a value of this workbook's cells and does nothing else."""
    bare = TEXT.sub("", formula)
    called = {name.upper().removeprefix("_XLFN.").removeprefix("_XLWS.") for name in CALLED.findall(bare)}
    return not REACHES_OUT.search(bare) and called <= RECKONING
