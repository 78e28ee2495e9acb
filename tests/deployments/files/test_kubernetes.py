"""The manifests for a cluster: they start what is there, with settings that there are, as the compose file does."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from commands.main import main
from config.places import ROOT

HERE = ROOT / "deployments" / "files"
SETTINGS = set(re.findall(r'"(HQE_[A-Z_]+)"', (ROOT / "config" / "settings.py").read_text()))
FROM_SECRETS = {"HQE_DATABASE_URL", "HQE_PREFECT_DATABASE_URL", "HQE_SMTP_URL"}


@pytest.fixture(scope="module")
def items() -> list[dict[str, Any]]:
    return list(yaml.safe_load((HERE / "kubernetes.yaml").read_text())["items"])


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((HERE / "compose.yaml").read_text())["services"])


def of_kind(items: list[dict[str, Any]], kind: str) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in items if one["kind"] == kind}


def container(part: dict[str, Any]) -> dict[str, Any]:
    containers: list[dict[str, Any]] = part["spec"]["template"]["spec"]["containers"]
    return containers[0]


@pytest.mark.parametrize("part", ["server", "worker", "portal"])
def test_cluster_starts_each_part_as_compose_does(
    items: list[dict[str, Any]], compose: dict[str, Any], part: str
) -> None:
    started = container(of_kind(items, "Deployment")[part])["command"]

    assert started == compose[part]["entrypoint"]


def test_cluster_prepares_with_a_command_and_option_that_there_are(items: list[dict[str, Any]]) -> None:
    command, option = container(of_kind(items, "Job")["prepare"])["args"]

    assert option in {name for one in main.commands[command].params for name in one.opts}


def test_cluster_settings_are_known_and_the_rest_is_asked_for_in_secrets(items: list[dict[str, Any]]) -> None:
    given = set(of_kind(items, "ConfigMap")["hqe"]["data"])
    text = (HERE / "kubernetes.yaml").read_text()

    assert given | FROM_SECRETS <= SETTINGS
    assert [name for name in FROM_SECRETS if name not in text] == []


def test_cluster_services_lead_to_parts_and_their_ports(items: list[dict[str, Any]]) -> None:
    parts = of_kind(items, "Deployment")

    for service in of_kind(items, "Service").values():
        port = service["spec"]["ports"][0]
        found = container(parts[service["spec"]["selector"]["part"]])
        assert port.get("targetPort", port["port"]) == found["ports"][0]["containerPort"]


def test_cluster_volumes_are_declared_and_every_part_has_state_and_key(items: list[dict[str, Any]]) -> None:
    parts = [*of_kind(items, "Deployment").values(), *of_kind(items, "Job").values()]

    for part in parts:
        declared = {one["name"] for one in part["spec"]["template"]["spec"]["volumes"]}
        assert {one["name"] for one in container(part)["volumeMounts"]} == declared == {"state", "key"}
    assert set(of_kind(items, "PersistentVolumeClaim")) == {"state"}
