"""Every command that prints or writes anything, typed while a second review is open: nothing of the first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from commands.main import main
from config.campaign_folder import campaign_folder
from records import clock
from records.store import Store
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from tests import blind_review
from tests.actions.conftest import CAMPAIGN_ID, local
from tests.blind_review import SECOND, SUBJECT, VILLAGE, gate_named, leaks
from tests.commands.conftest import Run

ACTS = {
    "audit seal", "calendar import", "calendar set", "campaign open", "extend", "gate code", "gate decide",
    "gate score", "key rotate", "ledger paid", "ledger result", "outage decline", "outage extend", "steer",
    "people activate", "people away", "people back", "people confirm", "people conflict",
    "people deactivate", "people decline", "people deputy", "people import", "people invite", "people review",
    "people revoke-token", "people token", "reassign", "restore", "retention run", "stage close",
    "setup", "stage reopen", "town paper", "town survey", "up", "upgrade", "village visit", "workbook submit",
    "workbook withdraw", "year change", "year confirm", "year import", "year open", "year service",
}  # fmt: skip
"""They act, and say what they did."""
ELSEWHERE = {
    "bundle", "papers make", "papers templates", "parts", "calendar show", "campaign check", "campaign move",
    "campaign new", "rehearse", "site", "test", "translations", "business compare", "business import",
    "workbook annotate", "workbook check", "workbook diff", "workbook roster", "workbook template",
    "workbook unmask", "year missing", "year overdue", "year state",
}  # fmt: skip
"""They know nothing of a review under way, like every benchmark: other databases, files of towns."""


FINISHED_ONLY = {"backtest", "campaign publish"}
"""Refused while anything is reviewed."""


def commands(group: click.Group, *words: str) -> Iterator[str]:
    for word, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *words, word)
        else:
            yield " ".join([*words, word])


def typed(store: Store, folder: Path) -> dict[str, list[list[str]]]:
    """Command -> what is typed after it."""
    desk, second = (str(gate_named(store, name).id) for name in ("desk_review", "second_review"))
    written = str(folder / "out.json")
    return {
        "audit head": [[]],
        "audit leaks": [[]],
        "audit show": [[], ["--json", written], ["--subject", VILLAGE], ["--by", SECOND, "--json", written]],
        "audit verify": [[]],
        "backtest": [[str(campaign_folder(CAMPAIGN_ID) / "indicators.yaml"), CAMPAIGN_ID]],
        "campaign publish": [[CAMPAIGN_ID, str(folder / "open")]],
        "backup": [["--to", str(folder / "one.hqe-backup")]],
        "campaign reviewers": [[], ["--json", written], ["--by", SECOND]],
        "campaign checklist": [[], ["--json", written]],
        "campaign status": [[], ["--json", written]],
        "doctor": [[], ["--json", written]],
        "forecast": [["--days", "20"], ["--json", written], ["--by", SECOND, "--json", written]],
        "explain": [[VILLAGE], [VILLAGE, "--by", SECOND, "--json", written]],
        "gate list": [[], ["--json", written], ["--person", SECOND, "--json", written]],
        "gate reopen": [[desk, "--dry-run", "--by", SECOND]],
        "gate show": [
            [one, *by, *kept] for one in (desk, second) for by in ([], ["--by", SECOND])
            for kept in ([], ["--json", written])
        ],
        "key status": [[]],
        "ledger show": [[VILLAGE]],
        "people list": [[]],
        "people proposals": [[]],
        "people tokens": [[SECOND]],
        "outage list": [[], ["--json", written]],
        "town calls": [[], ["--json", written]],
    }  # fmt: skip


@pytest.fixture
def blind(submitting: Store, at_desk: GateRow, campaign: Campaign) -> Store:
    blind_review.begin(submitting, campaign)
    clock.simulate(submitting, local(campaign, 11, 19))
    return submitting


def test_no_command_tells_the_second_reviewer_of_the_first(blind: Store, run: Run, tmp_path: Path) -> None:
    found = {}

    for command, tried in typed(blind, tmp_path).items():
        for arguments in tried:
            done = run(*command.split(), *arguments)
            written = tmp_path / "out.json"
            kept = written.read_text() if written.exists() else ""
            written.unlink(missing_ok=True)
            fine = (2,) if command in FINISHED_ONLY else (0, 1)
            assert done.exit_code in fine, (command, arguments, done.output, done.exception)
            if leaked := leaks(blind, done.output + kept):
                found[f"{command} {arguments}"] = leaked

    assert found == {}


def test_every_command_is_walked_or_said_to_tell_nothing(blind: Store, tmp_path: Path) -> None:
    known = {one for one in commands(main) if not one.startswith("bench ")}

    assert known == {*typed(blind, tmp_path), *ACTS, *ELSEWHERE}


def test_whoever_oversees_reads_it_in_the_log(blind: Store, run: Run) -> None:
    shown = run("audit", "show", "--subject", SUBJECT, "--by", "coordinator-1")

    assert leaks(blind, shown.output) == [blind_review.SAID["item"], blind_review.SAID["decision"], "345/4"]
