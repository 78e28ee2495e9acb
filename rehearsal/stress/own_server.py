"""A PostgreSQL server of a bench's own, to be broken: made in a temporary folder, restarted, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.places import LOOPBACK
from deployments.prefect_server.server import free_port
from records.copies.temporary_database import end_connections, own_database

PLACES = (Path("/usr/lib/postgresql"), Path("/opt/homebrew/opt"), Path("/usr/local/opt"))
ROOT = 0
UNPRIVILEGED = "postgres"
"""PostgreSQL refuses to run as root."""


def binaries() -> Path | None:
    """Where ``initdb`` and ``pg_ctl`` lie, the newest version first; None where there are none."""
    found = [file.parent for place in PLACES for file in place.glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    newest = sorted(found, key=lambda folder: folder.parent.name)[-1:]
    return newest[0] if newest else Path(on_path).parent if on_path else None


@dataclass(frozen=True, slots=True)
class OwnServer:
    """``url`` is a fresh database on it."""

    binaries: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://{UNPRIVILEGED}@{LOOPBACK}:{self.port}/postgres"

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses={LOOPBACK} -c fsync=off"
        self._run(
            "pg_ctl",
            "-w",
            "-D",
            self.data,
            "-l",
            str(self.folder / "log"),
            "-o",
            options,
            "start",
        )

    def make(self) -> None:
        self._run("initdb", "-D", self.data, "-U", UNPRIVILEGED, "-A", "trust", "--no-sync")

    def die(self) -> None:
        """Without a goodbye; the next start recovers from its log."""
        self._run("pg_ctl", "-w", "-D", self.data, "-m", "immediate", "stop")

    def restart(self) -> None:
        self.die()
        self.start()

    def end_connections(self) -> None:
        """Every connection but the one that asks."""
        end_connections(self.url)

    def _run(self, program: str, *arguments: str) -> None:
        user = UNPRIVILEGED if os.geteuid() == ROOT else None
        command = [str(self.binaries / program), *arguments]
        # A server inherits what it is given: a pipe would stay open as long as it lives.
        with (self.folder / "started").open("ab") as told:
            subprocess.run(command, user=user, stdout=told, stderr=told, cwd=self.folder, check=True)


@contextmanager
def own_server() -> Iterator[OwnServer | None]:
    """Running while the block lasts; None where PostgreSQL is not installed."""
    place = binaries()
    if place is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="hqe-postgresql-"))
    if os.geteuid() == ROOT:
        shutil.chown(folder, UNPRIVILEGED)
    server = OwnServer(place, folder, free_port())
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.die()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database_on(server: OwnServer) -> Iterator[str]:
    with own_database(server.url) as url:
        yield url
