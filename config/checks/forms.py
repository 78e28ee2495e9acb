"""What must hold in ``forms.yaml``."""

from __future__ import annotations

from config.checks.conditions import Draft, Mistakes, among, holds, unique
from config.mistakes import Mistake
from rules.campaign.forms import CAMPAIGN, SPANS, Column, Field, Forms
from rules.dossiers.checks.kinds import FINDINGS
from rules.dossiers.roster import HOUSEHOLD

FILE = "forms.yaml"
SHEETS = ("scores", "roster", "survey", "recommendation")
COLUMN_KINDS = ("text", "id_number", "choice", "choices", "date", "integer")
FIELD_KINDS = ("text", "paragraph", "integer", "number", "date", "stamp")
NEED_WORDS = ("required", "conditional", "optional", "automatic")
COLUMNS_NEEDED = {"name": "姓名", "id_number": "身份证号", HOUSEHOLD: "户编号"}
"""Columns that checks look into: duplicates, and households in which nobody works."""
KINDS_NEEDED = {"name": "text", "id_number": "id_number", HOUSEHOLD: "text"}
"""Of what kind they are: an identity number that is mere text would be neither checked nor sealed."""
COUNTS_NEEDED = {"able_and_willing": "有劳动能力和就业愿望人数", "employed": "就业人数"}
"""Counts that the ranking and the check for such households use."""


def check_forms(draft: Draft) -> Mistakes:
    forms: Forms = draft["forms"]
    keys = tuple(key for key, _ in forms.sheets)
    yield from holds(keys == SHEETS, FILE, "sheets", "、".join(keys), f"须依次为:{'、'.join(SHEETS)}")
    yield from unique(FILE, "sheets", (title for _, title in forms.sheets))
    for _, title in forms.sheets:
        short = 0 < len(title) <= 31 and not set(title) & set("[]:*?/\\")
        yield from holds(short, FILE, "sheets", title, "工作表名为1至31字,不含 [ ] : * ? / \\")
    yield from check_columns(forms)
    yield from check_counts(forms)
    yield from check_fields("survey", forms.survey, forms)
    yield from check_fields("recommendation", forms.recommendation, forms)
    yield from check_rules(forms)


def check_rules(forms: Forms) -> Mistakes:
    """Ages, sums and trials name what there is."""
    yield from unique(FILE, "ages.sex", (one.sex for one in forms.ages))
    for n, one in enumerate(forms.ages):
        yield from among(FILE, f"ages[{n}].sex", one.sex, ("男", "女"))
        span = 0 <= one.youngest <= one.oldest
        yield from holds(span, FILE, f"ages[{n}]", f"{one.youngest}至{one.oldest}", "须从小到大")
    numbers = [field.key for field in forms.survey if field.kind in ("integer", "number")]
    for n, wanted in enumerate(forms.sums):
        for key in wanted.figures():
            yield from among(FILE, f"sums[{n}]", key, numbers)
    for code in forms.trial:
        yield from among(FILE, "trial", code, FINDINGS)


def check_columns(forms: Forms) -> Mistakes:
    yield from unique(FILE, "roster.key", (column.key for column in forms.roster))
    yield from unique(FILE, "roster.title", (column.title for column in forms.roster))
    there = {column.key for column in forms.roster}
    for key, title in COLUMNS_NEEDED.items():
        yield from holds(key in there, FILE, f"roster.{key}", "缺少", f"花名册须有键为 {key} 的一列({title})")
    for n, column in enumerate(forms.roster):
        sealed = column.kind != "id_number" or column.key == "id_number"
        at = f"roster[{n}]({column.key}).key"
        yield from holds(sealed, FILE, at, column.key, "kind 为 id_number 的一列,键须为 id_number")
        yield from check_column(f"roster[{n}]({column.key})", column, forms)


def check_column(at: str, column: Column, forms: Forms) -> Mistakes:
    yield from among(FILE, f"{at}.kind", column.kind, COLUMN_KINDS)
    yield from among(FILE, f"{at}.need", column.need, NEED_WORDS)
    listed = bool(column.choices) == (column.kind in ("choice", "choices"))
    named = "、".join(column.choices) or "缺少"
    yield from holds(listed, FILE, f"{at}.choices", named, "choice、choices 须有选项,其他不得有")
    yield from unique(FILE, f"{at}.choices", column.choices)
    wanted = KINDS_NEEDED.get(column.key, column.kind)
    yield from holds(
        column.kind == wanted, FILE, f"{at}.kind", column.kind, f"{column.key} 列须为 kind: {wanted}"
    )
    yield from check_span(at, column)
    yield from holds(column.width > 0, FILE, f"{at}.width", column.width, "须大于0")
    conditional = bool(column.needed_when) == (column.need == "conditional")
    yield from holds(conditional, FILE, f"{at}.needed_when", column.need, "conditional 须写明,其他不得有")
    if column.needed_when:
        yield from check_condition(f"{at}.needed_when", forms, column.needed_when)


def check_span(at: str, asked: Column | Field) -> Mistakes:
    yield from among(FILE, f"{at}.within", asked.within, SPANS)
    dated = asked.kind == "date" or asked.within == CAMPAIGN
    yield from holds(dated, FILE, f"{at}.within", asked.within, "只有 kind: date 的才写 within")


def check_condition(at: str, forms: Forms, condition: tuple[str, tuple[str, ...]]) -> Mistakes:
    key, values = condition
    columns: dict[str, Column] = {column.key: column for column in forms.roster}
    yield from among(FILE, at, key, columns)
    for value in values if key in columns else ():
        yield from among(FILE, f"{at}.{key}", value, columns[key].choices)


def check_counts(forms: Forms) -> Mistakes:
    yield from unique(FILE, "counts.key", (count.key for count in forms.counts))
    there = {count.key for count in forms.counts}
    for key, title in COUNTS_NEEDED.items():
        yield from holds(key in there, FILE, f"counts.{key}", "缺少", f"须有键为 {key} 的统计数({title})")
    for n, count in enumerate(forms.counts):
        for condition in count.where:
            yield from check_condition(f"counts[{n}]({count.key}).where", forms, condition)


def check_fields(form: str, asked: tuple[Field, ...], forms: Forms) -> Mistakes:
    counts = [count.key for count in forms.counts]
    yield from unique(FILE, f"{form}.key", (field.key for field in asked))
    yield from unique(FILE, f"{form}.title", (field.title for field in asked))
    if not asked:
        yield Mistake(FILE, form, "[]", "至少一项")
    for n, field in enumerate(asked):
        at = f"{form}[{n}]({field.key})"
        yield from among(FILE, f"{at}.kind", field.kind, FIELD_KINDS)
        yield from among(FILE, f"{at}.need", field.need, NEED_WORDS)
        yield from check_span(at, field)
        if field.count:
            yield from among(FILE, f"{at}.count", field.count, counts)
