"""The rules import nothing but the standard library and each other."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import rules

FILES = sorted(Path(rules.__file__).parent.rglob("*.py"))


def imported(tree: ast.Module) -> set[str]:
    plain = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    froms = {
        "." * node.level + (node.module or "") for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
    }
    return {name.split(".")[0] for name in plain | froms}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_rules_file_imports_only_standard_library_and_rules(file: Path) -> None:
    assert imported(ast.parse(file.read_text("utf-8"))) - sys.stdlib_module_names <= {"rules"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_rules_file_opens_with_one_sentence(file: Path) -> None:
    opening = ast.get_docstring(ast.parse(file.read_text("utf-8")))

    assert opening is not None
    assert opening.splitlines()[0].endswith(".")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_rules_file_never_reads_the_clock(file: Path) -> None:
    called = {
        node.func.attr
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }

    assert called.isdisjoint({"now", "today", "utcnow", "monotonic"})
