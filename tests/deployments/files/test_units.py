"""The files with which others start us: systemd unit, compose file, image, and the runbook that names them."""

from __future__ import annotations

import configparser
import importlib.util
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from commands.main import main
from config.places import ROOT
from config.settings import read_settings
from deployments.doctor.checkup import UNWRITABLE

HERE = ROOT / "deployments" / "files"
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
SETTINGS = set(re.findall(r'"(HQE_[A-Z_]+)"', (ROOT / "config" / "settings.py").read_text()))


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((HERE / "compose.yaml").read_text())
    return content


@pytest.fixture
def unit() -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(HERE / "hqe.service")
    return parser


def test_unit_starts_up_and_gives_it_the_time_to_stop(unit: configparser.RawConfigParser) -> None:
    service = unit["Service"]

    assert (service["ExecStart"], service["KillMode"]) == ("/opt/hqe/hqe up", "mixed")
    assert int(service["TimeoutStopSec"]) > 45
    assert service["Environment"].startswith("HQE_HOME=/var/lib/hqe ")


@pytest.mark.programs
@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze on this machine")
def test_unit_is_one_that_systemd_understands(tmp_path: Path) -> None:
    written = (HERE / "hqe.service").read_text()
    # A unit names a folder without blanks, which this checkout need not be.
    installed = tmp_path / "installed"
    installed.symlink_to(ROOT)
    unit = tmp_path / "hqe.service"
    unit.write_text(written.replace("/opt/hqe", str(installed)).replace("User=hqe", "User=root"))

    looked = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True)

    assert (looked.returncode, [line for line in looked.stderr.splitlines() if "hqe.service" in line]) == (
        0,
        [],
    )


def test_compose_services_start_modules_and_commands_that_are_there(compose: dict[str, Any]) -> None:
    services = compose["services"]
    modules = [one["entrypoint"][3] for one in services.values() if "entrypoint" in one]

    assert modules == ["deployments.prefect_server.server", "deployments.worker.process", "portal.serve"]
    assert all(importlib.util.find_spec(module) for module in modules)
    command, option = services["prepare"]["command"]
    assert option in {name for one in main.commands[command].params for name in one.opts}


@pytest.mark.parametrize("service", ["server", "worker"])
def test_compose_arguments_are_ones_the_module_takes(compose: dict[str, Any], service: str) -> None:
    from deployments.prefect_server import server
    from deployments.worker import process

    module = {"server": server, "worker": process}[service]
    source = Path(module.__file__).read_text()
    given = [word for word in compose["services"][service]["entrypoint"][4:] if word.startswith("--")]

    assert [option for option in given if f'"{option}"' not in source] == []


def test_compose_settings_are_known_and_good_and_its_blanks_are_in_the_example(
    compose: dict[str, Any],
) -> None:
    environment = dict(compose["services"]["portal"]["environment"])
    prefect_api = urlsplit(environment.pop("PREFECT_API_URL"))
    blanks = set(re.findall(r"\$\{([A-Z_]+)", (HERE / "compose.yaml").read_text()))
    example = (HERE / "compose.env.example").read_text()

    assert prefect_api.hostname in compose["services"]
    assert prefect_api.path == "/api"
    assert set(environment) <= SETTINGS
    assert blanks == set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    filled = {name: re.sub(r"\$\{[^}]*\}", "", value) for name, value in environment.items()}
    assert read_settings(filled).database_url == "postgresql+psycopg://hqe:@database/hqe"


def test_compose_names_only_volumes_and_configs_that_it_declares(compose: dict[str, Any]) -> None:
    services = compose["services"].values()
    volumes = {volume.partition(":")[0] for one in services for volume in one.get("volumes", [])}
    configs = {config["source"] for one in services for config in one.get("configs", [])}
    awaited = {name for one in services for name in one.get("depends_on", {})}

    assert (volumes, configs) == (set(compose["volumes"]), set(compose["configs"]))
    assert awaited <= set(compose["services"])


def test_image_installs_from_the_lock_with_hashes() -> None:
    assert "--require-hashes -r requirements.lock" in (HERE / "Dockerfile").read_text()


def test_runbook_explains_every_trouble_of_the_doctor_and_no_other() -> None:
    sources = [ROOT / "actions" / "upkeep" / "troubles.py", *(ROOT / "deployments").rglob("*.py")]
    text = "".join(source.read_text(encoding="utf-8") for source in sources)
    codes = set(re.findall(r'Trouble\(\s*"([a-z_]+)"', text)) | {"mail_stuck", "mail_not_set"}
    codes |= {code for code, _, _ in UNWRITABLE.values()}

    assert set(re.findall(r"^\| `(?!hqe_)([a-z_]+)` \|", RUNBOOK, re.MULTILINE)) == codes


def test_runbook_names_every_setting() -> None:
    assert sorted(name for name in SETTINGS if f"`{name}`" not in RUNBOOK) == []
