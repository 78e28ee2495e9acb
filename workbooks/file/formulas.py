"""Formulas of a workbook, wherever they stand, and which of them do more than reckon.

A link that is clicked, a service that is called or a program that is started could carry what the workbook holds
to somewhere else. So a formula may only call functions that give a value of the same workbook's cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape

from workbooks.file.package import Damaged, Listed, Package

HELD_IN = "f|formula|formula1|formula2|definedName|calculatedColumnFormula|totalsRowFormula"
"""Cells, charts and rules of newer kinds; conditional formats; data validations; names; columns of tables."""
APART = r"!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>"
FORMULA = re.compile(
    rf"""<(?:{APART}
      |(?P<tag>(?P<prefix>(?:[^\s:<>/=]+:)?+)(?P<element>{HELD_IN})(?:\s(?:[^<>"']|"[^"]*"|'[^']*')*+)?(?<!/)>)
       (?P<inside>(?:[^<]++|<(?:{APART}|(?!/)))*+)
       (?P<closed></(?P=prefix)(?P=element)\s*>))""".encode(),
    re.DOTALL | re.VERBOSE,
)
"""One formula, or something in which no formula can stand, however much it looks like one."""
WRAPPING = re.compile(r"<!--.*?-->|<!\[CDATA\[|\]\]>|<[^>]*>", re.DOTALL)

TEXT = re.compile(r'"[^"]*"')
QUOTED_SHEET = re.compile(r"'(?:[^']|'')*'")
OF_A_TABLE = re.compile(r"(?<=\w)\[(?:[^\[\]]|\[[^\[\]]*\])*\]")
"""``Table1[[#This Row],[Name]]``: a table's name goes before the bracket, nothing before that of another file."""
CALLED = re.compile(r"([^\W\d][\w.]*)\s*\(")
PREFIXES = ("_XLFN.", "_XLWS.")
REACHES_OUT = {"DDE": re.compile(r"\|"), "外部引用": re.compile(r"[\[\]\\]|//|\.XL\w*!")}
"""A program (``cmd|'...'!A1``), another workbook (``[1]Sheet``): signs that stand in no formula of its own cells."""
NO_SHEET = re.compile(r"[\[\]\\/|]")
"""No sheet's title holds these; the path of a file does."""
OUT_OF_WORK = '"公式已停用"'.encode()

OF_CELLS = """
ABS ACCRINT ACCRINTM ACOS ACOSH ADDRESS AGGREGATE AMORDEGRC AMORLINC ANCHORARRAY AND ARABIC AREAS
ARRAYTOTEXT ASC ASIN ASINH ATAN ATAN2 ATANH AVEDEV AVERAGE AVERAGEA AVERAGEIF AVERAGEIFS BAHTTEXT BASE
BESSELI BESSELJ BESSELK BESSELY BETADIST BETAINV BIN2DEC BIN2HEX BIN2OCT BINOMDIST BITAND BITOR BITXOR
CEILING CEILING.MATH CEILING.PRECISE CELL CHAR CHIDIST CHIINV CHITEST CHOOSE CHOOSECOLS CHOOSEROWS CLEAN
CODE COLUMN COLUMNS COMBIN COMBINA COMPLEX CONCAT CONCATENATE CONFIDENCE CONVERT CORREL COS COSH COUNT
COUNTA COUNTBLANK COUNTIF COUNTIFS COUNTUNIQUE COUPDAYBS COUPDAYS COUPDAYSNC COUPNCD COUPNUM COUPPCD COVAR
COVARIANCE.P COVARIANCE.S CRITBINOM CUMIPMT CUMPRINC DATE DATEDIF DATESTRING DATEVALUE DAVERAGE DAY DAYS
DAYS360 DB DCOUNT DCOUNTA DDB DEC2BIN DEC2HEX DEC2OCT DECIMAL DEGREES DELTA DEVSQ DGET DISC DISPIMG DMAX
DMIN DOLLAR DOLLARDE DOLLARFR DPRODUCT DROP DSTDEV DSTDEVP DSUM DURATION DVAR DVARP EDATE EFFECT EOMONTH
ERF ERFC ERROR.TYPE EVEN EXACT EXP EXPAND EXPONDIST FACT FACTDOUBLE FALSE FDIST FILTER FIND FINDB FINV
FISHER FISHERINV FIXED FLOOR FLOOR.MATH FLOOR.PRECISE FORECAST FORECAST.LINEAR FORMULATEXT FREQUENCY FTEST
FV FVSCHEDULE GAMMADIST GAMMAINV GAMMALN GAUSS GCD GEOMEAN GESTEP GETPIVOTDATA GROWTH HARMEAN HEX2BIN
HEX2DEC HEX2OCT HLOOKUP HOUR HSTACK HYPGEOMDIST IF IFERROR IFNA IFS IMABS IMAGINARY IMARGUMENT IMCONJUGATE
IMCOS IMDIV IMEXP IMLN IMLOG10 IMLOG2 IMPOWER IMPRODUCT IMREAL IMSIN IMSQRT IMSUB IMSUM INDEX INDIRECT INT
INTERCEPT INTRATE IPMT IRR ISBLANK ISERR ISERROR ISEVEN ISFORMULA ISLOGICAL ISNA ISNONTEXT ISNUMBER
ISO.CEILING ISODD ISOWEEKNUM ISPMT ISREF ISTEXT JIS KURT LARGE LCM LEFT LEFTB LEN LENB LET LINEST LN LOG
LOG10 LOGEST LOGINV LOGNORMDIST LOOKUP LOWER MATCH MAX MAXA MAXIFS MDETERM MDURATION MEDIAN MID MIDB MIN
MINA MINIFS MINUTE MINVERSE MIRR MMULT MOD MODE MODE.MULT MODE.SNGL MONTH MROUND MULTINOMIAL N NA
NEGBINOMDIST NETWORKDAYS NETWORKDAYS.INTL NOMINAL NORM.DIST NORM.INV NORM.S.DIST NORM.S.INV NORMDIST
NORMINV NORMSDIST NORMSINV NOT NOW NPER NPV NUMBERSTRING NUMBERVALUE OCT2BIN OCT2DEC OCT2HEX ODD ODDFPRICE
ODDFYIELD ODDLPRICE ODDLYIELD OFFSET OR PEARSON PERCENTILE PERCENTILE.EXC PERCENTILE.INC PERCENTRANK
PERCENTRANK.EXC PERCENTRANK.INC PERMUT PERMUTATIONA PHI PHONETIC PI PMT POISSON POWER PPMT PRICE PRICEDISC
PRICEMAT PROB PRODUCT PROPER PV QUARTILE QUARTILE.EXC QUARTILE.INC QUOTIENT RADIANS RAND RANDARRAY
RANDBETWEEN RANK RANK.AVG RANK.EQ RATE RECEIVED REPLACE REPLACEB REPT RIGHT RIGHTB ROMAN ROUND ROUNDDOWN
ROUNDUP ROW ROWS RSQ SEARCH SEARCHB SECOND SEQUENCE SERIESSUM SHEET SHEETS SIGN SIN SINGLE SINH SKEW SLN
SLOPE SMALL SORT SORTBY SQRT SQRTPI STANDARDIZE STDEV STDEV.P STDEV.S STDEVA STDEVP STDEVPA STEYX
SUBSTITUTE SUBTOTAL SUM SUMIF SUMIFS SUMPRODUCT SUMSQ SUMX2MY2 SUMX2PY2 SUMXMY2 SWITCH SYD T TAKE TAN TANH
TBILLEQ TBILLPRICE TBILLYIELD TDIST TEXT TEXTAFTER TEXTBEFORE TEXTJOIN TEXTSPLIT TIME TIMEVALUE TINV TOCOL
TODAY TOROW TRANSPOSE TREND TRIM TRIMMEAN TRUE TRUNC TTEST TYPE UNICHAR UNICODE UNIQUE UPPER VALUE
VALUETOTEXT VAR VAR.P VAR.S VARA VARP VARPA VDB VLOOKUP VSTACK WEEKDAY WEEKNUM WEIBULL WORKDAY
WORKDAY.INTL WRAPCOLS WRAPROWS XIRR XLOOKUP XMATCH XNPV XOR YEAR YEARFRAC YIELD YIELDDISC YIELDMAT ZTEST
"""
RECKONING = frozenset(OF_CELLS.split())
"""Functions that give a value of cells of the same workbook and do nothing else (ECMA-376, newer ones, and WPS)."""


NO_FORMULAS = (".rels", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".bin")


def parts_with_formulas(package: Package, sheets: Sequence[Listed]) -> list[str]:
    """The parts in which formulas can stand; a sheet is one of them whatever it is called."""
    others = (one for one in package.under("") if not one.lower().endswith(NO_FORMULAS))
    return list(dict.fromkeys([*(package.spelt(one.part) for one in sheets), *others]))


def what_reaches_out(formula: str) -> str:
    """What in a formula does more than reckon: a function's name, DDE or another file; empty if nothing does."""
    said = TEXT.sub("", formula)
    bare = OF_A_TABLE.sub("", QUOTED_SHEET.sub("", said)).upper()
    for name, signs in REACHES_OUT.items():
        if signs.search(bare):
            return name
    if any(NO_SHEET.search(one) for one in QUOTED_SHEET.findall(said)):
        return "外部引用"
    called = map(bare_name, CALLED.findall(bare))
    return next((one for one in called if one not in RECKONING), "")


def bare_name(called: str) -> str:
    for prefix in PREFIXES:
        called = called.removeprefix(prefix)
    return called


def put_out_of_work(xml: bytes) -> bytes:
    """The part, in UTF-8, with every formula that does more than reckon replaced by a text."""
    return FORMULA.sub(_harmless, xml)


def active_formulas(xml: bytes) -> Iterator[tuple[re.Match[bytes], str]]:
    """Every formula of a part in UTF-8 that does more than reckon, and what it does."""
    if b"<!DOCTYPE" in xml:
        raise Damaged("a document type is declared")
    for found in FORMULA.finditer(xml):
        what = _what(found)
        if what:
            yield found, what


def _harmless(found: re.Match[bytes]) -> bytes:
    return b"<" + found["tag"] + OUT_OF_WORK + found["closed"] if _what(found) else found[0]


def _what(found: re.Match[bytes]) -> str:
    inside = found["inside"]
    return what_reaches_out(unescape(WRAPPING.sub("", inside.decode("utf-8", "replace")))) if inside else ""
