"""The house is one house: its rooms are named alike wherever a machine reads them, and no folder outgrows a glance."""

from __future__ import annotations

import ast
import configparser
import re
from collections import Counter

import pytest

from commands.test import rooms
from config.places import ROOT

MOST = 15 + 1
"""Modules in a folder, and its ``__init__``."""
LISTS = {
    "records/schema/migrations/versions": "a migration is never moved",
    "commands": "the path of a command is what one types",
    "commands/people": "likewise",
}
"""Folders that may grow, and why."""
CONTRACTS = configparser.ConfigParser()
CONTRACTS.read(ROOT / ".importlinter")
FORBIDDEN = [section for section in CONTRACTS.values() if section.get("type") == "forbidden"]


def words(text: str) -> list[str]:
    return text.replace("|", " ").split()


def test_rooms_are_the_packages_that_lie_there() -> None:
    assert sorted(rooms()) == sorted(path.parent.name for path in ROOT.glob("*/__init__.py"))


def test_rooms_of_the_import_contracts_are_all_rooms() -> None:
    layers = words(CONTRACTS["importlinter:contract:layers"]["layers"])

    assert words(CONTRACTS["importlinter"]["root_packages"]) == sorted(rooms())
    assert sorted(layers) == sorted(rooms())


LIBRARIES = sorted(
    {name for section in FORBIDDEN for name in words(section["forbidden_modules"])} - {*rooms()}
)


@pytest.mark.parametrize("library", LIBRARIES)
def test_library_is_kept_out_of_every_room_that_does_not_import_it(library: str) -> None:
    """A room that neither imports it nor is forbidden to would be a hole for the next one."""
    keeping = [section for section in FORBIDDEN if library in words(section["forbidden_modules"])]
    kept_out = {room for section in keeping for room in words(section["source_modules"])}
    together = "|".join(name for section in keeping for name in words(section["forbidden_modules"]))

    assert kept_out | {room for room in rooms() if imports(room, together)} == set(rooms())


def imports(room: str, libraries: str) -> bool:
    line = re.compile(rf"^\s*(?:import|from) (?:{libraries})\b", re.MULTILINE)
    return any(line.search(file.read_text(encoding="utf-8")) for file in (ROOT / room).rglob("*.py"))


def test_folder_holds_no_more_modules_than_one_glance_takes_in() -> None:
    folders = [path.parent for room in (*rooms(), "tests") for path in (ROOT / room).rglob("*.py")]
    modules = Counter(str(folder.relative_to(ROOT)) for folder in folders)

    assert {folder: many for folder, many in modules.items() if many > MOST and folder not in LISTS} == {}


PYTHONS_OWN = {"int", "float", "Fraction", "Decimal", "fromisoformat"}
"""They take signs of other scripts, exponents and weeks, and choke on five thousand digits."""
OF_OUR_OWN = {
    "portal/people/passwords.py": "the clock, and what the library reckoned",
    "portal/web/language.py": "points that are kept",
    "portal/dossiers/findings.py": "facts that are kept",
    "portal/dossiers/web_form.py": "places that the checks name",
    "portal/review/inbox.py": "totals that are kept",
    "portal/review/together.py": "totals that are kept",
    "commands/audit/verify.py": "at most eighteen digits, by their pattern",
    "commands/ledger/show.py": "amounts that are kept",
    "commands/terminal/rehearsal_table.py": "moments that a rehearsal wrote",
}


def test_what_people_type_is_read_by_one_rule() -> None:
    """Numbers and days of a form, an address or a command line are read in ``rules/entries.py``."""
    files = [file for room in ("portal", "commands") for file in (ROOT / room).rglob("*.py")]
    names = {
        str(file.relative_to(ROOT)) for file in files if reads_by_itself(file.read_text(encoding="utf-8"))
    }

    assert names - OF_OUR_OWN.keys() == set()


def reads_by_itself(source: str) -> bool:
    calls = (node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return any(getattr(one, "id", getattr(one, "attr", "")) in PYTHONS_OWN for one in calls)
