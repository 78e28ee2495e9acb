"""What an operator types: the path is the command, each answers --help, and mistakes get a sentence."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from keyword import iskeyword
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from commands.main import main
from config.campaign_folder import campaign_folder, read_campaign
from config.places import ROOT
from records import audit
from records.schema import migrate
from records.sealing.vault import Vault
from records.store import Store
from rehearsal.people.workbooks import fill_dossier

VILLAGE = "331181100200"
README = ROOT / "README.md"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def every_command(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from every_command(command, (*path, name))
        else:
            yield (*path, name)


def place_of(command: tuple[str, ...]) -> str:
    """The module that stands for these words."""
    words = (f"{word}_" if iskeyword(word) else word.replace("-", "_") for word in command)
    return ".".join(("commands", *words))


@pytest.mark.parametrize("command", list(every_command()), ids=" ".join)
def test_command_answers_help_and_stands_in_the_readme(command: tuple[str, ...]) -> None:
    shown = run(*command, "--help")

    assert shown.exit_code == 0
    assert "Usage:" in shown.output
    assert f"./hqe {' '.join(command)}" in README.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", list(every_command()), ids=" ".join)
def test_command_is_written_in_the_file_of_its_path(command: tuple[str, ...]) -> None:
    found: click.Command = main
    for word in command:
        assert isinstance(found, click.Group)
        found = found.commands[word]

    assert found.callback is not None
    assert found.callback.__module__ == place_of(command)


def test_every_file_of_the_tree_is_a_command() -> None:
    files = [path.relative_to(ROOT).with_suffix("") for path in (ROOT / "commands").rglob("*.py")]
    places = {".".join(path.parts) for path in files if path.name != "__init__"}

    commands = {place for place in places if not place.startswith(("commands.main", "commands.terminal."))}

    assert {place_of(command) for command in every_command()} == commands


def test_command_is_reached_without_importing_the_others() -> None:
    asked = (
        "import sys; from commands.main import main; main.commands['gate'].commands['decide'];"
        "print(*sorted(one for one in sys.modules if one.startswith('commands') and 'terminal' not in one))"
    )

    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["commands", "commands.gate", "commands.gate.decide", "commands.main"]


def test_word_that_is_no_command_is_answered_with_one_that_is() -> None:
    refused = run("gate", "decid")

    assert (refused.exit_code, "Did you mean 'decide'?" in refused.output) == (2, True)


def test_campaign_check_of_the_sample_finds_nothing(tmp_path: Path) -> None:
    found = run(
        "campaign", "check", str(campaign_folder("longquan-2020")), "--json", str(tmp_path / "o.json")
    )

    assert (found.exit_code, json.loads((tmp_path / "o.json").read_text())["villages"]) == (0, 48)


def test_campaign_check_of_a_broken_folder_names_file_key_and_value(tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(campaign_folder("longquan-2020"), folder)
    page = folder / "campaign.yaml"
    page.write_text(
        page.read_text(encoding="utf-8").replace("due: 2020-11-15", "due: 2020-11-31"), encoding="utf-8"
    )

    found = run("campaign", "check", str(folder), "--json", str(tmp_path / "o.json"))

    told = "campaign.yaml stages[1].due:现为“2020-11-31”;须为日期,如 2020-11-15"
    assert (found.exit_code, found.output.splitlines()[-2:]) == (1, [f"Error: {folder} 有1处需要改正:", told])
    assert json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))["mistakes"] == [
        {
            "file": "campaign.yaml",
            "key": "stages[1].due",
            "value": "2020-11-31",
            "allowed": "须为日期,如 2020-11-15",
        }
    ]


def test_campaign_new_writes_a_folder_and_tells_what_is_left(tmp_path: Path) -> None:
    target = tmp_path / "longquan-2026"
    command = ("campaign", "new", str(target), "--from", "longquan-2020", "--year", "2026")

    made, again = run(*command), run(*command)

    assert (made.exit_code, read_campaign(target).year) == (0, 2026)
    assert "- [ ] `people.csv`:人员、邮箱、回避乡镇与代理人改为今年的。" in made.output
    assert (again.exit_code, again.output) == (
        1,
        f"Error: {target}:现为“已存在”;不覆盖已有的文件夹,请换一个名称\n",
    )


def test_workbook_check_of_a_good_dossier_says_so(tmp_path: Path) -> None:
    file = tmp_path / "dossier.xlsx"
    file.write_bytes(dossier(plot="good"))

    found = run("workbook", "check", str(file), VILLAGE)

    assert (found.exit_code, "可以上报" in found.output) == (0, True)


def test_workbook_check_of_mistakes_prints_each_and_fails(tmp_path: Path) -> None:
    file, out = tmp_path / "dossier.xlsx", tmp_path / "findings.json"
    file.write_bytes(dossier(plot="mistakes"))

    found = run("workbook", "check", str(file), VILLAGE, "--json", str(out))

    codes = {finding[0] for finding in json.loads(out.read_text())["findings"]}
    assert found.exit_code == 1
    assert {"id_check_digit", "required_blank", "figure_differs"} <= codes


def test_workbook_check_of_something_else_names_it(tmp_path: Path) -> None:
    file = tmp_path / "page.xlsx"
    file.write_bytes(b"<html><table></table></html>")

    found = run("workbook", "check", str(file), VILLAGE)

    assert (found.exit_code, "HTML" in found.output or "网页" in found.output) == (1, True)


def test_workbook_template_of_an_unknown_village_is_refused() -> None:
    found = run("workbook", "template", "331181999999")

    assert (found.exit_code, "区划代码" in found.output) == (1, True)


def dossier(*, plot: str) -> bytes:
    campaign = read_campaign(campaign_folder("longquan-2020"))
    return fill_dossier(campaign, VILLAGE, plot=plot, version=1, seed=7, rows=(40, 60))


@pytest.fixture
def home_with_audit(tmp_path: Path) -> Path:
    store = Store(f"sqlite:///{tmp_path / 'hqe.db'}", vault=Vault(bytes(32)), home=tmp_path)
    migrate.migrate(store.engine)
    with store.writing() as session:
        audit.note(session, at=datetime(2020, 10, 20, tzinfo=UTC), actor="a", act="b", subject="c")
    store.close()
    return tmp_path


def test_audit_verify_of_a_whole_log_says_so(home_with_audit: Path) -> None:
    found = run("audit", "verify", "--home", str(home_with_audit))

    assert (found.exit_code, found.output.startswith("audit log whole: 1 entries")) == (0, True)


def test_audit_verify_of_a_cut_log_names_the_entry(home_with_audit: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(home_with_audit / "hqe.db")
    with connection:
        connection.execute("DELETE FROM audit")
    connection.close()

    found = run("audit", "verify", "--home", str(home_with_audit))

    assert (found.exit_code, "broken at entry 1" in found.output) == (1, True)
