"""What must hold in ``forms.yaml``."""

from __future__ import annotations

from collections.abc import Iterator

from config.checks.conditions import Draft, among, holds, unique
from config.mistakes import Mistake
from rules.campaign import Column, Forms

SHEETS = ("scores", "roster", "survey", "recommendation")
COLUMN_KINDS = ("text", "id_number", "choice", "choices", "date", "integer")
FIELD_KINDS = ("text", "paragraph", "integer", "number", "date", "stamp")
NEED_WORDS = ("required", "conditional", "optional", "automatic")
KEY_COLUMNS = ("name", "id_number")


def check_forms(draft: Draft) -> Iterator[Mistake]:
    file = "forms.yaml"
    forms: Forms = draft["forms"]
    keys = tuple(key for key, _ in forms.sheets)
    yield from holds(keys == SHEETS, file, "sheets", "、".join(keys), f"须依次为:{'、'.join(SHEETS)}")
    yield from unique(file, "sheets", (title for _, title in forms.sheets))
    for _, title in forms.sheets:
        short = len(title) <= 31 and not set(title) & set("[]:*?/\\")
        yield from holds(short, file, "sheets", title, "工作表名不超过31字,不含 [ ] : * ? / \\")
    yield from check_columns(file, forms)
    yield from check_counts(file, forms)
    for form in ("survey", "recommendation"):
        yield from check_fields(file, forms, form)


def check_columns(file: str, forms: Forms) -> Iterator[Mistake]:
    yield from unique(file, "roster.key", (column.key for column in forms.roster))
    yield from unique(file, "roster.title", (column.title for column in forms.roster))
    for key in set(KEY_COLUMNS) - {column.key for column in forms.roster}:
        yield Mistake(file, f"roster.{key}", "缺少", "花名册须有姓名与身份证号两列")
    for n, column in enumerate(forms.roster):
        at = f"roster[{n}]"
        yield from among(file, f"{at}.kind", column.kind, COLUMN_KINDS)
        yield from among(file, f"{at}.need", column.need, NEED_WORDS)
        listed = bool(column.choices) == (column.kind in ("choice", "choices"))
        yield from holds(
            listed, file, f"{at}.choices", "、".join(column.choices), "choice、choices 须有选项,其他不得有"
        )
        if column.needed_when:
            yield from check_condition(file, f"{at}.needed_when", forms, column.needed_when)


def check_condition(
    file: str, at: str, forms: Forms, condition: tuple[str, tuple[str, ...]]
) -> Iterator[Mistake]:
    key, values = condition
    columns: dict[str, Column] = {column.key: column for column in forms.roster}
    yield from among(file, at, key, columns)
    for value in values if key in columns else ():
        yield from among(file, f"{at}.{key}", value, columns[key].choices)


def check_counts(file: str, forms: Forms) -> Iterator[Mistake]:
    yield from unique(file, "counts.key", (count.key for count in forms.counts))
    for n, count in enumerate(forms.counts):
        for condition in count.where:
            yield from check_condition(file, f"counts[{n}].where", forms, condition)


def check_fields(file: str, forms: Forms, form: str) -> Iterator[Mistake]:
    fields = getattr(forms, form)
    yield from unique(file, f"{form}.key", (field.key for field in fields))
    yield from unique(file, f"{form}.title", (field.title for field in fields))
    for n, field in enumerate(fields):
        yield from among(file, f"{form}[{n}].kind", field.kind, FIELD_KINDS)
        yield from among(file, f"{form}[{n}].need", field.need, NEED_WORDS)
        if field.count:
            yield from among(file, f"{form}[{n}].count", field.count, [count.key for count in forms.counts])
