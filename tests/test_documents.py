"""The documents agree with the project: links, files, names, commands and shelves that they speak of are there."""

from __future__ import annotations

import ast
import configparser
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest
import yaml

from commands.main import main
from commands.test import rooms
from config.places import ROOT

DOCS = ROOT / "docs"
DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))
ON_TOP = [ROOT / f"{name}.md" for name in ("README", "README.zh", "CHANGELOG", "CONTRIBUTING", "SECURITY")]
PAGES = [*ON_TOP, *sorted(DOCS.rglob("*.md"))]
ARCHITECTURE = (DOCS / "architecture.md").read_text(encoding="utf-8")

LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")
FENCE = re.compile(r"^[ ]*```.*?^[ ]*```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
FILE = re.compile(rf"(?:{'|'.join((*rooms(), 'tests', 'docs'))})/[\w./-]+\.\w+")
MODULE = re.compile(rf"(?:{'|'.join(rooms())})(?:\.\w+)+")
COMMAND = re.compile(r"(?:^|(?<!\S)\./)hqe((?: [^\s#&;>]+)+)")
MADE = re.compile(r"^[ ]*```\w+ file=(\S+)", re.MULTILINE)
"""What a recipe has its reader write; a test of its own follows it."""

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose_of(page: Path) -> str:
    """The page without its fenced blocks."""
    return FENCE.sub("", text_of(page))


def quoted(page: Path) -> Iterator[str]:
    """What a page sets as code, in a line or by itself."""
    plain = prose_of(page)
    yield from (" ".join(code.split()) for code in CODE.findall(plain))
    yield from (line.strip() for line in plain.splitlines() if line.startswith("    "))


# --- where links lead ----------------------------------------------------------------------------


@every_page
def test_page_links_only_to_what_is_there(page: Path) -> None:
    links = {(page.parent / path, anchor) for path, anchor in LINK.findall(prose_of(page)) if path}

    assert [path for path, _ in links if not path.exists()] == []
    assert [(path, anchor) for path, anchor in links if anchor and anchor not in anchors(path)] == []


@cache
def anchors(page: Path) -> frozenset[str]:
    """The headings of a page as a link names them."""
    headings = re.findall(r"^#+ (.*)$", prose_of(page), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings)


def test_every_page_is_reached_from_the_index() -> None:
    reached, ahead = set[Path](), [DOCS / "README.md"]
    while ahead:
        page = ahead.pop().resolve()
        if page not in reached and page.suffix == ".md":
            reached.add(page)
            ahead += [page.parent / path for path, _ in LINK.findall(prose_of(page)) if path]

    assert [page for page in PAGES if page not in reached] == []


# --- what pages name -----------------------------------------------------------------------------


@every_page
def test_page_names_only_files_that_are_there(page: Path) -> None:
    named = {code for code in quoted(page) if FILE.fullmatch(code)} - set(MADE.findall(text_of(page)))

    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@every_page
def test_page_names_only_modules_and_functions_that_are_there(page: Path) -> None:
    named = {code for code in quoted(page) if MODULE.fullmatch(code) and not FILE.fullmatch(code)}

    assert [name for name in sorted(named) if not is_there(name)] == []


def is_there(name: str) -> bool:
    """A module or package, or what a module defines on its first level."""
    outer, _, inner = name.rpartition(".")
    place, module = ROOT / name.replace(".", "/"), ROOT / f"{outer.replace('.', '/')}.py"
    if place.is_dir() or place.with_suffix(".py").exists():
        return True
    return module.exists() and inner in defined_in(module)


def defined_in(module: Path) -> set[str]:
    return {name for node in ast.parse(text_of(module)).body for name in names_of(node)}


def names_of(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [one.id for one in targets if isinstance(one, ast.Name)]


@every_page
def test_page_names_only_tests_that_are_there(page: Path) -> None:
    named = {code for code in quoted(page) if re.fullmatch(r"test_\w+_\w+_\w+", code)}

    assert sorted(named - known_tests()) == []


@cache
def known_tests() -> frozenset[str]:
    files = (ROOT / "tests").rglob("test_*.py")
    return frozenset(name for file in files for name in re.findall(r"^def (test_\w+)", text_of(file), re.M))


@every_page
def test_page_names_only_commands_and_options_that_are_there(page: Path) -> None:
    typed = {words for code in quoted(page) for words in COMMAND.findall(code)}

    assert [words for words in sorted(typed) if not can_be_typed(words.split())] == []


def can_be_typed(words: list[str]) -> bool:
    """Whether these words name a command, and every option behind it is one of its own."""
    found: click.Command = main
    while isinstance(found, click.Group) and words and not words[0].startswith("-"):
        if words[0] == "...":
            return True
        word, *words = words
        if any(sign in word for sign in "/|"):
            return all(can_be_typed_in(found, one) for one in re.split(r"[/|]", word))
        if not can_be_typed_in(found, word):
            return False
        found = found.commands[word]
    options = {name for one in found.params for name in (*one.opts, *one.secondary_opts)} | {"--help"}
    # What follows `test` is for pytest.
    return words[:1] == ["test"] or found.name == "test" or options.issuperset(options_in(words))


def can_be_typed_in(group: click.Group, word: str) -> bool:
    return word in group.commands


def options_in(words: list[str]) -> Iterator[str]:
    yield from (re.split(r"[=,;)，]", word)[0] for word in words if word.startswith("-") and word != "-")


# --- the house as it is drawn --------------------------------------------------------------------


def section(title: str) -> str:
    return ARCHITECTURE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_architecture_names_every_room() -> None:
    named = re.findall(r"^\| `(\w+)/` \|", section("Layers"), re.MULTILINE)

    assert sorted(named) == sorted((*rooms(), "tests", "docs"))


def test_picture_of_the_layers_is_the_contract() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    layers = re.findall(r"\w+", contracts["importlinter:contract:layers"]["layers"])
    drawn = re.findall(r'class="name"[^>]*>(\w+)<', text_of(DOCS / "pictures" / "layers.svg"))

    assert drawn == layers


def test_shelves_are_those_that_architecture_names() -> None:
    subjects, technical = section("Shelves").split("a shelf is technical")
    common = set(re.findall(r"^\| `(\w+)` \|", subjects, re.MULTILINE))
    own = {
        room: set(re.findall(r"`(\w+)`", told))
        for room, told in re.findall(r"^\| `(\w+)` \| (.*) \|$", technical, re.MULTILINE)
    }

    strange = {
        room: shelves_of(room) - common - own.get(room, set()) for room in rooms() if room != "commands"
    }

    assert {room: found for room, found in strange.items() if found} == {}
    assert {room: own[room] - shelves_of(room) for room in own if own[room] - shelves_of(room)} == {}
    assert len(common) == 11


def shelves_of(room: str) -> set[str]:
    return {path.name for path in (ROOT / room).iterdir() if path.is_dir() and path.name != "__pycache__"}


def test_flow_files_are_named_like_no_other_room() -> None:
    names = {file.stem for file in (ROOT / "flows").glob("*.py")} - {"__init__"}

    assert names & set(rooms()) == set()


# --- pages with a form of their own --------------------------------------------------------------


def test_readmes_of_both_languages_type_the_same() -> None:
    typed = [
        [line.split("   #")[0].strip() for line in text_of(page).splitlines() if line.startswith("    ")]
        for page in ON_TOP[:2]
    ]

    assert typed[0] == typed[1]
    assert [text_of(page).count("\n## ") for page in ON_TOP[:2]] == [5, 5]


def test_readmes_are_short() -> None:
    assert [page.name for page in ON_TOP[:2] if len(text_of(page).splitlines()) > 80] == []


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_decision_says_since_when_it_stands_what_was_decided_and_why(page: Path) -> None:
    text = text_of(page)

    assert re.match(r"# .+\n\n\*\*Status\.\*\* (Accepted|Replaced) 20\d\d-\d\d-\d\d", text)
    assert [word for word in ("**Decided.**", "**Why") if word not in text] == []


def test_decisions_stand_in_their_index_in_order() -> None:
    listed = re.findall(r"^\d+\. \[.*\]\((.*)\)$", text_of(DOCS / "decisions" / "README.md"), re.MULTILINE)

    assert listed == [page.name for page in DECISIONS]


def test_changelog_divides_what_was_released_from_what_comes() -> None:
    headings = re.findall(r"^## (.*)$", text_of(ROOT / "CHANGELOG.md"), re.MULTILINE)
    released = [heading.split(" - ") for heading in headings[1:]]
    coming = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]["version"]

    assert headings[0] == "Unreleased"
    assert released == sorted(released, key=lambda one: one[1], reverse=True)
    assert coming.endswith(".dev0") or coming == released[0][0]


def test_changelog_tells_each_change_in_two_lines() -> None:
    entries = re.findall(r"^- .*(?:\n  .*)*", text_of(ROOT / "CHANGELOG.md"), re.MULTILINE)

    assert [entry for entry in entries if entry.count("\n") > 1] == []


# --- files for tools -----------------------------------------------------------------------------


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_lock_names_versions_and_hashes_and_no_address(lock: str) -> None:
    lines = text_of(ROOT / lock).splitlines()

    assert [line for line in lines if "://" in line or line.startswith("--index")] == []
    assert sum("--hash=sha256:" in line for line in lines) > 100


def test_hooks_before_a_commit_fetch_nothing_and_start_what_tests_install() -> None:
    [local] = yaml.safe_load(text_of(ROOT / ".pre-commit-config.yaml"))["repos"]
    programs = {hook["entry"].split()[0] for hook in local["hooks"]} - {"sh"}

    assert (local["repo"], {hook["language"] for hook in local["hooks"]}) == ("local", {"system"})
    assert [name for name in programs if not (Path(sys.executable).parent / Path(name).name).exists()] == []
