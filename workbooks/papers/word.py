"""Filling a Word template: text of strangers stays text, and the same facts always give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from rules.refusals import Refused
from rules.signs import has_unseen
from workbooks.reproducible import timeless, unzipped, zipped

WIDTH = Mm(150)


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG that stands in the text."""

    png: bytes


def fill_word(template: bytes, facts: Mapping[str, Any]) -> bytes | Refused:
    """The paper, or which of the template's words cannot be filled in."""
    try:
        paper = DocxTemplate(BytesIO(template))
        paper.init_docx()
        paper.render(_placed(paper, facts), SandboxedEnvironment(undefined=StrictUndefined), autoescape=True)
    except (TemplateError, BadZipFile, KeyError, ValueError) as error:
        return Refused(
            "template_broken", f"文书模板不能填写：{error}。请改正模板，或删去该模板改用自带的模板。"
        )
    target = BytesIO()
    paper.save(target)
    return zipped({name: timeless(name, content) for name, content in unzipped(target.getvalue()).items()})


def _placed(paper: DocxTemplate, value: Any) -> Any:  # noqa: ANN401 - facts are nested as the template needs them
    if isinstance(value, Picture):
        return InlineImage(paper, BytesIO(value.png), width=WIDTH)
    if isinstance(value, Mapping):
        return {key: _placed(paper, one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_placed(paper, one) for one in value]
    return plain(value) if isinstance(value, str) else value


def plain(text: str) -> str:
    """Without signs that XML does not know; what looks like a template's words is not run, for it is no template."""
    return "".join(sign for sign in text if not has_unseen(sign))
