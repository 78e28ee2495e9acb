"""The list of parts: all that is locked and installed, in the form of CycloneDX."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from commands.main import main
from deployments.doctor.machine import LOCK, PINNED
from deployments.doctor.parts import normal, parts


def test_list_names_every_installed_part_with_version_licence_and_needs(tmp_path: Path) -> None:
    file = tmp_path / "parts.json"

    done = CliRunner().invoke(main, ["parts", "--json", str(file)])

    bom = json.loads(file.read_text(encoding="utf-8"))
    known = {one["name"]: one for one in bom["components"]}
    refs = {one["bom-ref"] for one in bom["components"]} | {bom["metadata"]["component"]["bom-ref"]}
    needs = {one["ref"]: one["dependsOn"] for one in bom["dependencies"]}
    assert (done.exit_code, bom["bomFormat"], bom["specVersion"]) == (0, "CycloneDX", "1.6")
    assert known["prefect"]["purl"] == f"pkg:pypi/prefect@{known['prefect']['version']}"
    assert known["zxcvbn"]["licenses"] == [{"license": {"name": "MIT License"}}]
    assert needs.keys() == refs
    assert {one for told in needs.values() for one in told} <= refs
    assert known["sqlalchemy"]["bom-ref"] in needs[bom["metadata"]["component"]["bom-ref"]]
    assert f"prefect {known['prefect']['version']}" in done.output


def test_list_has_all_that_is_locked_but_what_other_systems_need() -> None:
    locked = {normal(name) for name, _, conditional in PINNED.findall(LOCK.read_text()) if not conditional}

    listed = {one["name"] for one in parts()["components"]}  # type: ignore[attr-defined]

    assert locked - listed == set()


def test_list_of_the_same_parts_is_the_same() -> None:
    assert parts() == parts()
