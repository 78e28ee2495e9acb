"""A receipt as an A4 paper that an office files: the same receipt and font always give the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fpdf import FPDF
from fpdf.enums import TableCellFillMode, WrapMode
from fpdf.fonts import FontFace

from rules.dossiers.receipts import Receipt, ReceiptPart
from rules.refusals import Refused
from workbooks.papers.fonts import Font, find_font
from workbooks.reproducible import MOMENT

MARGIN, BOTTOM = 20, 18
WIDTH = 210 - 2 * MARGIN
INK, SOFT, RED, SHADE = (28, 37, 48), (90, 102, 117), (176, 0, 0), (238, 241, 244)
CJK = "cjk"
GROUP = 8
"""A hash is printed in groups of so many signs, for those who compare it by eye."""


class Paper(FPDF):
    """A4 with the mark and the page's number at the foot of every page."""

    def __init__(self, font: Font, *, left: str, right: str) -> None:
        super().__init__(format="A4")
        self.left, self.right = left, right
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(True, margin=BOTTOM + 6)
        self.add_font(CJK, fname=font.file, collection_font_number=font.face)
        self.set_font(CJK, size=10.5)
        # The library writes the present moment, which would make every copy another file.
        self.set_creation_date(MOMENT)

    def footer(self) -> None:
        self.set_y(-BOTTOM)
        self.set_draw_color(*SOFT)
        self.line(MARGIN, self.get_y(), MARGIN + WIDTH, self.get_y())
        self.set_font(CJK, size=8.5)
        self.set_text_color(*RED)
        self.cell(w=WIDTH / 2, h=7, text=self.left)
        self.set_text_color(*SOFT)
        self.cell(w=WIDTH / 2, h=7, text=f"{self.right}  第{self.page_no()}页", align="R")
        self.set_text_color(*INK)


def receipt_pdf(receipt: Receipt, *, font: str = "") -> bytes | Refused:
    """The paper; refused with what to install when there is no Chinese font. ``font`` names a file."""
    found = find_font(font)
    if isinstance(found, Refused):
        return found
    paper = Paper(found, left=receipt.mark, right=f"编号 {receipt.number}")
    paper.set_title(f"{receipt.title} {receipt.number}")
    paper.set_lang("zh-CN")
    paper.add_page()
    _head(paper, receipt)
    _table(paper, list(facts(receipt)), widths=(34, WIDTH - 34))
    if receipt.read:
        _section(paper, f"自评得分：{receipt.read.total}分", receipt.read.sum)
        for part in receipt.read.parts:
            _part(paper, part)
    if receipt.corrections:
        _section(paper, "已自动整理的内容", "")
        _lines(paper, receipt.corrections)
    _section(paper, "下一步", "")
    _lines(paper, [receipt.next_step])
    _sign(paper, receipt)
    return bytes(paper.output())


def facts(receipt: Receipt) -> Iterator[tuple[str, str]]:
    """(title, text) of the upper table, in order."""
    yield "申报单位", f"{receipt.town} {receipt.village}（区划代码 {receipt.village_code}）"
    yield "材料版本", f"第{receipt.version}版，{receipt.size:,}字节"
    yield "上传人", receipt.filed_by
    yield "收件时间", f"{receipt.received}（{receipt.timeliness}）"
    yield "校验时间", receipt.checked or "尚未校验"
    if receipt.checked and not receipt.read:
        yield "校验结果", f"未通过，{receipt.errors}处必须改正" if receipt.errors else "未通过"
    if receipt.read:
        yield "花名册", f"读到{receipt.read.people}行，每行一人，共{receipt.read.people}人"
    if receipt.read and receipt.read.vetoes:
        yield "一票否决项", "、".join(receipt.read.vetoes)
    yield "文件指纹(SHA-256)", grouped(receipt.sha256)
    yield (
        "表格与规则",
        f"表格版本 {receipt.forms_version}，评价指标 {receipt.scheme}，规则版本 {receipt.rules_version}",
    )
    if receipt.audit_length:
        yield "审计日志", f"第{receipt.audit_length}条  {grouped(receipt.audit_head)}"


def grouped(text: str) -> str:
    return " ".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def _head(paper: Paper, receipt: Receipt) -> None:
    paper.set_font(CJK, size=11)
    paper.set_text_color(*SOFT)
    paper.multi_cell(
        WIDTH, 6, f"{receipt.county} · {receipt.campaign}", align="C", new_x="LMARGIN", new_y="NEXT"
    )
    paper.set_text_color(*INK)
    paper.set_font(CJK, size=20)
    paper.multi_cell(WIDTH, 13, receipt.title, align="C", new_x="LMARGIN", new_y="NEXT")
    paper.set_font(CJK, size=9)
    paper.multi_cell(WIDTH, 6, f"编号：{receipt.number}", align="R", new_x="LMARGIN", new_y="NEXT")
    paper.ln(1)


def _table(
    paper: Paper,
    rows: Sequence[Sequence[str]],
    *,
    widths: Sequence[float],
    heads: Sequence[str] = (),
    aligns: Sequence[str] = (),
) -> None:
    """Rows in a frame; without ``heads`` the first column is shaded instead of a first row."""
    paper.set_font(CJK, size=9.5)
    paper.set_draw_color(150, 158, 168)
    shaded = FontFace(fill_color=SHADE)
    with paper.table(
        width=WIDTH,
        col_widths=tuple(widths),
        text_align=tuple(aligns) or "LEFT",
        line_height=5.4,
        padding=1.2,
        first_row_as_headings=bool(heads),
        headings_style=shaded,
        cell_fill_mode=TableCellFillMode.NONE,
        wrapmode=WrapMode.CHAR,
        v_align="MIDDLE",
    ) as table:
        for texts in [*([heads] if heads else []), *rows]:
            row = table.row()
            for column, text in enumerate(texts):
                row.cell(text, style=shaded if not heads and column == 0 else None)
    paper.ln(3)


def _section(paper: Paper, title: str, text: str) -> None:
    if paper.will_page_break(30):
        paper.add_page()
    paper.set_font(CJK, size=12)
    paper.multi_cell(WIDTH, 8, title, new_x="LMARGIN", new_y="NEXT")
    if text:
        _lines(paper, [text])


def _lines(paper: Paper, texts: Sequence[str]) -> None:
    paper.set_font(CJK, size=9.5)
    for text in texts:
        paper.multi_cell(WIDTH, 5.6, text, wrapmode=WrapMode.CHAR, new_x="LMARGIN", new_y="NEXT")
    paper.ln(1.5)


def _part(paper: Paper, part: ReceiptPart) -> None:
    heads = (f"{part.title}", "满分", "得分", "怎样得出")
    rows = [(f"{one.indicator} {one.name}", one.maximum, one.points, one.how) for one in part.lines]
    rows.append(("小计", part.maximum, part.points, ""))
    _table(
        paper, rows, widths=(62, 15, 15, WIDTH - 92), heads=heads, aligns=("LEFT", "RIGHT", "RIGHT", "LEFT")
    )


def _sign(paper: Paper, receipt: Receipt) -> None:
    """Where the office signs, and how the paper is checked against the program."""
    if paper.will_page_break(24):
        paper.add_page()
    check = "本回执由系统生成，内容与系统记录一致；不含任何人的身份证号。"
    if receipt.audit_length:
        check += "凭文件指纹可核对上报的是哪一份文件，凭审计日志可核对记录没有改动。"
    paper.set_text_color(*SOFT)
    _lines(paper, [check])
    paper.set_text_color(*INK)
    paper.ln(3)
    paper.set_font(CJK, size=10)
    for text in ("乡镇(街道)经办人：", "乡镇(街道)分管领导："):
        paper.cell(WIDTH / 2, 8, text)
    paper.ln(10)
