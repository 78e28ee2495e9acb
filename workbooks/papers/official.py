"""Papers in the layout of Chinese official documents (GB/T 9704): the templates that ship, made anew as Word files.

A4, the type area 156 mm by 225 mm, titles in small Song of size 2, bodies in imitation Song of size 3 with lines
28 points apart, a red head where the office has one, numbers of pages between dashes. A bureau edits the files in
Word or WPS; what stands between braces is filled in by ``docxtpl``.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

TITLE, BODY, HEADING, HEAD = "方正小标宋简体", "仿宋_GB2312", "黑体", "方正小标宋简体"
SIZE_2, SIZE_3, SIZE_4, SIZE_5 = Pt(22), Pt(16), Pt(14), Pt(10.5)
LINES = Pt(28)
RED = RGBColor(0xC0, 0, 0)
GREY = RGBColor(0x55, 0x55, 0x55)
TOP, BOTTOM, LEFT, RIGHT = Mm(37), Mm(35), Mm(28), Mm(26)
SMALL = Pt(11)
ALIGNED = {
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
INDENT = Pt(32)
"""Two signs of size 3."""


def blank(*, landscape: bool = False) -> Paper:
    """An empty page with margins, type and page numbers of the standard."""
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.left_margin, section.right_margin = LEFT, RIGHT
    section.footer_distance = Mm(18)
    if landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (Mm(26),) * 4
    style = paper.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", SIZE_3
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY)
    _page_numbers(section.footer.paragraphs[0])
    _traces(section.footer.add_paragraph())
    return paper


def saved(paper: Paper) -> bytes:
    target = BytesIO()
    paper.save(target)
    return target.getvalue()


def red_head(paper: Paper) -> None:
    """The office's name in red over a red line, and the number; left out where no name is set."""
    line(paper, "{%p if red_head %}")
    head = line(paper, "{{ red_head }}", align="center", font=HEAD, size=Pt(26), colour=RED)
    head.paragraph_format.space_after = Pt(12)
    number = line(paper, "{{ number }}", align="center")
    _underline(number)
    line(paper, "{%p endif %}")


def title(paper: Paper, text: str) -> None:
    made = line(paper, text, align="center", font=TITLE, size=SIZE_2)
    made.paragraph_format.space_before = Pt(14)
    made.paragraph_format.space_after = Pt(8)
    made.paragraph_format.line_spacing = Pt(34)


def body(paper: Paper, *texts: str) -> None:
    for text in texts:
        line(paper, text, indent=True)


def heading(paper: Paper, text: str) -> None:
    line(paper, text, indent=True, font=HEADING)


def signature(paper: Paper, *offices: str, day: str = "{{ day }}") -> None:
    """Where an office signs and seals, and the day, with the space that a seal needs."""
    for office in offices:
        made = line(paper, office, align="right")
        made.paragraph_format.space_before = Pt(28)
        made.paragraph_format.keep_with_next = True
        made.paragraph_format.right_indent = Pt(32)
    dated = line(paper, day, align="right")
    dated.paragraph_format.right_indent = Pt(32)


def chart(paper: Paper, name: str) -> None:
    """Where a picture stands: lines of a fixed height would cut it off."""
    made = line(paper, f"{{{{ {name} }}}}", align="center")
    made.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE


def line(
    paper: Paper | _Cell,
    text: str,
    *,
    align: str = "",
    indent: bool = False,
    font: str = "",
    size: Pt = SIZE_3,
    colour: RGBColor | None = None,
) -> Paragraph:
    made = paper.add_paragraph()
    shape = made.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, LINES
    if size > LINES:
        shape.line_spacing = Pt(size.pt * 1.4)
    if indent:
        shape.first_line_indent = INDENT
    if align:
        made.alignment = ALIGNED[align]
    write(made, text, font=font, size=size, colour=colour)
    return made


def write(
    made: Paragraph, text: str, *, font: str = "", size: Pt = SIZE_3, colour: RGBColor | None = None
) -> None:
    run = made.add_run(text)
    run.font.size = size
    if font:
        run.font.name = font
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if colour is not None:
        run.font.color.rgb = colour


def table(paper: Paper, columns: Sequence[tuple[str, str, float]], rows: str, *, size: Pt = SIZE_4) -> None:
    """A framed table with a row for each of ``rows``: (title, what stands in the cell, width in mm) each."""
    made = paper.add_table(rows=4, cols=len(columns))
    made.style = "Table Grid"
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    for place, (name, content, width) in enumerate(columns):
        made.columns[place].width = Mm(width)
        cells = [row.cells[place] for row in made.rows]
        for cell in cells:
            cell.width = Mm(width)
        _fill(cells[0], name, font=HEADING, size=size)
        _fill(cells[2], content, size=size)
    _fill(made.rows[1].cells[0], f"{{%tr for row in {rows} %}}", size=size)
    _fill(made.rows[3].cells[0], "{%tr endfor %}", size=size)
    _repeat(made.rows[0]._tr)
    _unsplit(made.rows[2]._tr)


def form(paper: Paper, rows: Sequence[tuple[str, str]], *, first: float = 40, second: float = 116) -> None:
    """A framed form: what is asked on the left, what was answered on the right."""
    made = paper.add_table(rows=len(rows), cols=2)
    made.style = "Table Grid"
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    made.columns[0].width, made.columns[1].width = Mm(first), Mm(second)
    for row, (name, content) in zip(made.rows, rows, strict=True):
        row.cells[0].width, row.cells[1].width = Mm(first), Mm(second)
        _fill(row.cells[0], name, font=HEADING, size=SIZE_4)
        _fill(row.cells[1], content, size=SIZE_4, align="left")
        if content.startswith("\n"):
            _unsplit(row._tr)


def page_break(paper: Paper, condition: str) -> None:
    line(paper, f"{{%p if {condition} %}}")
    paper.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    line(paper, "{%p endif %}")


def _fill(cell: _Cell, text: str, *, font: str = "", size: Pt = SIZE_4, align: str = "center") -> None:
    made = cell.paragraphs[0]
    made.alignment = ALIGNED[align]
    made.paragraph_format.space_before = made.paragraph_format.space_after = Pt(2)
    write(made, text, font=font, size=size)


def _repeat(row: object) -> None:
    _mark(row, "w:tblHeader")


def _unsplit(row: object) -> None:
    _mark(row, "w:cantSplit")


def _mark(row: object, name: str) -> None:
    row.get_or_add_trPr().append(OxmlElement(name))  # type: ignore[attr-defined]


def _underline(made: Paragraph) -> None:
    """The red line below a head."""
    border = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "18"), ("space", "8"), ("color", "C00000")):
        bottom.set(qn(f"w:{key}"), value)
    border.append(bottom)
    made._p.get_or_add_pPr().append(border)


def _page_numbers(made: Paragraph) -> None:
    made.alignment = WD_ALIGN_PARAGRAPH.CENTER
    write(made, "— ", size=SIZE_4)
    run = made.add_run()
    run.font.size = SIZE_4
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.text = text
        run._r.append(part)
    write(made, " —", size=SIZE_4)


def _traces(made: Paragraph) -> None:
    """Number, edition and the end of the audit log, small; and the mark of a scheme that is no official one."""
    made.alignment = WD_ALIGN_PARAGRAPH.CENTER
    write(made, "{{ trace }}", size=Pt(8), colour=GREY)
