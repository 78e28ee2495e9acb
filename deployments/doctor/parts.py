"""The parts of which this installation consists, as CycloneDX 1.6: for whoever compares them with advisories."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution, version
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from deployments.doctor.machine import LOCK, PINNED

Plain = dict[str, object]
NAME = re.compile(r"^[A-Za-z0-9._-]+")
OURS = "hqe"


def parts(lock: Path = LOCK) -> Plain:
    """Every locked library that is installed here, its licence, and what needs what; same parts in, same list out."""
    pinned = {normal(name): wanted for name, wanted, _ in PINNED.findall(lock.read_text(encoding="utf-8"))}
    there = {name: found for name in sorted(pinned) if (found := _installed(name)) is not None}
    own = version(OURS)
    marks = ";".join(f"{name}=={found.version}" for name, found in there.items())
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, f'{OURS}=={own};{marks}')}",
        "version": 1,
        "metadata": {"component": {**component(OURS, own), "type": "application"}},
        "components": [described(name, found) for name, found in there.items()],
        "dependencies": [
            {"ref": ref(OURS, own), "dependsOn": _needed(_installed(OURS), there)},
            *(
                {"ref": ref(name, found.version), "dependsOn": _needed(found, there)}
                for name, found in there.items()
            ),
        ],
    }


def lines(bom: Plain) -> Iterator[tuple[str, str, str]]:
    """Name, version and licence of each part."""
    for one in bom["components"]:  # type: ignore[attr-defined]
        told = one["licenses"][0]
        yield one["name"], one["version"], told.get("expression") or told["license"]["name"]


def normal(name: str) -> str:
    """A name as all indexes write it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def ref(name: str, of: str) -> str:
    return f"pkg:pypi/{name}@{of}"


def component(name: str, of: str) -> Plain:
    return {"type": "library", "bom-ref": ref(name, of), "name": name, "version": of, "purl": ref(name, of)}


def described(name: str, found: Distribution) -> Plain:
    expressed = found.metadata.get_all("License-Expression")
    plain: Plain = {"expression": expressed[0]} if expressed else {"license": {"name": _plain_licence(found)}}
    return {**component(name, found.version), "licenses": [plain]}


def _plain_licence(found: Distribution) -> str:
    """The last word of its classifiers, else the first line of its own field."""
    classes = [one for one in found.metadata.get_all("Classifier") or [] if one.startswith("License ::")]
    if classes:
        return str(classes[-1]).rpartition("::")[2].strip()
    told = str((found.metadata.get_all("License") or [""])[0]).strip()
    return (told.splitlines() or ["unknown"])[0]


def _needed(found: Distribution | None, there: dict[str, Distribution]) -> list[str]:
    named = set(_names(found.requires or [])) if found else set()
    return [ref(name, there[name].version) for name in sorted(named & there.keys())]


def _names(requires: list[str]) -> Iterator[str]:
    for one in requires:
        name = NAME.match(one)
        if name:
            yield normal(name[0])


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None
