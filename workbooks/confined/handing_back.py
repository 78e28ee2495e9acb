"""Handing a town's file back with its findings marked: made apart, as everything that touches strangers' files."""

from __future__ import annotations

from rules.dossiers.checks.annotation import Annotation
from rules.refusals import Refused
from workbooks.confined.client import ask_apart
from workbooks.file.guard import refuse_unreadable

NOT_ANNOTATED = Refused(
    "not_annotated", "这个文件无法加标注(内部结构特殊或已损坏)。请按页面上的问题清单，在您的原文件中修改。"
)


def annotate_apart(data: bytes, told: Annotation) -> bytes | Refused:
    """The annotated copy, made in the reading process."""
    foreign = refuse_unreadable(data)
    if foreign:
        return foreign
    answer = ask_apart("annotate", data, told)
    # What comes out of there was made from a stranger's file: it is looked at like one.
    return NOT_ANNOTATED if answer is None or refuse_unreadable(answer) else answer
